"""The ledger as CSV: one line a day, then one line for each entry of that day."""

import csv
import io
from collections.abc import Iterable
from datetime import date

from habits import movements, passbook
from habits.book import Book, whole_book
from habits.movements import Movement
from habits.trust.account import Day

COLUMNS = (
    "date",
    "line",  # "day" or "entry"
    "kind",  # of an entry: kept, broken, silent, lapse
    "pillar",
    "promises",
    "nature",
    "told",
    "late",
    "corrected",
    "note",
    "change",  # of the balance, in points
    "balance",  # at the day's end, 0 to 100, as are the two pillars
    "character",
    "competency",
    "streak",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def sheet(leader, today: date) -> str:
    """The leader's ledger from its first day to today, oldest first."""
    book = whole_book(leader, today)
    told_later = passbook.told_later(book, book.days)
    out = io.StringIO()
    lines = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    lines.writeheader()
    for day in book.days:
        lines.writerows(_lines(book, day, told_later))
    return out.getvalue()


def cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip(" \u00a0\ufeff").startswith(FORMULA) else text


def _lines(book: Book, day: Day, told_later: frozenset) -> Iterable[dict]:
    state = day.state
    yield {
        "date": day.date.isoformat(),
        "line": "day",
        "change": _number(state.balance - day.before.balance),
        "balance": _number(state.balance),
        "character": _number(state.character),
        "competency": _number(state.competency),
        "streak": state.streak,
    }
    for move in movements.of_day(book, day, told_later):
        yield _entry(move)


def _entry(move: Movement) -> dict:
    return {
        "date": move.on.isoformat(),
        "line": "entry",
        "kind": move.kind.value,
        "pillar": move.entry.pillar.value,
        "promises": cell("; ".join(move.titles)),
        "nature": move.nature.value if move.nature else "",
        "told": "later" if move.told_later and not move.told else _flag(move.told),
        "late": _flag(move.late),
        "corrected": _flag(move.corrected),
        "note": cell(move.note or ""),
        "change": _number(move.change),
    }


def _number(value: float) -> str:
    return f"{value:.4f}"


def _flag(value: bool) -> str:
    return "yes" if value else ""
