"""What stands on Today: what is still open, today's promises, and the state the day is in."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property

from habits.book import Book
from habits.days import OPEN_DAYS, WINDOW_DAYS, week_first
from habits.models.commitments import Commitment
from habits.trust.plan import Promise, Standing

UNANSWERED = (Standing.OPEN, Standing.SILENT)
ABSENCE = 3  # so many wholly unanswered days in a row ask where the leader was


class Mood(StrEnum):
    """Which of its states the day is in."""

    NOTHING_PICKED = "nothing_picked"
    TIME_OFF = "time_off"
    NOTHING_DUE = "nothing_due"
    FIRST = "first"  # the first day, nothing answered yet
    OPEN = "open"
    DONE = "done"


@dataclass(frozen=True)
class Optional:
    """A times-a-week commitment that needs no answer today."""

    commitment: Commitment
    answered: int
    times: int


@dataclass(frozen=True)
class Today:
    """Today as read from the record."""

    book: Book

    @property
    def date(self) -> date:
        return self.book.today

    @cached_property
    def promises(self) -> tuple[Promise, ...]:
        """Today's promises, and what was released without being due."""
        return promises_of(self.book, self.date)

    @cached_property
    def optional(self) -> tuple[Optional, ...]:
        return optional_of(self.book, self.date)

    @cached_property
    def still_open(self) -> tuple[tuple[date, tuple[Promise, ...]], ...]:
        """Open promises of earlier days, oldest first."""
        days = (self.date - timedelta(days=back) for back in range(OPEN_DAYS, 0, -1))
        found = ((day, self._open_on(day)) for day in days)
        return tuple((day, promises) for day, promises in found if promises)

    @cached_property
    def tomorrow(self) -> tuple[Promise, ...]:
        day = self.date + timedelta(days=1)
        return self.book.plan.promises(day, day)

    @property
    def change(self) -> float:
        """By how many points the balance moved since yesterday."""
        return self.book.state.balance - self.book.before.balance

    @cached_property
    def answered(self) -> int:
        """How many of today's promises have an answer."""
        return sum(1 for promise in self.promises if promise.standing not in UNANSWERED)

    @property
    def kept(self) -> int:
        return sum(1 for promise in self.promises if promise.standing is Standing.KEPT)

    @property
    def counted(self) -> int:
        """Today's promises without the released ones."""
        return sum(1 for promise in self.promises if promise.standing is not Standing.RELEASED)

    @cached_property
    def is_open(self) -> bool:
        """Whether anything on this page waits for an answer."""
        return bool(self.still_open) or any(p.standing in UNANSWERED for p in self.promises)

    @property
    def is_last_of_week(self) -> bool:
        first = week_first(self.date, self.book.leader.week_start)
        return self.date == first + timedelta(days=6)

    @property
    def is_off(self) -> bool:
        return any(row.first <= self.date <= row.last for row in self.book.time_off)

    @property
    def is_first_day(self) -> bool:
        return self.book.since is None and len(self.book.days) <= 1

    @property
    def mood(self) -> Mood:
        if not self.book.commitments:
            return Mood.NOTHING_PICKED
        if self.is_open:
            untouched = self.is_first_day and not self.answered
            return Mood.FIRST if untouched else Mood.OPEN
        if self.is_off:
            return Mood.TIME_OFF
        return Mood.DONE if self.promises else Mood.NOTHING_DUE

    @cached_property
    def absence(self) -> tuple[date, date] | None:
        """The stretch before today on which every promise was left unanswered, if it is long."""
        return unanswered_stretch(self.book)

    def _open_on(self, day: date) -> tuple[Promise, ...]:
        found = self.book.by_date.get(day)
        return tuple(p for p in found.promises if p.standing is Standing.OPEN) if found else ()


def promises_of(book: Book, day: date) -> tuple[Promise, ...]:
    """The promises of a day in order, with releases on days on which nothing was due."""
    return book.plan.promises(day, book.today) + tuple(book.plan.uncounted(day))


def optional_of(book: Book, day: date) -> tuple[Optional, ...]:
    """The times-a-week commitments that need no answer on a day."""
    return tuple(
        Optional(book.commitments[commitment.id], answered, times)
        for commitment, answered, times in book.plan.optional(day, book.today)
    )


def next_due(book: Book) -> date | None:
    """The next day of the coming week on which something is due."""
    days = (book.today + timedelta(days=ahead) for ahead in range(1, 8))
    return next((day for day in days if book.plan.promises(day, day)), None)


def unanswered_stretch(book: Book) -> tuple[date, date] | None:
    """From the first to the last day before today that were all left unanswered; None if short."""
    first = last = None
    due = 0
    for day in reversed(book.days[:-1]):
        if day.lapses or any(p.standing not in UNANSWERED for p in day.promises):
            break
        if day.promises:
            due += 1
            first = day.date
            last = last or day.date
    return (first, last) if due >= ABSENCE else None


def unanswered(book: Book, first: date, last: date) -> list[Promise]:
    """The promises from `first` to `last` that have no answer and can still get one."""
    edge = max(first, book.today - timedelta(days=WINDOW_DAYS))
    return [
        promise
        for day in book.days
        if edge <= day.date <= last
        for promise in day.promises
        if promise.standing in UNANSWERED
    ]
