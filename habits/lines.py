"""A commitment and those that it continues, shown as one with its history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from habits.book import Book, Latest, latest
from habits.db import db
from habits.models.answers import Answer
from habits.models.commitments import Commitment, TimeOff
from habits.models.imports import PastAnswer
from habits.problems import Unknown
from habits.trust.account import Day, State
from habits.trust.history import CadenceKind
from habits.trust.plan import Standing


@dataclass(frozen=True)
class Line:
    """The rows of one commitment, newest first."""

    rows: tuple[Commitment, ...]

    @property
    def head(self) -> Commitment:
        """The row that holds now, or held last."""
        return self.rows[0]

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(row.id for row in self.rows)

    @property
    def picked_on(self) -> date:
        return self.rows[-1].picked_on

    @property
    def is_once(self) -> bool:
        return self.head.kind is CadenceKind.ONCE

    def holds(self, today: date) -> bool:
        """Whether it is due today or may be on a later day."""
        return self.head.ends_on is None or self.head.ends_on >= today

    def is_ending(self, today: date) -> bool:
        """Whether it was retired today, and is still due today."""
        return not self.is_once and self.head.retired_on == today


@dataclass(frozen=True)
class Note:
    """What the leader wrote beside an answer."""

    date: date
    standing: Standing | None
    text: str


@dataclass(frozen=True)
class Record:
    """What became of a line: its promises by date, and the streaks over all of them."""

    book: Book
    past: tuple[PastAnswer, ...] = ()  # from before, which counts nowhere

    @cached_property
    def before(self) -> dict[date, PastAnswer]:
        """What was imported and does not count, on days without a promise here."""
        return {row.date: row for row in self.past if row.date not in self.standings}

    @cached_property
    def standings(self) -> dict[date, Standing]:
        """How each promise stands, with releases on days on which it was not due."""
        return {
            promise.date: promise.standing
            for day in self.book.days
            for promise in (*day.promises, *self.book.plan.uncounted(day.date))
        }

    @property
    def state(self) -> State:
        """Its `streak` and `longest` are those of the line."""
        return self.book.state

    @property
    def kept(self) -> int:
        return sum(standing is Standing.KEPT for standing in self._due)

    @property
    def due(self) -> int:
        """How many had to be kept: neither released nor open."""
        return sum(standing not in (Standing.RELEASED, Standing.OPEN) for standing in self._due)

    @property
    def notes(self) -> list[Note]:
        """Newest first."""
        said = [(day, answer.note) for (_, day), answer in self.book.answers.items() if answer.note]
        said += [(row.date, row.note) for row in self.past if row.note]
        return [
            Note(day, self.standings.get(day), text)
            for day, text in sorted(said, key=lambda one: one[0], reverse=True)
        ]

    @cached_property
    def _due(self) -> list[Standing]:
        days: Iterable[Day] = self.book.days
        return [promise.standing for day in days for promise in day.promises]


def of(leader) -> list[Line]:
    """The leader's lines, in the leader's order."""
    rows = _rows(leader)
    continued = {row.continues_id for row in rows.values()}
    heads = [row for row in rows.values() if row.id not in continued]
    return [_line(head, rows) for head in heads]


def find(leader, commitment_id: int) -> Line:
    """The line that a commitment of the leader belongs to. Raises Unknown."""
    for line in of(leader):
        if commitment_id in line.ids:
            return line
    raise Unknown(commitment_id)


def record(leader, line: Line, today: date) -> Record:
    """What became of a line from its first day to today."""
    off = db.session.scalars(
        select(TimeOff).where(TimeOff.leader_id == leader.id, TimeOff.withdrawn_at.is_(None))
    )
    return Record(
        Book(
            leader=leader,
            today=today,
            since=None,
            stored=(),
            commitments={row.id: row for row in line.rows},
            answers=_answers(line, today),
            lapses=(),
            time_off=tuple(off),
        ),
        _past(line),
    )


def _past(line: Line) -> tuple[PastAnswer, ...]:
    query = select(PastAnswer).where(PastAnswer.commitment_id.in_(line.ids))
    return tuple(db.session.scalars(query.order_by(PastAnswer.date)))


def _rows(leader) -> dict[int, Commitment]:
    query = select(Commitment).where(Commitment.leader_id == leader.id)
    query = query.options(joinedload(Commitment.person))
    ordered = query.order_by(Commitment.position, Commitment.id)
    return {row.id: row for row in db.session.scalars(ordered)}


def _line(head: Commitment, rows: dict[int, Commitment]) -> Line:
    found = [head]
    while found[-1].continues_id in rows:
        found.append(rows[found[-1].continues_id])
    return Line(tuple(found))


def _answers(line: Line, today: date) -> dict[tuple[int, date], Latest]:
    query = select(
        Answer.commitment_id,
        Answer.date,
        Answer.reply,
        Answer.nature,
        Answer.told,
        Answer.note,
        Answer.answered_at,
    ).where(Answer.commitment_id.in_(line.ids), Answer.date <= today)
    found = {}
    for commitment_id, day, *said in db.session.execute(
        query.order_by(Answer.answered_at, Answer.id)
    ):
        found[commitment_id, day] = latest(found.get((commitment_id, day)), *said)
    return found
