"""The people a leader makes promises to: a name or an alias; added, renamed, merged, removed."""

import unicodedata
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update

from habits.db import db
from habits.models.answers import Lapse
from habits.models.commitments import Commitment
from habits.models.leaders import NAME_LENGTH, Person
from habits.models.people import Parting, PersonDay, Question
from habits.problems import Refused, Unknown

LINKED = {"commitments": Commitment, "lapses": Lapse, "questions": Question}
KEPT_FOR = timedelta(days=1)  # in which a removal or a merger can be taken back


def of(leader) -> list[Person]:
    """The leader's people by name."""
    rows = db.session.scalars(select(Person).where(Person.leader_id == leader.id))
    return sorted(rows, key=lambda person: folded(person.name))


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
    return find_or_add_to(by_name(leader), leader, name, now) if name else None


def by_name(leader) -> dict[str, Person]:
    """The leader's people by what the spellings of their names have in common."""
    return {folded(row.name): row for row in of(leader)}


def find_or_add_to(known: dict[str, Person], leader, name: str, now: datetime) -> Person | None:
    """The same among those who are known, and known from then on."""
    name = _checked(name, "person")
    if name and folded(name) not in known:
        known[folded(name)] = _add(leader, name, now)
    return known[folded(name)] if name else None


def add(leader, name: str, now: datetime) -> Person:
    """Someone new. Raises Refused for no name and for one that is there already."""
    return _add(leader, _free(leader, name), now)


def rename(leader, person: Person, name: str) -> None:
    """Call them something else. Raises Refused for no name and for another person's."""
    person.name = _free(leader, name, person)


def merge(leader, person: Person, into: Person, now: datetime) -> Parting:
    """Make two names one: what bore `person` bears `into`. Raises Refused for one and the same."""
    if person.id == into.id:
        raise Refused("into", _l("Choose someone else."))
    return _part(leader, person, into.id, now)


def remove(leader, person: Person, now: datetime) -> Parting:
    """Forget the name; promises, lapses and answers stay without it."""
    return _part(leader, person, None, now)


def find_parting(leader, parting_id: int) -> Parting:
    """A removal or merger that can still be taken back. Raises Unknown."""
    query = select(Parting).where(Parting.leader_id == leader.id, Parting.id == parting_id)
    row = db.session.scalar(query)
    if row is None:
        raise Unknown(parting_id)
    return row


def put_back(leader, parting: Parting, name: str, now: datetime) -> Person:
    """Undo a removal or a merger; whatever was given to someone else meanwhile stays theirs."""
    person = _add(leader, _free(leader, name), now)
    for table, ids in parting.links.items():
        model = LINKED[table]
        theirs = (model.leader_id == leader.id, model.id.in_(ids))
        _move(model, (*theirs, model.person_id.is_not_distinct_from(parting.into_id)), person.id)
    _forget_accounts(person.id, parting.into_id)
    return person


def _part(leader, person: Person, into_id: int | None, now: datetime) -> Parting:
    db.session.execute(delete(Parting).where(Parting.parted_at < now - KEPT_FOR))
    row = Parting(
        leader_id=leader.id,
        into_id=into_id,
        links={table: _linked(model, person) for table, model in LINKED.items()},
        parted_at=now,
    )
    for model in LINKED.values():
        _move(model, (model.person_id == person.id,), into_id)
    _forget_accounts(person.id, into_id)
    db.session.delete(person)
    db.session.add(row)
    db.session.flush()
    return row


def _linked(model, person: Person) -> list[int]:
    return list(db.session.scalars(select(model.id).where(model.person_id == person.id)))


def _move(model, where, person_id: int | None) -> None:
    query = update(model).where(*where).values(person_id=person_id)
    db.session.execute(query.execution_options(synchronize_session="fetch"))


def _forget_accounts(*person_ids: int | None) -> None:
    """What was stored of their accounts no longer holds."""
    query = delete(PersonDay).where(PersonDay.person_id.in_([i for i in person_ids if i]))
    db.session.execute(query)


def _add(leader, name: str, now: datetime) -> Person:
    row = Person(leader_id=leader.id, name=name, created_at=now)
    db.session.add(row)
    db.session.flush()
    return row


def _free(leader, name: str, but: Person | None = None) -> str:
    """The name, tidied, if nobody else bears it."""
    name = _checked(name, "name")
    if not name:
        raise Refused("name", _l("Type a name or an alias."))
    other = _same(leader, name)
    if other is not None and other is not but:
        raise Refused("name", _l("Someone on your list already has this name. Choose another one."))
    return name


def _checked(name: str, field: str) -> str:
    name = unicodedata.normalize("NFC", " ".join(name.split()))
    if len(name) > NAME_LENGTH:
        raise Refused(field, _l("At most %(max)d characters.", max=NAME_LENGTH))
    return name


def _same(leader, name: str) -> Person | None:
    return next((row for row in of(leader) if folded(row.name) == folded(name)), None)


def folded(name: str) -> str:
    """What two spellings of one name have in common."""
    return unicodedata.normalize("NFC", name).casefold()
