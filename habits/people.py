"""The people a leader makes promises to: a name or an alias, and what became of the promises."""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from habits.book import whole_book
from habits.days import is_fixed
from habits.db import db
from habits.models.commitments import Commitment
from habits.models.leaders import NAME_LENGTH, Person
from habits.problems import Refused, Unknown
from habits.trust.account import Day
from habits.trust.fold import fold
from habits.trust.plan import Plan, Promise, Standing


@dataclass(frozen=True)
class Dealings:
    """What one person was promised, as of `today`; `days` is empty where nothing ever was."""

    person: Person
    today: date
    days: tuple[Day, ...]
    standing: tuple[Commitment, ...]  # what holds or is still to come, repairs left out
    repairs: tuple[Commitment, ...]  # promised as a repair, and can still be answered

    @property
    def balance(self) -> float | None:
        return self.days[-1].state.balance if self.days else None

    @property
    def promises(self) -> tuple[Promise, ...]:
        """Every promise so far, newest first."""
        return tuple(promise for day in reversed(self.days) for promise in day.promises)

    def count(self, *standings: Standing) -> int:
        """How many promises stand so."""
        return sum(promise.standing in standings for promise in self.promises)


def of(leader) -> list[Person]:
    """The leader's people by name."""
    rows = db.session.scalars(select(Person).where(Person.leader_id == leader.id))
    return sorted(rows, key=lambda person: _folded(person.name))


def find(leader, person_id: int) -> Person:
    """One of the leader's people. Raises Unknown."""
    row = db.session.scalar(
        select(Person).where(Person.leader_id == leader.id, Person.id == person_id)
    )
    if row is None:
        raise Unknown(person_id)
    return row


def find_or_add(leader, name: str | None, now: datetime) -> Person | None:
    """The person of this name, made if there is none; None for no name. Raises Refused."""
    name = _checked(name or "", "person")
    if not name:
        return None
    known = _same(leader, name)
    if known is not None:
        return known
    row = Person(leader_id=leader.id, name=name, created_at=now)
    db.session.add(row)
    db.session.flush()
    return row


def rename(leader, person: Person, name: str) -> None:
    """Call them something else. Raises Refused for no name and for another person's."""
    name = _checked(name, "name")
    if not name:
        raise Refused("name", _l("Type a name or an alias."))
    other = _same(leader, name)
    if other is not None and other.id != person.id:
        raise Refused("name", _l("Someone else on your list bears this name."))
    person.name = name


def dealings(leader, today: date) -> list[Dealings]:
    """What was promised to each of the leader's people, by name."""
    book = whole_book(leader, today)
    return [_dealings(book, person) for person in of(leader)]


def dealings_with(leader, person: Person, today: date) -> Dealings:
    """What was promised to one of them."""
    return _dealings(whole_book(leader, today), person)


def _checked(name: str, field: str) -> str:
    name = unicodedata.normalize("NFC", " ".join(name.split()))
    if len(name) > NAME_LENGTH:
        raise Refused(field, _l("At most %(max)d characters.", max=NAME_LENGTH))
    return name


def _same(leader, name: str) -> Person | None:
    return next((row for row in of(leader) if _folded(row.name) == _folded(name)), None)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _dealings(book, person: Person) -> Dealings:
    history = book.history.for_person(person.id)
    plan = Plan(history)
    theirs = [row for row in book.commitments.values() if row.person_id == person.id]
    answered = {answer.commitment for answer in history.answers}
    holds = [row for row in theirs if row.retired_on is None or row.retired_on >= book.today]
    return Dealings(
        person=person,
        today=book.today,
        days=tuple(fold(plan, book.today)),
        standing=tuple(row for row in holds if not _is_repair(row)),
        repairs=tuple(
            row
            for row in theirs
            if _is_repair(row) and row.id not in answered and not is_fixed(row.once_on, book.today)
        ),
    )


def _is_repair(row: Commitment) -> bool:
    return row.repairs_id is not None or row.repairs_lapse_id is not None
