"""A leader's rows as the history file names them: the commitments c0, c1 …, the lapses by place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from habits.db import db
from habits.models.answers import Answer, Lapse
from habits.models.commitments import Commitment, TimeOff
from habits.models.leaders import Person
from habits.trust.history import Cadence, CadenceKind


@dataclass(frozen=True)
class Record:
    """Everything of one leader that still stands, in the order of the file."""

    leader: object
    commitments: tuple[Commitment, ...]
    answers: tuple[Answer, ...]  # every one that was given, the oldest first
    lapses: tuple[Lapse, ...]
    time_off: tuple[TimeOff, ...]
    people: dict[int, Person]

    @cached_property
    def names(self) -> dict[int, str]:
        """What the file calls a commitment, by its id."""
        return {row.id: f"c{place}" for place, row in enumerate(self.commitments)}

    @cached_property
    def lapse_places(self) -> dict[int, int]:
        """A lapse's place in the file's list, by its id."""
        return {row.id: place for place, row in enumerate(self.lapses)}

    @cached_property
    def latest(self) -> dict[tuple[int, date], Answer]:
        """The answer of each promise that counts; its reply is None where it was taken back."""
        return {(row.commitment_id, row.date): row for row in self.answers}

    def person(self, person_id: int | None) -> str | None:
        return self.people[person_id].name if person_id is not None else None


def of(leader) -> Record:
    """All that the leader has said and not taken back."""
    return Record(
        leader=leader,
        commitments=_all(
            _mine(Commitment, leader)
            .options(joinedload(Commitment.person))
            .order_by(Commitment.position, Commitment.id)
        ),
        answers=_all(_mine(Answer, leader).order_by(Answer.answered_at, Answer.id)),
        lapses=_all(
            _mine(Lapse, leader)
            .where(Lapse.withdrawn_at.is_(None))
            .order_by(Lapse.date, Lapse.recorded_at, Lapse.id)
        ),
        time_off=_all(
            _mine(TimeOff, leader)
            .where(TimeOff.withdrawn_at.is_(None))
            .order_by(TimeOff.first, TimeOff.last, TimeOff.declared_at, TimeOff.id)
        ),
        people={row.id: row for row in _all(_mine(Person, leader).order_by(Person.id))},
    )


def instant(value: datetime | None) -> str | None:
    """An instant as the file writes it: RFC 3339 in UTC."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value else None


def day(value: date | None) -> str | None:
    """A local date as the file writes it."""
    return value.isoformat() if value else None


def cadence(value: Cadence) -> dict:
    """A cadence as the file writes it."""
    if value.kind is CadenceKind.WEEKDAYS:
        return {"kind": "weekdays", "days": sorted(value.days)}
    if value.kind is CadenceKind.PER_WEEK:
        return {"kind": "per_week", "times": value.times}
    if value.kind is CadenceKind.ONCE:
        return {"kind": "once", "date": day(value.date)}
    return {"kind": "daily"}


def _mine(model, leader):
    return select(model).where(model.leader_id == leader.id)


def _all(query) -> tuple:
    rows: Iterable = db.session.scalars(query)
    return tuple(rows)
