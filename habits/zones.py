"""The time zones that a leader may choose from, and how weeks begin there."""

from functools import cache
from zoneinfo import available_timezones

from babel.core import Locale, UnknownLocaleError, get_global

WEEK_STARTS = (1, 6, 7)  # ISO: Monday, Saturday, Sunday

REGIONS = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)


def choices(current: str) -> list[str]:
    """All IANA zones that are called by a place, UTC, and the one in use, by name."""
    known = _places()
    return list(known) if current in known else sorted([*known, current])


@cache
def _places() -> tuple[str, ...]:
    places = {name for name in available_timezones() if name.partition("/")[0] in REGIONS}
    return tuple(sorted(places | {"UTC"}))


def week_start(zone: str) -> int:
    """The ISO weekday with which weeks begin where this zone is: 1, 6 or 7."""
    country = get_global("zone_territories").get(zone)
    spoken = get_global("territory_languages").get(country, ())
    known = (locale for locale in (_locale(language, country) for language in spoken) if locale)
    day = next((locale.first_week_day + 1 for locale in known), None)
    return day if day in WEEK_STARTS else WEEK_STARTS[0]


def _locale(language: str, country: str) -> Locale | None:
    try:
        return Locale.parse(f"{language}_{country}")
    except (UnknownLocaleError, ValueError):
        return None
