"""The time zones that a leader may choose from."""

from functools import cache
from zoneinfo import available_timezones

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
