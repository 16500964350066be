"""A believable record: Dana leads a team for 120 days, and Cleo leads elsewhere."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from habits import ledger
from habits.book import open_book
from habits.days import local_date
from habits.db import db, insert
from habits.models.answers import Answer, Lapse
from habits.models.commitments import Commitment, TimeOff
from habits.models.leaders import Leader, Person
from habits.trust.fold import fold
from habits.trust.history import CadenceKind, Nature, Pillar, Reply

DAYS = 120
ZONE = "Europe/Berlin"
SEED = 7
KEPT_SHARE = 0.93  # how many promises Dana keeps
WORKWEEK = [1, 2, 3, 4, 5]


@dataclass(frozen=True)
class Pick:
    """What one of the cast promised."""

    title: str
    intention: str
    pillar: Pillar
    kind: CadenceKind
    weekdays: list[int] | None = None
    times: int | None = None
    person: str | None = None
    occasion: bool = False
    ask: str = ""


DANAS = (
    Pick(
        "I put my phone away in every 1:1",
        "so that they have all of me",
        Pillar.CHARACTER,
        CadenceKind.DAILY,
        person="Ben",
        occasion=True,
        ask="Did you have my full attention the last time we talked?",
    ),
    Pick(
        "I start every meeting on the minute",
        "so that nobody waits for me",
        Pillar.COMPETENCY,
        CadenceKind.WEEKDAYS,
        weekdays=WORKWEEK,
    ),
    Pick(
        "I give the reason with every decision",
        "so that people can disagree and still trust it",
        Pillar.CHARACTER,
        CadenceKind.WEEKDAYS,
        weekdays=WORKWEEK,
    ),
    Pick(
        "I answer everyone waiting within a workday",
        "so that nobody has to chase me",
        Pillar.COMPETENCY,
        CadenceKind.DAILY,
    ),
    Pick(
        "I say one hard thing plainly and kindly",
        "so that they know where they stand",
        Pillar.CHARACTER,
        CadenceKind.PER_WEEK,
        times=2,
        person="Maria",
        ask="Was my message clear, and did you feel respected while hearing it?",
    ),
)
CLEOS = (
    Pick(
        "I pass on bad news the same day",
        "so that nobody hears it late or from someone else",
        Pillar.CHARACTER,
        CadenceKind.DAILY,
        occasion=True,
    ),
    Pick(
        "I close each day with what is still open",
        "so that nothing is forgotten overnight",
        Pillar.COMPETENCY,
        CadenceKind.DAILY,
        person="Jonas",
    ),
)
NOTES = (
    "The call before ran over.",
    "Two people waited until the evening.",
    "I looked at it twice.",
    "I decided in the corridor and explained nothing.",
)


def fill(now: datetime) -> tuple[Leader, Leader]:
    """Make Dana and Cleo with their records up to yesterday; today's promises are open."""
    dana = _leader("Dana", now - timedelta(days=DAYS))
    _live(dana, DANAS, now, DAYS)
    cleo = _leader("Cleo", now - timedelta(days=9))
    _live(cleo, CLEOS, now, 9)
    return dana, cleo


def _leader(name: str, created_at: datetime) -> Leader:
    seed = uuid5(NAMESPACE_URL, f"kept:demo:{name}")
    row = Leader(
        handle=seed.bytes * 2,
        opaque=seed.hex,
        name=name,
        timezone=ZONE,
        ask_at=time(20, 30),
        codes_at=created_at,
        created_at=created_at,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _live(leader: Leader, picks: tuple[Pick, ...], now: datetime, days: int) -> None:
    today = local_date(now, leader.timezone, leader.day_start)
    first = today - timedelta(days=days)
    _pick(leader, picks, first, leader.created_at)
    if days == DAYS:
        _take_time_off(leader, today - timedelta(days=52), 4)
        _lapse(leader, today - timedelta(days=33))
    db.session.flush()
    _answer(leader, first, today)
    ledger.refold(leader, today)


def _pick(leader: Leader, picks: tuple[Pick, ...], first: date, at: datetime) -> None:
    names = dict.fromkeys(pick.person for pick in picks if pick.person)
    people = {name: Person(leader_id=leader.id, name=name, created_at=at) for name in names}
    db.session.add_all(people.values())
    db.session.flush()
    for position, pick in enumerate(picks):
        person = people.get(pick.person)
        db.session.add(
            Commitment(
                leader_id=leader.id,
                title=pick.title,
                intention=pick.intention,
                pillar=pick.pillar,
                kind=pick.kind,
                weekdays=pick.weekdays,
                times=pick.times,
                occasion=pick.occasion,
                ask=pick.ask,
                person_id=person.id if person else None,
                picked_on=first,
                position=position,
                created_at=at,
            )
        )
        db.session.flush()  # one by one, so that ids follow the order


def _take_time_off(leader: Leader, first: date, days: int) -> None:
    last = first + timedelta(days=days - 1)
    at = _evening(first - timedelta(days=3), leader)
    db.session.add(TimeOff(leader_id=leader.id, first=first, last=last, declared_at=at))


def _lapse(leader: Leader, day: date) -> None:
    db.session.add(
        Lapse(
            leader_id=leader.id,
            date=day,
            nature=Nature.CHOICE,
            told=True,
            note="I took credit for Ben's draft in front of the board.",
            recorded_at=_evening(day, leader),
        )
    )


def _answer(leader: Leader, first: date, today: date) -> None:
    """An answer for every promise up to yesterday, but for a day that was forgotten."""
    chance = random.Random(SEED)
    rows = []
    forgotten = today - timedelta(days=74)
    optional = [c for c in _commitments(leader, today) if c.kind is CadenceKind.PER_WEEK]
    for day in fold(open_book(leader, today).plan, today - timedelta(days=1)):
        promises = [p.commitment.id for p in day.promises if p.commitment.cadence.times is None]
        if day.date == forgotten:
            continue
        rows += [_row(leader, each, day.date, chance) for each in promises]
        if promises and day.date.isoweekday() in (2, 4):
            rows += [_row(leader, each.id, day.date, chance) for each in optional]
    for start in range(0, len(rows), 200):
        db.session.execute(insert(Answer).values(rows[start : start + 200]))


def _commitments(leader: Leader, today: date) -> list[Commitment]:
    return list(open_book(leader, today).commitments.values())


def _row(leader: Leader, commitment_id: int, day: date, chance: random.Random) -> dict:
    luck = chance.random()
    reply, nature, told, note = Reply.KEPT, None, False, None
    if luck > KEPT_SHARE:
        reply, nature = Reply.BROKEN, Nature.MISTAKE
        told, note = chance.random() < 0.7, chance.choice(NOTES)
    elif luck < 0.03:
        reply = Reply.RELEASED
    at = _evening(day, leader) + timedelta(minutes=chance.randrange(90))
    return {
        "leader_id": leader.id,
        "commitment_id": commitment_id,
        "date": day,
        "reply": reply,
        "nature": nature,
        "told": told,
        "note": note,
        "key": str(uuid5(NAMESPACE_URL, f"kept:demo:{commitment_id}:{day}")),
        "answered_at": at,
        "recorded_at": at,
    }


def _evening(day: date, leader: Leader) -> datetime:
    return datetime.combine(day, time(20, 30), ZoneInfo(leader.timezone)).astimezone(UTC)
