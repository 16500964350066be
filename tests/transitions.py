"""Every instant at which a zone changes its clocks."""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import available_timezones

from habits.days import zone

FIRST, LAST = 2024, 2030  # years
SECOND = timedelta(seconds=1)
STEP = timedelta(days=14)  # no zone changes its clocks and back within it


def transitions(name: str, first: int = FIRST, last: int = LAST) -> list[datetime]:
    """The instants at which the zone's clocks change, to the second."""
    place = zone(name)
    before, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    found = []
    while before < end:
        after = before + STEP
        if before.astimezone(place).utcoffset() != after.astimezone(place).utcoffset():
            found.append(_between(before, after, place))
        before = after
    return found


@cache
def changing_zones() -> dict[str, list[datetime]]:
    """One zone for each way of changing clocks from 2024 to 2030."""
    found = {}
    for name in sorted(available_timezones()):
        place = zone(name)
        changes = tuple(
            (instant, (instant - SECOND).astimezone(place).utcoffset())
            for instant in transitions(name)
        )
        if changes:
            found.setdefault(changes, name)
    return {name: [instant for instant, _ in changes] for changes, name in found.items()}


def _between(before: datetime, after: datetime, place) -> datetime:
    offset = before.astimezone(place).utcoffset()
    while after - before > SECOND:
        middle = before + (after - before) // 2
        middle -= timedelta(microseconds=middle.microsecond)
        if middle.astimezone(place).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after
