"""How long each standing commitment has been kept, and how its last weeks went."""

from datetime import date, timedelta

from habits.book import stretch
from habits.days import week_first
from habits.trust.account import State
from habits.week_grid import Row, grid

WEEKS = 8


def read(leader, today: date) -> tuple[tuple[Row, ...], State]:
    """A row for each practice that still stands, eight weeks up to today wide, and the account."""
    first = week_first(today, leader.week_start) - timedelta(weeks=WEEKS - 1)
    book = stretch(leader, today, first, today)
    dates = tuple(first + timedelta(days=n) for n in range((today - first).days + 1))
    rows = grid(book, dates, book.state)
    return tuple(row for row in rows if row.is_practice and not row.retired), book.state
