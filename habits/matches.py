"""What of a file is here already: commitments by where they came from, answers by their day."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from habits import likeness
from habits.db import db
from habits.importers.drafts import Draft
from habits.models.answers import Answer
from habits.models.commitments import Commitment
from habits.models.imports import Origin, PastAnswer


@dataclass(frozen=True)
class Matches:
    """The leader's commitments by the ids of the file, and what each has been answered."""

    commitments: dict[str, Commitment]
    answered: frozenset[tuple[int, date]]  # by an answer, or by one from before

    def is_here(self, answer: dict) -> bool:
        """Whether the promise of an answer in the file has one here."""
        row = self.commitments.get(answer["commitment"])
        return row is not None and (row.id, date.fromisoformat(answer["date"])) in self.answered


def find(leader, draft: Draft) -> Matches:
    """What of the draft the leader has."""
    rows = {row.id: row for row in _commitments(leader)}
    by_origin = likeness.of(rows.values()) | _by_origin(leader, rows)
    found, taken = {}, set()
    for name, origins in draft.origins.items():
        row = next((by_origin[one] for one in origins if one in by_origin), None)
        if row is not None and row.id not in taken:
            taken.add(row.id)
            found[name] = row
    return Matches(found, frozenset(_answered(leader, [row.id for row in found.values()])))


def _commitments(leader):
    query = select(Commitment).where(Commitment.leader_id == leader.id)
    return db.session.scalars(query.order_by(Commitment.position, Commitment.id))


def _by_origin(leader, rows: dict[int, Commitment]) -> dict[str, Commitment]:
    known = db.session.scalars(select(Origin).where(Origin.leader_id == leader.id))
    return {one.origin: rows[one.commitment_id] for one in known}


def _answered(leader, ids: list[int]):
    for model in (Answer, PastAnswer):
        query = select(model.commitment_id, model.date).where(model.leader_id == leader.id)
        wanted = set(ids)
        for commitment, day in db.session.execute(query.distinct()):
            if commitment in wanted:
                yield commitment, day
