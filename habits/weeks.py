"""One week as a frozen value: pages, print, texts and pictures of it are all made from this."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property

from habits.book import Book, stretch
from habits.charts import Point, Withdrawal
from habits.days import week_days
from habits.movements import Movement, is_spared, of_days, withdrawals
from habits.trust.account import Day, EntryKind
from habits.trust.plan import Standing
from habits.week_grid import DUE, Row, days_off, grid
from habits.week_notes import Noted, noted

LOOK_BACK = 3  # weeks before this one that the decision looks at
TOO_OFTEN = 2  # broken in so many of the four weeks: smaller or rarer
GUESSABLE = 28  # days after a week's end on which a guess is still asked for
WEEK = timedelta(days=7)


class Choice(StrEnum):
    """What a leader can decide about a commitment at the week's end."""

    KEEP = "keep"
    SHRINK = "shrink"
    RETIRE = "retire"
    REPAIR = "repair"


@dataclass(frozen=True, slots=True)
class Offer:
    """The decision that suggests itself, about one commitment."""

    choice: Choice
    row: Row
    weeks_broken: int  # of the last four


@dataclass(frozen=True)
class Summary:
    """A week as it stands on `today`."""

    first: date
    last: date
    today: date
    begins: date  # the account's first day in it, or the week's
    is_first: bool
    rows: tuple[Row, ...]
    off: tuple[date, ...]
    movements: tuple[Movement, ...]
    points: tuple[Point, ...]
    withdrawals: tuple[Withdrawal, ...]
    streak: int
    longest: int
    spared: int  # silent promises of an absence, not charged
    offer: Offer | None
    noted: Noted

    @property
    def is_finished(self) -> bool:
        return self.today > self.last

    @property
    def is_current(self) -> bool:
        return self.first <= self.today <= self.last

    @property
    def opening(self) -> float:
        return self.points[0].balance

    @property
    def closing(self) -> float:
        return self.points[-1].balance

    @property
    def change(self) -> float:
        return self.closing - self.opening

    @property
    def deposits(self) -> float:
        """Points, rounded as the lines show them."""
        return sum(move.shown for move in self.movements if move.kind is EntryKind.KEPT)

    @property
    def withdrawn(self) -> float:
        """Points below 0, rounded as the lines show them."""
        return sum(move.shown for move in self.movements if move.kind is not EntryKind.KEPT)

    def count(self, *standings: Standing) -> int:
        """How many promises of the week up to today stand like one of these."""
        return sum(row.count(*standings) for row in self.rows)

    @property
    def kept(self) -> int:
        return self.count(Standing.KEPT)

    @property
    def due(self) -> int:
        return self.count(*DUE)

    @property
    def open(self) -> int:
        return self.count(Standing.OPEN)

    @property
    def ahead(self) -> int:
        return sum(1 for row in self.rows for cell in row.cells if cell.ahead and cell.standing)

    @property
    def asks_guess(self) -> bool:
        """Whether the leader shall guess before seeing it."""
        recent = (self.today - self.last).days <= GUESSABLE
        return self.is_finished and recent and not self.noted.asked and self.due + self.open > 0

    @cached_property
    def strongest(self) -> Row | None:
        """The commitment that was kept best; None where fewer than two can be compared."""
        rows = [row for row in self.rows if row.due]
        return max(rows, key=_strength) if len(rows) > 1 else None

    @cached_property
    def fragile(self) -> Row | None:
        """The commitment that was kept worst, or whose streak is the youngest."""
        rows = [row for row in self.rows if row.due]
        return min(reversed(rows), key=_strength) if len(rows) > 1 else None


def read(leader, first: date, today: date) -> Summary | None:
    """The week from `first` on, read with as many statements however long the record is.

    None before the account's first week and after the current one.
    """
    if first > today or first < date.min + (LOOK_BACK + 1) * WEEK:
        return None
    book = stretch(leader, today, first - LOOK_BACK * WEEK, first + WEEK - timedelta(days=1))
    return summary(book, first, noted(leader, first))


def summary(book: Book, first: date, said: Noted | None = None) -> Summary | None:
    """The week from `first` on; None where the account has no day in it."""
    said = said or Noted()
    dates = week_days(first)
    days = [day for day in book.days if first <= day.date <= dates[-1]]
    if not days:
        return None
    rows = grid(book, dates, days[-1].state)
    return Summary(
        first=first,
        last=dates[-1],
        today=book.today,
        begins=days[0].date,
        is_first=days[0].before.date is None,
        rows=rows,
        off=days_off(book, dates),
        movements=of_days(book, days, said.told_later),
        points=_points(days),
        withdrawals=tuple(withdrawals(days)),
        streak=days[-1].state.streak,
        longest=days[-1].state.longest,
        spared=sum(1 for day in days for entry in day.entries if is_spared(entry)),
        offer=_offer(book, rows, first),
        noted=said,
    )


def _strength(row: Row) -> tuple[float, int, int]:
    return row.kept / row.due, row.streak, row.kept


def _points(days: list[Day]) -> tuple[Point, ...]:
    """The balance before the first of these days and at the end of each."""
    before = days[0].before
    start = days[0].date - timedelta(days=1)
    opening = Point(start, before.balance, before.character, before.competency)
    ends = (Point(d.date, d.state.balance, d.state.character, d.state.competency) for d in days)
    return (opening, *ends)


def _offer(book: Book, rows: tuple[Row, ...], first: date) -> Offer | None:
    """What suggests itself: smaller where it keeps breaking, repair, else keep the most fragile."""
    weeks = {row.commitment_id: _weeks_broken(book, row, first) for row in rows}
    going = [row for row in rows if row.is_practice and not row.retired]
    often = [row for row in going if weeks[row.commitment_id] >= TOO_OFTEN]
    broken = [row for row in rows if row.to_mend]
    due = [row for row in going if row.due]
    if often:
        choice, row = Choice.SHRINK, max(often, key=lambda r: weeks[r.commitment_id])
    elif broken:
        choice, row = Choice.REPAIR, max(broken, key=lambda row: len(row.to_mend))
    elif due:
        choice, row = Choice.KEEP, min(reversed(due), key=_strength)
    else:
        return None
    return Offer(choice, row, weeks[row.commitment_id])


def _weeks_broken(book: Book, row: Row, first: date) -> int:
    """In how many of this and the last three weeks the commitment was broken."""
    weeks = {
        (day.date - first).days // 7
        for day in book.days
        for promise in day.promises
        if promise.standing is Standing.BROKEN and promise.commitment.id in row.links
    }
    return sum(1 for week in weeks if -LOOK_BACK <= week <= 0)
