"""A leader's record, read from the rows and folded: the only bridge from rows to values."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from itertools import takewhile
from typing import NamedTuple

from sqlalchemy import Row, bindparam, or_, select
from sqlalchemy.orm import joinedload

from habits import fixed_days
from habits.days import WINDOW_DAYS, week_first
from habits.db import db
from habits.models.answers import Answer, Lapse
from habits.models.commitments import Commitment, TimeOff
from habits.trust import history as trust
from habits.trust.account import START, Day, State
from habits.trust.fold import walk
from habits.trust.plan import Plan

SPARK_DAYS = 35


class Latest(NamedTuple):
    """What counts for one promise: its latest answer, and how it came to it."""

    reply: trust.Reply | None
    nature: trust.Nature | None
    told: bool
    note: str | None
    answered_at: datetime
    first_at: datetime
    corrected: bool  # an earlier answer said something else
    spoken: trust.Reply | None = None  # the latest answer, where it was taken back


@dataclass(frozen=True)
class Book:
    """A stretch of the leader's record as of `today`, from the day after `since` to `last`."""

    leader: object
    today: date
    since: State | None
    stored: tuple[Row, ...]  # of fixed days, newest first
    commitments: dict[int, Commitment]
    answers: dict[tuple[int, date], Latest]
    lapses: tuple[Row, ...]
    time_off: tuple[Row, ...]
    last: date | None = None  # today, where it is None
    folded: tuple[Day, ...] = ()  # its first days, where they are known already

    @cached_property
    def plan(self) -> Plan:
        return Plan(self.history)

    @cached_property
    def history(self) -> trust.History:
        return trust.History(
            week_start=self.leader.week_start,
            commitments=tuple(value(row) for row in self.commitments.values()),
            answers=tuple(_answers(self.answers, self.commitments)),
            lapses=tuple(_lapse(row) for row in self.lapses),
            time_off=tuple(trust.TimeOff(row.first, row.last) for row in self.time_off),
        )

    @cached_property
    def days(self) -> tuple[Day, ...]:
        since = self.folded[-1].state if self.folded else self.since
        days = walk(self.plan, self.today, since)
        until = self.last or self.today
        return (*self.folded, *takewhile(lambda day: day.date <= until, days))

    @cached_property
    def by_date(self) -> dict[date, Day]:
        return {day.date: day for day in self.days}

    @property
    def state(self) -> State:
        """The account at the end of today as it stands now."""
        return self.days[-1].state if self.days else (self.since or START)

    @property
    def before(self) -> State:
        """The account at the end of yesterday."""
        return self.days[-1].before if self.days else (self.since or START)

    def with_answer(self, commitment_id: int, day: date, latest: Latest) -> "Book":
        """The same record with one more answer; the days before it stand as they were."""
        answers = {**self.answers, (commitment_id, day): latest}
        before = tuple(takewhile(lambda folded: folded.date < day, self.days))
        return replace(self, answers=answers, folded=before)

    def reaches(self, since: State | None) -> bool:
        """Whether a fold can be resumed from there: all that came after it is in the book."""
        return self.since is None or (since is not None and since.date >= self.since.date)

    def balances(self, most: int = SPARK_DAYS) -> list[tuple[date, float]]:
        """The balance at the end of each of the last days, oldest first."""
        live = {day.date: day.state.balance for day in self.days}
        kept = {row.date: fixed_days.balance(row) for row in self.stored}
        return sorted((kept | live).items())[-most:]


def open_book(leader, today: date, start: date | None = None, spark: int = SPARK_DAYS) -> Book:
    """The record from the week of `start` (or of today − 7) on, resumed from a stored day."""
    edge = week_first(min(start or today, today - timedelta(days=WINDOW_DAYS)), leader.week_start)
    stored = fixed_days.stored(leader, today, spark)
    since = next((row for row in stored if row.date < edge), None)
    if since is None and len(stored) == spark:
        since = next(iter(fixed_days.stored(leader, today, 1, before=edge)), None)
    return _read(leader, today, fixed_days.state(since) if since else None, stored)


def stretch(leader, today: date, first: date, last: date) -> Book:
    """The record from the week of `first` to `last` alone, resumed from a stored day before it."""
    edge = week_first(first, leader.week_start)
    stored = fixed_days.stored(leader, today, 1, before=edge)
    since = fixed_days.state(stored[0]) if stored else None
    return _read(leader, today, since, stored, last)


def whole_book(leader, today: date) -> Book:
    """The whole record from its first day."""
    return _read(leader, today, None, [])


def value(row: Commitment) -> trust.Commitment:
    """A commitment as the account sees it."""
    return trust.Commitment(
        id=row.id,
        pillar=row.pillar,
        cadence=_cadence(row),
        picked_on=row.picked_on,
        retired_on=row.retired_on,
        person=row.person_id,
        title=row.title,
        intention=row.intention,
    )


def _read(
    leader,
    today: date,
    since: State | None,
    stored: Iterable[Row],
    last: date | None = None,
) -> Book:
    start = None
    if since is not None:
        start = week_first(since.date + timedelta(days=1), leader.week_start)
    return Book(
        leader=leader,
        today=today,
        since=since,
        stored=tuple(stored),
        commitments={row.id: row for row in _commitments(leader, start)},
        answers=_latest(leader, start, last),
        lapses=tuple(_standing_lapses(leader, start, last)),
        time_off=tuple(_time_off(leader, start)),
        last=last,
    )


def _commitments(leader, start: date | None):
    asked = {"leader": leader.id, "start": start or date.min}
    return db.session.scalars(_going(), asked)


@cache
def _going():
    going = or_(Commitment.retired_on.is_(None), Commitment.retired_on >= bindparam("start"))
    return (
        select(Commitment)
        .where(Commitment.leader_id == bindparam("leader"), going)
        .options(joinedload(Commitment.person))
        .order_by(Commitment.position, Commitment.id)
    )


def _latest(leader, start: date | None, last: date | None) -> dict[tuple[int, date], Latest]:
    asked = {"leader": leader.id, "start": start or date.min, "last": last or date.max}
    found = {}
    for commitment_id, day, *said in db.session.execute(_given(), asked):
        promise = (commitment_id, day)
        found[promise] = latest(found.get(promise), *said)
    return found


@cache
def _given():
    table = Answer.__table__.c
    said = (table.reply, table.nature, table.told, table.note, table.answered_at)
    return (
        select(table.commitment_id, table.date, *said)
        .where(table.leader_id == bindparam("leader"))
        .where(table.date.between(bindparam("start"), bindparam("last")))
        .order_by(table.answered_at, table.id)
    )


def latest(before: Latest | None, reply, nature, told, note, answered_at) -> Latest:
    """What counts after one more answer to the same promise."""
    if before is None:
        return Latest(reply, nature, told, note, answered_at, answered_at, False, reply)
    return Latest(
        reply,
        nature,
        told,
        note,
        answered_at,
        before.first_at,
        before.corrected or _corrects(before, reply, nature),
        reply or before.spoken,
    )


def _corrects(before: Latest, reply: trust.Reply | None, nature: trust.Nature | None) -> bool:
    """Whether it says something else; taking back says nothing, and a tap on Broken no nature."""
    if reply is None or before.spoken is None:
        return False
    renamed = before.nature is not None and nature is not before.nature
    return reply is not before.spoken or (before.reply is reply and renamed)


def _standing_lapses(leader, start: date | None, last: date | None):
    asked = {"leader": leader.id, "start": start or date.min, "last": last or date.max}
    return db.session.execute(_lapses(), asked)


@cache
def _lapses():
    table = Lapse.__table__.c
    return (
        select(Lapse.__table__)
        .where(table.leader_id == bindparam("leader"), table.withdrawn_at.is_(None))
        .where(table.date.between(bindparam("start"), bindparam("last")))
        .order_by(table.date, table.id)
    )


def _time_off(leader, start: date | None):
    return db.session.execute(_off(), {"leader": leader.id, "start": start or date.min})


@cache
def _off():
    table = TimeOff.__table__.c
    return (
        select(TimeOff.__table__)
        .where(table.leader_id == bindparam("leader"), table.withdrawn_at.is_(None))
        .where(table.last >= bindparam("start"))
        .order_by(table.first, table.id)
    )


def _answers(answers: dict[tuple[int, date], Latest], commitments: dict[int, Commitment]):
    for (commitment_id, day), said in answers.items():
        if said.reply is not None and commitment_id in commitments:
            yield trust.Answer(commitment_id, day, said.reply, said.nature, said.told)


def _lapse(row: Row) -> trust.Lapse:
    return trust.Lapse(row.date, row.nature, row.told, row.person_id, row.id, row.note)


def _cadence(row: Commitment) -> trust.Cadence:
    if row.kind is trust.CadenceKind.WEEKDAYS:
        return trust.Cadence.weekdays(row.weekdays)
    if row.kind is trust.CadenceKind.PER_WEEK:
        return trust.Cadence.per_week(row.times)
    if row.kind is trust.CadenceKind.ONCE:
        return trust.Cadence.once(row.once_on)
    return trust.Cadence.daily()
