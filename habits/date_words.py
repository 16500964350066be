"""Dates in words: every language has its own order, so each pattern is a text to translate."""

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache, wraps

from babel import dates
from flask_babel import get_locale, pgettext
from flask_babel import gettext as _


def _once(say: Callable[[date], str]) -> Callable[[date], str]:
    """Said once in each language: a page says the same few dates again and again."""
    said = lru_cache(1024)(lambda when, _locale: say(when))

    @wraps(say)
    def again(when: date) -> str:
        return said(when, get_locale())

    return again


@_once
def day(when: date) -> str:
    """Monday 23 November."""
    return _said(when, pgettext("date pattern", "EEEE d MMMM"))


def moment(when: datetime) -> str:
    """Monday 23 November, 20:30, of a local date and time."""
    time = dates.format_time(when.time(), "short", locale=get_locale())
    return dates.get_datetime_format("medium", get_locale()).format(time, day(when.date()))


@_once
def short_day(when: date) -> str:
    """23 Nov 2026."""
    return _said(when, pgettext("date pattern", "d MMM y"))


@_once
def day_of_month(when: date) -> str:
    """23 November."""
    return _said(when, pgettext("date pattern", "d MMMM"))


@_once
def short_day_of_month(when: date) -> str:
    """23 Nov."""
    return _said(when, pgettext("date pattern", "d MMM"))


@_once
def day_within_month(when: date) -> str:
    """Mon 23."""
    return _said(when, pgettext("date pattern", "EEE d"))


@_once
def month(when: date) -> str:
    """November 2026."""
    return _said(when, pgettext("date pattern", "LLLL y"))


def span(first: date, last: date, this_year: int) -> str:
    """16 to 22 November; with the year where it is not this one."""
    one_month = (first.year, first.month) == (last.year, last.month)
    if last.year != this_year:
        pattern = pgettext("date pattern, the second of two", "d MMMM y")
    else:
        pattern = pgettext("date pattern, the second of two", "d MMMM")
    if one_month:
        before = _said(first, pgettext("date pattern, the first of two in one month", "d"))
    else:
        before = _said(first, pgettext("date pattern, the first of two", "d MMMM"))
    return _("%(first)s to %(last)s", first=before, last=_said(last, pattern))


@_once
def weekday(when: date) -> str:
    """Monday."""
    return _said(when, "EEEE")


def weekday_name(number: int) -> str:
    """Monday, for an ISO weekday of 1 to 7."""
    return get_locale().days["stand-alone"]["wide"][number - 1]


def _said(when: date, pattern: str) -> str:
    return dates.format_date(when, pattern, get_locale())
