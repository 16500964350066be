"""Every IANA zone, every change of its clocks, the second before, the same and the next."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import available_timezones

from habits.days import DAY, day_starts_at, local_date, zone
from tests.transitions import SECOND, transitions

DAY_STARTS = range(7)  # hours


@dataclass
class Found:
    zones: int = 0
    changes: int = 0
    instants: int = 0  # each with seven starts of the day
    faults: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return self.zones > 0 < self.changes and not self.faults


def campaign(names: Iterable[str] | None = None) -> Found:
    """Look at each of these zones, or at all that there are."""
    found = Found()
    for name in sorted(available_timezones()) if names is None else names:
        found.zones += 1
        for change in transitions(name):
            found.changes += 1
            for instant in (change - SECOND, change, change + SECOND):
                found.instants += 1
                for day_start in DAY_STARTS:
                    found.faults += _faults(instant, name, day_start)
    return found


def _faults(instant: datetime, name: str, day_start: int) -> list[str]:
    """What is wrong with the days around an instant: they have to follow without gap or overlap."""
    try:
        today = local_date(instant, name, day_start)
        starts = [day_starts_at(today + n * DAY, name, day_start) for n in (-1, 0, 1, 2)]
        dates = [local_date(one, name, day_start) for one in starts]
        eves = [local_date(one - SECOND, name, day_start) for one in starts]
    except (ValueError, OverflowError) as problem:
        return [f"{name} {instant} {day_start}: {problem!r}"]
    days = [today + n * DAY for n in (-1, 0, 1, 2)]
    pairs = list(zip(starts, days, strict=True))
    right = (
        starts[1] <= instant < starts[2]
        and dates == days
        and eves == [day - DAY for day in days]
        and all(_wall(one, name) >= _midnight(day, day_start) for one, day in pairs)
    )
    return [] if right else [f"{name} {instant} {day_start}: {today}, {starts}"]


def _wall(instant: datetime, name: str) -> datetime:
    return instant.astimezone(zone(name)).replace(tzinfo=None)


def _midnight(day, day_start: int) -> datetime:
    return datetime.combine(day, datetime.min.time()) + timedelta(hours=day_start)
