"""A year as days: how each stood, what was kept of it, and what the account came to."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from habits.book import Book, stretch
from habits.days import DAY
from habits.movements import is_withdrawal
from habits.trust.account import START, Day, EntryKind
from habits.trust.history import Nature
from habits.trust.plan import Standing
from habits.week_grid import DUE

GRAVEST = (Standing.SILENT, Standing.OPEN, Standing.KEPT, Standing.RELEASED)


@dataclass(frozen=True, slots=True)
class Square:
    """One day; `sign` is a standing, choice or deception, None where nothing was due."""

    date: date
    sign: str | None
    kept: int
    due: int  # neither released nor open
    off: bool
    balance: float
    change: float


@dataclass(frozen=True, slots=True)
class Month:
    """The days of a month up to today; empty before the account and after today."""

    first: date
    squares: tuple[Square, ...]

    @property
    def kept(self) -> int:
        return sum(square.kept for square in self.squares)

    @property
    def due(self) -> int:
        return sum(square.due for square in self.squares)

    @property
    def whole(self) -> int:
        """Days on which all that was due was kept."""
        return sum(1 for square in self.squares if 0 < square.due == square.kept)

    @property
    def change(self) -> float:
        return sum(square.change for square in self.squares)


@dataclass(frozen=True, slots=True)
class Year:
    """The months of a year, and whether the account has an earlier one."""

    number: int
    months: tuple[Month, ...]
    has_earlier: bool

    @property
    def squares(self) -> tuple[Square, ...]:
        return tuple(square for month in self.months for square in month.squares)


def read(leader, number: int, today: date) -> Year | None:
    """The year as it stands on `today`, read with as many statements however long the record is.

    None where the account has no day in it.
    """
    first, last = date(number, 1, 1), min(date(number, 12, 31), today)
    if first > today:
        return None
    book = stretch(leader, today, first, last)
    days = [day for day in book.days if day.date >= first]
    if not days:
        return None
    by_month: dict[int, list[Square]] = {month: [] for month in range(1, 13)}
    for day in days:
        by_month[day.date.month].append(_square(book, day))
    months = (Month(date(number, n, 1), tuple(found)) for n, found in by_month.items())
    return Year(number, tuple(months), days[0].before is not START)


def _square(book: Book, day: Day) -> Square:
    count = Counter(promise.standing for promise in day.promises)
    return Square(
        date=day.date,
        sign=_sign(day, count),
        kept=count[Standing.KEPT],
        due=sum(count[standing] for standing in DUE),
        off=any(row.first <= day.date <= row.last for row in book.time_off),
        balance=day.state.balance,
        change=day.state.balance - day.before.balance,
    )


def _sign(day: Day, count: Counter) -> str | None:
    """The gravest thing of the day."""
    natures = {entry.nature for entry in day.entries if is_withdrawal(entry)}
    for nature in (Nature.DECEPTION, Nature.CHOICE):
        if nature in natures:
            return nature.value
    if count[Standing.BROKEN] or any(entry.kind is EntryKind.LAPSE for entry in day.entries):
        return Standing.BROKEN.value
    return next((standing.value for standing in GRAVEST if count[standing]), None)


def blanks(month: Month, week_start: int) -> int:
    """How many days of its first week come before the month."""
    return (month.first.isoweekday() - week_start) % 7


def length(month: Month) -> int:
    """How many days it has."""
    after = date(month.first.year + month.first.month // 12, month.first.month % 12 + 1, 1)
    return (after - DAY).day
