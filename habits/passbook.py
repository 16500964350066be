"""The account as a passbook: its curve over a range of dates, and its ledger page by page."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import select

from habits import fixed_days, movements
from habits.book import Book, stretch
from habits.charts import Point, Withdrawal, days_of, point
from habits.days import week_first
from habits.db import db
from habits.models.answers import Telling
from habits.models.commitments import TimeOff
from habits.movements import Movement
from habits.trust.account import START, START_TRUST, Day

PAGE_WEEKS = 4


class Range(StrEnum):
    """How far back the chart looks."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    ALL = "all"

    @property
    def days(self) -> int | None:
        """So many days before today; None from the first."""
        return {"week": 7, "month": 31, "quarter": 92, "year": 366}.get(self.value)


@dataclass(frozen=True)
class Curve:
    """What a chart of the account is drawn from, oldest first."""

    points: tuple[Point, ...]
    withdrawals: tuple[Withdrawal, ...]


@dataclass(frozen=True)
class LedgerDay:
    """One day of the ledger: its lines, and the balance at its end."""

    date: date
    balance: float
    change: float
    movements: tuple[Movement, ...]
    off: TimeOff | None  # that begins on it
    is_first: bool


@dataclass(frozen=True)
class Page:
    """Some days of the ledger, newest first; `before` is where the next page begins."""

    days: tuple[LedgerDay, ...]
    before: date | None


def curve(book: Book, span: Range) -> Curve:
    """The account over a range up to today, in one statement however long the record is."""
    since = book.today - timedelta(days=span.days) if span.days else None
    live = {day.date: day for day in book.days}
    first_live = min(live, default=book.today + timedelta(days=1))
    points, fallen = _fixed(book.leader, since, first_live)
    points += [each for each in days_of(book.days) if since is None or each.date >= since]
    fallen += movements.withdrawals(d for d in book.days if since is None or d.date >= since)
    if points and _begins(book, points[0].date, since):
        points.insert(0, point(points[0].date - timedelta(days=1), START_TRUST, START_TRUST))
    return Curve(tuple(points), tuple(fallen))


def newest(book: Book) -> Page:
    """The first page of the ledger: the days that are read for today anyway."""
    told = told_later(book, book.days)
    return Page(_lines(book, book.days, told), _earlier(book, _first(book)))


def page(leader, today: date, before: date) -> Page:
    """Four weeks of the ledger up to the day before `before`."""
    last = min(before - timedelta(days=1), today)
    first = week_first(last, leader.week_start) - timedelta(weeks=PAGE_WEEKS - 1)
    book = stretch(leader, today, first, last)
    days = [day for day in book.days if day.date >= first]
    return Page(_lines(book, days, told_later(book, days)), _earlier(book, first))


def told_later(book: Book, days) -> frozenset:
    """Promises (commitment id, date) and lapse ids that were told once their day was fixed."""
    if not days:
        return frozenset()
    query = select(Telling.commitment_id, Telling.date, Telling.lapse_id).where(
        Telling.leader_id == book.leader.id,
        Telling.date >= days[0].date,
        Telling.date <= days[-1].date,
    )
    return frozenset(
        lapse if lapse is not None else (commitment, day)
        for commitment, day, lapse in db.session.execute(query)
    )


def _fixed(leader, since: date | None, before: date):
    points, fallen = [], []
    for day, character, competency, marks in fixed_days.figures(leader, since, before):
        points.append(point(day, character, competency))
        for kind, nature, told, _commitment, change in marks or ():
            fallen.append(Withdrawal(day, change, kind, nature, told))
    return points, fallen


def _begins(book: Book, first: date, since: date | None) -> bool:
    """Whether the account begins with the first point rather than was running before it."""
    if since is None:
        return True
    return first > since


def _first(book: Book) -> date:
    return book.days[0].date if book.days else book.today


def _earlier(book: Book, first: date) -> date | None:
    """Where an earlier page begins, if the account was there before `first`."""
    earlier = book.since is not None or (book.days and book.days[0].date < first)
    return first if earlier else None


def _lines(book: Book, days, told: frozenset) -> tuple[LedgerDay, ...]:
    offs = {row.first: row for row in book.time_off}
    found = (_day(book, day, offs.get(day.date), told) for day in reversed(days))
    return tuple(day for day in found if day.movements or day.off or day.is_first)


def _day(book: Book, day: Day, off: TimeOff | None, told: frozenset) -> LedgerDay:
    return LedgerDay(
        date=day.date,
        balance=day.state.balance,
        change=day.state.balance - day.before.balance,
        movements=tuple(reversed(movements.of_day(book, day, told))),
        off=off,
        is_first=day.before is START,
    )
