"""A leader who has lived with it for days."""

from datetime import timedelta

from habits import ledger
from habits.db import db, insert
from habits.models import Answer
from habits.trust.history import Nature, Pillar, Reply
from tests import cast
from tests.cast import TODAY
from tests.clock import MONDAY

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def live(leader, days, broken=()):
    """Two promises, kept on so many days up to yesterday but on those `broken` days ago."""
    first = TODAY - timedelta(days=days)
    pillars = {"I mean it": Pillar.CHARACTER, "I can do it": Pillar.COMPETENCY}
    made = [cast.promise(leader, t, pillar=p, picked_on=first) for t, p in pillars.items()]
    values = [
        _answer(leader, row, TODAY - timedelta(days=ago), ago in broken)
        for row in made
        for ago in range(1, days + 1)
    ]
    for start in range(0, len(values), 500):
        db.session.execute(insert(Answer).values(values[start : start + 500]))
    ledger.refold(leader, TODAY)
    db.session.commit()
    return made


def _answer(leader, row, day, broken):
    return {
        "leader_id": leader.id,
        "commitment_id": row.id,
        "date": day,
        "reply": Reply.BROKEN if broken else Reply.KEPT,
        "nature": Nature.MISTAKE if broken else None,
        "told": False,
        "key": f"key-{row.id}-{day}",
        "answered_at": MONDAY,
        "recorded_at": MONDAY,
    }
