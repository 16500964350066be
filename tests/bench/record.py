"""Dana's record of any length: five daily promises, all answered, one in fifteen broken."""

from datetime import datetime, timedelta
from uuid import NAMESPACE_OID, uuid5

from habits import ledger
from habits.db import db, insert
from habits.models.answers import Answer
from habits.models.leaders import Leader
from habits.trust.history import Nature, Pillar, Reply
from tests import cast

TITLES = (
    "I put my phone away in every 1:1",
    "I start every meeting on the minute",
    "I give the reason with every decision",
    "I answer everyone waiting within a workday",
    "I say one hard thing plainly and kindly",
)
BROKEN_EVERY = 15
ROWS = 500  # an INSERT


def fill(now: datetime, days: int) -> Leader:
    """Dana with `days` answered days up to yesterday; today's five promises are open."""
    dana = cast.leader("Dana", "UTC", since=now - timedelta(days=days))
    ben = cast.person(dana, since=now - timedelta(days=days))
    first = now.date() - timedelta(days=days)
    promises = [
        cast.promise(
            dana,
            title,
            intention="so that nobody waits for me",
            pillar=list(Pillar)[number % 2],
            person_id=ben.id if number == 0 else None,
            picked_on=first,
            position=number,
        )
        for number, title in enumerate(TITLES)
    ]
    rows = [
        _answer(promise, now - timedelta(days=back), number)
        for back in range(days, 0, -1)
        for number, promise in enumerate(promises)
    ]
    for start in range(0, len(rows), ROWS):
        db.session.execute(insert(Answer).values(rows[start : start + ROWS]))
    ledger.refold(dana, now.date())
    db.session.commit()
    return dana


def _answer(promise, at: datetime, number: int) -> dict:
    broken = (at.toordinal() * 3 + number * 7) % BROKEN_EVERY == 0
    return {
        "leader_id": promise.leader_id,
        "commitment_id": promise.id,
        "date": at.date(),
        "reply": Reply.BROKEN if broken else Reply.KEPT,
        "nature": Nature.MISTAKE if broken else None,
        "told": broken and number % 3 > 0,
        "note": "The call before ran over." if broken else None,
        "key": str(uuid5(NAMESPACE_OID, f"{promise.id} {at.date()}")),
        "answered_at": at,
        "recorded_at": at,
    }
