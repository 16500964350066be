"""The one seam of time: a clock is called and gives the instant, aware and in UTC."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def system() -> datetime:
    """The machine's time."""
    return datetime.now(UTC)


def starting_at(instant: datetime) -> Clock:
    """A clock that shows `instant` now and runs on from there."""
    offset = instant - system()
    return lambda: system() + offset
