"""Numbers and dates as this leader reads them."""

from collections.abc import Iterable
from functools import lru_cache

from flask_babel import format_time
from markupsafe import Markup

from habits.date_words import day, short_day, weekday
from habits.days import local_date
from habits.web.translations import plain as _
from habits.web.translations import spoken

MINUS = "\N{MINUS SIGN}"
FIRM = "\N{NO-BREAK SPACE}"
LABEL = 24  # characters up to which a part of a line of facts is a label


def figure(value: float) -> str:
    """A balance, 0 to 100, with one decimal."""
    # format_decimal would say the same at ten times the cost: a page has hundreds of these.
    return f"{value:.1f}".replace(".", _point(spoken()))


@lru_cache(64)
def _point(locale) -> str:
    return locale.number_symbols["latn"]["decimal"]


def change(value: float) -> str:
    """A change of balance in points with its sign; what rounds to nothing is 0.0 without one."""
    if round(abs(value), 1) == 0:
        return figure(0.0)
    return _before(spoken()) + ("+" if value > 0 else MINUS) + figure(abs(value))


@lru_cache(64)
def _before(locale) -> str:
    """What keeps a sign on the left of its number where lines run from right to left."""
    return "\N{LEFT-TO-RIGHT MARK}" if locale.text_direction == "rtl" else ""


def dotted(parts: Iterable[str]) -> Markup:
    """The facts there are in one line, which breaks after a dot and not within a short one."""
    return Markup(f"{FIRM}· ").join(_firm(part) for part in parts if part)


def _firm(part: str) -> str:
    return part if len(part) > LABEL else part.replace(" ", FIRM)


def clock_time(value) -> str:
    """20:30, or 8:30 PM where people say so."""
    return format_time(value, "short", rebase=False)


def ago(date, today) -> str:
    """Today, yesterday, the weekday within a week, else the date."""
    days = (today - date).days
    if days == 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    return weekday(date) if 0 < days < 7 else short_day(date)


def seen(instant, leader) -> str:
    """The local date of an instant."""
    return short_day(local_date(instant, leader.timezone, 0))


FILTERS = {
    "figure": figure,
    "change": change,
    "day": day,
    "short_day": short_day,
    "weekday": weekday,
    "clock_time": clock_time,
    "dotted": dotted,
    "seen": seen,
}
