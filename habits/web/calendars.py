"""A month of a commitment as a grid of marks."""

import re
from dataclasses import dataclass
from datetime import date

from flask import abort, url_for
from flask_babel import gettext as _

from habits.date_words import day as long_day
from habits.date_words import month
from habits.days import DAY, in_window, week_first
from habits.lines import Line, Record
from habits.trust.plan import Standing
from habits.web.cadences import weekdays


@dataclass(frozen=True)
class Cell:
    """One day; `standing` is None where nothing was due, `say` names day and mark."""

    date: date
    standing: str | None
    say: str
    today: bool = False
    held: bool = True  # a day that was promised for or might have been
    url: str | None = None  # where it can still be answered


@dataclass(frozen=True)
class Month:
    """Weeks of seven cells, None outside the month; `earlier` and `later` where there is more."""

    first: date
    name: str
    weekdays: list[tuple[int, str, str]]
    weeks: list[list[Cell | None]]
    earlier: str | None
    later: str | None


def parse_month(text: str | None, today: date) -> date:
    """The first day of a month such as 2026-11, of today's without a text; else 404."""
    if not text:
        return today.replace(day=1)
    match = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", text, re.ASCII)
    if not match or match[1] < "1900":
        abort(404)
    return date(int(match[1]), int(match[2]), 1)


def month_of(record: Record, line: Line, first: date, today: date, week_start: int) -> Month:
    """The month that begins on `first`."""
    after = (first + 31 * DAY).replace(day=1)
    begins = week_first(first, week_start)
    days = [begins + n * DAY for n in range(0, (after - begins).days)]
    cells = [_cell(record, line, day, today) if day >= first else None for day in days]
    cells += [None] * (-len(cells) % 7)
    return Month(
        first=first,
        name=month(first),
        weekdays=weekdays(week_start),
        weeks=[cells[n : n + 7] for n in range(0, len(cells), 7)],
        earlier=_url(line, first - DAY) if _begins(record, line) < first else None,
        later=_url(line, after) if after <= today else None,
    )


def _begins(record: Record, line: Line) -> date:
    """The first day of which something is known."""
    return min(line.picked_on, *record.before) if record.before else line.picked_on


def standing_words() -> dict[Standing, str]:
    """How each mark is said."""
    return {
        Standing.KEPT: _("kept"),
        Standing.BROKEN: _("broken"),
        Standing.RELEASED: _("released"),
        Standing.OPEN: _("open"),
        Standing.SILENT: _("silent"),
    }


def _cell(record: Record, line: Line, day: date, today: date) -> Cell:
    past = record.before.get(day)
    if past is not None:
        return _past_cell(day, Standing(past.reply.value))
    standing = record.standings.get(day)
    words = standing_words()[standing] if standing else _("nothing due")
    return Cell(
        date=day,
        standing=standing.value if standing else None,
        say=_("%(day)s: %(standing)s", day=long_day(day), standing=words),
        today=day == today,
        held=line.picked_on <= day <= today,
        url=_answer_url(day) if standing and in_window(day, today) else None,
    )


def _past_cell(day: date, standing: Standing) -> Cell:
    words = _("%(standing)s, from before", standing=standing_words()[standing])
    say = _("%(day)s: %(standing)s", day=long_day(day), standing=words)
    return Cell(day, standing.value, say)


def _answer_url(day: date) -> str:
    return f"/days/{day.isoformat()}"


def _url(line: Line, day: date) -> str:
    return url_for("commitments.show", commitment_id=line.head.id, month=f"{day:%Y-%m}")
