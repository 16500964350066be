"""A clock that stands until a test moves it."""

from datetime import UTC, datetime, timedelta

MONDAY = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


class Clock:
    """Call it for the instant; set `now`, or advance it."""

    def __init__(self, now: datetime = MONDAY):
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **spans) -> None:
        """Move on, by timedelta's words: advance(days=1)."""
        self.now += timedelta(**spans)
