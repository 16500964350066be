"""The leader's calendar: which local date an instant belongs to, weeks, and the answer window."""

import re
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

OPEN_DAYS = 3  # a promise without an answer is open for so many days more, then silent
WINDOW_DAYS = 7  # so many days later its answer may still be given or corrected
LATE_ARRIVAL_DAYS = 60  # so long an answer made offline, in its window, may take to arrive

DAY = timedelta(days=1)
FURTHEST_MOMENT = 17  # days: a week ahead, after one that may be done, and a skipped one
LABEL = re.compile(r"([0-9]{4})-W([0-9]{2})")


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """The IANA zone of that name; ValueError if there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as problem:
        raise ValueError(f"no time zone is called {name!r}") from problem


def local_date(instant: datetime, zone_name: str, day_start: int) -> date:
    """The leader's date at `instant` (aware); the day begins when clocks first read `day_start`.

    Never goes back while time goes on, even where the clock does.
    """
    wall = instant.astimezone(zone(zone_name)).replace(tzinfo=None)
    day = (wall - timedelta(hours=day_start)).date()
    # a clock set back over the day's start shows yesterday again; the day has begun all the same
    begun = day_starts_at(day + DAY, zone_name, day_start) <= instant
    return day + DAY if begun else day


def day_starts_at(day: date, zone_name: str, day_start: int) -> datetime:
    """The first instant (UTC) at which the local clock reads `day` at `day_start` or later."""
    return _first_instant(datetime.combine(day, time(day_start)), zone(zone_name))


def moment(day: date, at: time, zone_name: str, day_start: int) -> datetime:
    """The first instant (UTC) of the leader's `day` at which the clock reads `at` or later.

    A time before the day's start belongs to the night in which the day ends.
    """
    night = day + DAY if at < time(day_start) else day
    return _first_instant(datetime.combine(night, at), zone(zone_name))


def next_moment(
    after: datetime,
    at: time,
    weekdays: Collection[int],
    zone_name: str,
    day_start: int,
    done: date | None = None,
) -> tuple[date, datetime] | None:
    """The first day on one of the ISO weekdays whose moment comes after `after`, and the moment.

    Days up to `done` are left out, and days that a zone skipped; None for no weekday.
    """
    first = local_date(after, zone_name, day_start) - DAY
    for day in (first + timedelta(days=ahead) for ahead in range(FURTHEST_MOMENT)):
        if day.isoweekday() not in weekdays or (done is not None and day <= done):
            continue
        instant = moment(day, at, zone_name, day_start)
        if instant > after and _exists(day, zone_name, day_start):
            return day, instant
    return None


def is_open(day: date, today: date) -> bool:
    """Whether an unanswered promise of `day` is open rather than silent."""
    return 0 <= (today - day).days <= OPEN_DAYS


def in_window(day: date, today: date) -> bool:
    """Whether an answer for `day` may be given or corrected."""
    return 0 <= (today - day).days <= WINDOW_DAYS


def is_fixed(day: date, today: date) -> bool:
    """Whether `day` can no longer change."""
    return (today - day).days > WINDOW_DAYS


def week_first(day: date, week_start: int) -> date:
    """The first day of the week of `day`; ValueError before the calendar's first."""
    try:
        return day - timedelta(days=(day.isoweekday() - week_start) % 7)
    except OverflowError as problem:
        raise ValueError(f"the week of {day} begins before the calendar") from problem


def week_days(first: date) -> tuple[date, ...]:
    """The seven days from `first` on; ValueError after the calendar's last."""
    try:
        return tuple(first + timedelta(days=n) for n in range(7))
    except OverflowError as problem:
        raise ValueError(f"the week from {first} ends after the calendar") from problem


def week_label(first: date) -> str:
    """The week's name, such as 2026-W47: the ISO week of its fourth day."""
    year, week, _ = week_days(first)[3].isocalendar()
    return f"{year:04d}-W{week:02d}"


def week_from_label(label: str, week_start: int) -> date:
    """The first day of the week of that name; ValueError if there is none."""
    match = LABEL.fullmatch(label)
    if not match:
        raise ValueError(f"{label!r} is no week such as 2026-W47")
    year, week = map(int, match.groups())
    try:
        fourth = date.fromisocalendar(year, week, (week_start + 2) % 7 + 1)
        first = fourth - 3 * DAY
    except (ValueError, OverflowError) as problem:
        raise ValueError(f"there is no week {label}") from problem
    week_days(first)
    return first


def _exists(day: date, zone_name: str, day_start: int) -> bool:
    starts, ends = (day_starts_at(one, zone_name, day_start) for one in (day, day + DAY))
    return starts < ends


def _first_instant(wall: datetime, place: ZoneInfo) -> datetime:
    """The first instant (UTC) at which the clocks of `place` read `wall` or later."""
    instant = wall.replace(tzinfo=place).astimezone(UTC)
    if instant.astimezone(place).replace(tzinfo=None) == wall:
        return instant
    return _end_of_gap(wall, place)


def _end_of_gap(wall, place):
    """The instant of the clock change that passes over `wall`."""
    before = wall.replace(tzinfo=place, fold=1).astimezone(UTC)
    after = wall.replace(tzinfo=place, fold=0).astimezone(UTC)
    offset = before.astimezone(place).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + ((after - before) // timedelta(seconds=2)) * timedelta(seconds=1)
        if middle.astimezone(place).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after
