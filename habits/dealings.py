"""What each person was promised and what became of it: the same account, over that alone."""

from dataclasses import dataclass
from datetime import date

from habits import people, person_days
from habits.book import Book
from habits.days import is_fixed
from habits.models.commitments import Commitment
from habits.models.leaders import Person
from habits.person_days import Since
from habits.trust.account import Day
from habits.trust.plan import Promise, Standing


@dataclass(frozen=True)
class Dealings:
    """What one person was promised, as of `today`; `days` is empty where nothing ever was.

    `days` may begin late: `since` counts what came before.
    """

    person: Person
    today: date
    since: Since
    days: tuple[Day, ...]
    standing: tuple[Commitment, ...]  # what holds or is still to come, repairs left out
    repairs: tuple[Commitment, ...]  # promised as a repair, and can still be answered

    @property
    def balance(self) -> float | None:
        return self.days[-1].state.balance if self.days else None

    @property
    def promises(self) -> tuple[Promise, ...]:
        """The promises of `days`, newest first."""
        return tuple(promise for day in reversed(self.days) for promise in day.promises)

    def count(self, *standings: Standing) -> int:
        """How many promises ever stand so."""
        before = sum(self.since.counts[standing] for standing in standings)
        return before + sum(promise.standing in standings for promise in self.promises)


def of(leader, today: date) -> tuple[list[Dealings], Book]:
    """What was promised to each of the leader's people, by name, and the book of `with_person`."""
    known = person_days.stored(leader, today)
    book = person_days.book_of(leader, today, known)
    return [_dealings(book, person, known) for person in people.of(leader)], book


def with_person(leader, person: Person, today: date) -> tuple[Dealings, Book]:
    """What was promised to one of them, and the book it was read from, of 56 days and more."""
    known = person_days.stored(leader, today)
    book = person_days.book_of(leader, today, known)
    return _dealings(book, person, known), book


def repairs_owed(book: Book) -> tuple[Commitment, ...]:
    """Promised as a repair, not answered, and still to be: neither too old nor on a day off."""
    answered = {commitment for (commitment, _day), said in book.answers.items() if said.reply}
    return tuple(
        row
        for row in book.commitments.values()
        if row.is_repair
        and row.id not in answered
        and not is_fixed(row.once_on, book.today)
        and book.plan.can_be_due(row.id, row.once_on)
    )


def _dealings(book: Book, person: Person, known: dict[int, Since]) -> Dealings:
    since = known.get(person.id, Since())
    theirs = [row for row in book.commitments.values() if row.person_id == person.id]
    holds = [row for row in theirs if row.ends_on is None or row.ends_on >= book.today]
    return Dealings(
        person=person,
        today=book.today,
        since=since,
        days=tuple(person_days.days(book, person.id, since)),
        standing=tuple(row for row in holds if not row.is_repair),
        repairs=tuple(row for row in repairs_owed(book) if row.person_id == person.id),
    )
