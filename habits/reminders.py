"""When each leader is asked what; each moment is taken by one process alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache

from flask_babel import lazy_gettext as _l
from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import contains_eager

from habits import subscriptions
from habits.days import DAY, day_starts_at, local_date, moment, next_moment
from habits.db import db, insert
from habits.models.devices import Subscription
from habits.models.leaders import Leader
from habits.models.reminders import Kind, Outcome, Reminder
from habits.problems import Refused

ASKED = (Kind.MORNING, Kind.EVENING, Kind.WEEK)  # what a leader sets a time for
FIRST_MORNING, FIRST_EVENING, FIRST_WEEK = time(7, 30), time(20, 30), time(18)
EVERY_DAY = list(range(1, 8))
QUIET = {Outcome.NOTHING, Outcome.OFF, Outcome.LATE}  # nothing was sent
MISSED_DAYS = 8  # so far back a machine that was off looks for the moment it missed last
HOUR = timedelta(hours=1)
NEAREST = 20 * HOUR  # no two moments of one question are nearer, whatever the clocks do
OF_USE = {Kind.MORNING: 6 * HOUR, Kind.EVENING: 2 * HOUR, Kind.WEEK: DAY, Kind.NUDGE: 2 * HOUR}
TONIGHT = (time(21), time(22, 30))


@dataclass(frozen=True)
class Wish:
    """When a leader wants to be asked one thing: a local time on ISO weekdays."""

    kind: Kind
    enabled: bool
    at: time
    days: list[int]


class Later(StrEnum):
    """When to ask once more."""

    HOUR = "hour"
    TONIGHT = "tonight"


@dataclass(frozen=True)
class Taken:
    """A moment that this process took: `day` is the leader's, `at` when it was due."""

    reminder: Reminder
    leader: Leader
    devices: list[Subscription]
    day: date
    at: datetime
    sent_before: date | None


def of(leader: Leader) -> dict[Kind, Reminder]:
    """What the leader is asked, by kind; as a device that is turned on would find it."""
    return {row.kind: row for row in _first(leader)} | stored(leader)


def time_of(leader: Leader, row: Reminder) -> time:
    """The local time of a question."""
    return row.at or leader.ask_at or FIRST_EVENING


def start(leader: Leader, now: datetime) -> None:
    """Ask from now on: a device was turned on."""
    for row in _first(leader):
        values = {name: getattr(row, name) for name in ("kind", "enabled", "at", "days")}
        statement = insert(Reminder).values(leader_id=leader.id, **values)
        db.session.execute(statement.on_conflict_do_nothing(index_elements=["leader_id", "kind"]))
    for row in stored(leader).values():
        row.due_at = row.due_at or _next(leader, row, now, row.sent_on)
    db.session.flush()


def save(leader: Leader, wishes: Iterable[Wish], now: datetime) -> None:
    """Ask at these times from now on."""
    start(leader, now)
    rows = stored(leader)
    for wish in wishes:
        row = rows[wish.kind]
        row.enabled, row.days = wish.enabled, sorted(wish.days)
        if wish.kind is Kind.EVENING:
            leader.ask_at = wish.at
        else:
            row.at = wish.at
    reckon(leader, now)


def forget(leader: Leader) -> None:
    """Ask no more, and remember no time: as before a device was ever turned on."""
    db.session.execute(delete(Reminder).where(Reminder.leader_id == leader.id))


def reckon(leader: Leader, now: datetime) -> None:
    """Work every due moment out again: a time, the zone or the day's start has changed.

    What is due already stays due, unless it is no longer wanted.
    """
    for row in stored(leader).values():
        overdue = row.enabled and row.due_at is not None and row.due_at <= now
        if row.kind in ASKED and not overdue:
            row.due_at = _next(leader, row, now, row.sent_on)
    db.session.flush()


def nudge(leader: Leader, later: Later, asked_at: datetime, now: datetime) -> datetime:
    """Ask once more later than `asked_at`; returns when. Raises Refused once it is too late."""
    at = max(asked_at + HOUR, now) if later is Later.HOUR else tonight(leader, now)
    if at is None:
        raise Refused("later", _l("The evening is nearly over. Choose “In an hour” instead."))
    values = {"enabled": True, "at": None, "days": [], "due_at": at}
    row = insert(Reminder).values(leader_id=leader.id, kind=Kind.NUDGE, **values)
    db.session.execute(
        row.on_conflict_do_update(index_elements=["leader_id", "kind"], set_={"due_at": at})
    )
    return at


def tonight(leader: Leader, now: datetime) -> datetime | None:
    """The next moment that is still this evening and more than an hour away."""
    today = local_date(now, leader.timezone, leader.day_start)
    found = (moment(today, at, leader.timezone, leader.day_start) for at in TONIGHT)
    return next((at for at in found if at > now + HOUR), None)


def due(now: datetime, most: int) -> list[tuple[int, datetime]]:
    """What is due, the longest first: ids, and the moments as they stand."""
    query = select(Reminder.id, Reminder.due_at).where(Reminder.due_at <= now)
    return [tuple(row) for row in db.session.execute(query.order_by(Reminder.due_at).limit(most))]


def claim(reminder_id: int, seen: datetime, now: datetime) -> Taken | None:
    """Take the moment that was seen, and set the next; None where another process was first.

    To be committed before anything is sent. Without a device it sleeps until one is turned on.
    """
    row = _locked(reminder_id, seen)
    if row is None:
        return None
    leader = row.leader
    devices = subscriptions.of(leader, now)
    at = _latest(leader, row, seen, now)
    day = _asked_day(leader, row, at)
    before = row.sent_on
    moved = {"id_": reminder_id, "seen": seen, "next": None, "day": before}
    if devices:
        moved["next"] = _next(leader, row, now, max(filter(None, (before, day))))
        moved["day"] = day
    if db.session.execute(_moved(), moved).rowcount != 1 or not devices:
        return None
    return Taken(row, leader, devices, day, at, before)


def note(taken: Taken, outcome: Outcome, now: datetime) -> None:
    """Store what became of it; a day on which nothing was sent may still be asked about."""
    noted = {"id_": taken.reminder.id, "now": now, "outcome": outcome}
    if outcome in QUIET:
        noted["day"] = taken.sent_before
    db.session.execute(_noted(outcome in QUIET), noted)


def last_tried(leader: Leader, kind: Kind) -> datetime | None:
    """When the leader was last to be asked this."""
    query = select(Reminder.tried_at).where(Reminder.leader_id == leader.id, Reminder.kind == kind)
    return db.session.scalar(query)


def useful_until(leader: Leader, kind: Kind, at: datetime) -> datetime:
    """Until when it makes sense to deliver what was due at `at`."""
    least = at + OF_USE[kind]
    if kind not in (Kind.EVENING, Kind.NUDGE):
        return least
    ends = day_starts_at(_day(leader, at) + DAY, leader.timezone, leader.day_start)
    return max(least, ends)


def stored(leader: Leader) -> dict[Kind, Reminder]:
    """What was set or asked before, by kind."""
    rows = db.session.scalars(select(Reminder).where(Reminder.leader_id == leader.id))
    return {row.kind: row for row in rows}


def _first(leader: Leader) -> list[Reminder]:
    """What a leader who set nothing is asked: the evening that picking asked for, and the week."""
    last_of_week = (leader.week_start + 5) % 7 + 1
    return [
        _row(leader, Kind.MORNING, False, FIRST_MORNING, EVERY_DAY),
        _row(leader, Kind.EVENING, True, None, EVERY_DAY),
        _row(leader, Kind.WEEK, True, FIRST_WEEK, [last_of_week]),
    ]


def _row(leader: Leader, kind: Kind, enabled: bool, at: time | None, days: list[int]) -> Reminder:
    return Reminder(leader_id=leader.id, kind=kind, enabled=enabled, at=at, days=days)


def _next(leader: Leader, row: Reminder, after: datetime, done: date | None) -> datetime | None:
    if row.kind is Kind.NUDGE or not row.enabled:
        return None
    at, days = time_of(leader, row), row.days
    found = next_moment(after, at, days, leader.timezone, leader.day_start, done)
    return found and found[1]


def _latest(leader: Leader, row: Reminder, seen: datetime, now: datetime) -> datetime:
    """The moment that was due last: several may have passed while no process ran."""
    latest = seen
    if now - seen < NEAREST:
        return latest
    after = max(seen, now - timedelta(days=MISSED_DAYS))
    while (following := _next(leader, row, after, None)) and following <= now:
        latest = after = following
    return latest


def _asked_day(leader: Leader, row: Reminder, at: datetime) -> date:
    """The day that is asked about at `at`, which is after its end where clocks skip that hour."""
    day = _day(leader, at)
    if row.kind in ASKED:
        asked = moment(day - DAY, time_of(leader, row), leader.timezone, leader.day_start)
        return day - DAY if asked == at else day
    return day


def _day(leader: Leader, at: datetime) -> date:
    return local_date(at, leader.timezone, leader.day_start)


def _locked(reminder_id: int, seen: datetime) -> Reminder | None:
    """The row if it still stands as it was seen; its leader's own writes wait meanwhile."""
    return db.session.scalar(_locking(), {"id_": reminder_id, "seen": seen})


# Made once, for they run for every reminder. What was read is not changed along: nothing reads it
# again before the next claim.


@cache
def _locking():
    return (
        select(Reminder)
        .join(Reminder.leader)
        .options(contains_eager(Reminder.leader))
        .where(Reminder.id == bindparam("id_"), Reminder.due_at == bindparam("seen"))
        .with_for_update(of=Leader)
        .execution_options(populate_existing=True)
    )


@cache
def _moved():
    table = Reminder.__table__
    return (
        update(table)
        .where(table.c.id == bindparam("id_"), table.c.due_at == bindparam("seen"))
        .values(due_at=bindparam("next"), sent_on=bindparam("day"))
    )


@cache
def _noted(for_nothing: bool):
    table = Reminder.__table__
    values = {"tried_at": bindparam("now"), "came_to": bindparam("outcome")}
    if for_nothing:
        values["sent_on"] = bindparam("day")
    return update(table).where(table.c.id == bindparam("id_")).values(**values)
