"""What of a file is here already: commitments by where they came from, answers by their day."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, true

from habits import likeness, people
from habits.db import db
from habits.importers.drafts import Draft
from habits.models.answers import Answer, Lapse
from habits.models.commitments import Commitment, TimeOff
from habits.models.imports import Origin, PastAnswer
from habits.sections import before
from habits.targets import GAPS


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


def lapses(leader) -> dict[tuple, list[Lapse]]:
    """Those that stand, by what a file says of them."""
    names = {row.id: row.name for row in people.of(leader)}
    standing = select(Lapse).where(Lapse.leader_id == leader.id, Lapse.withdrawn_at.is_(None))
    found: dict[tuple, list[Lapse]] = {}
    for row in db.session.scalars(standing.order_by(Lapse.id)):
        person = _folded(names.get(row.person_id))
        found.setdefault((row.date.isoformat(), row.nature, person, row.note), []).append(row)
    return found


def lapse(one: dict) -> tuple:
    """What a file says of a lapse."""
    return one["date"], one["nature"], _folded(one.get("person")), one.get("note")


def times_off(leader) -> Counter[tuple[date, date]]:
    """First and last days of the time off that stands."""
    standing = select(TimeOff.first, TimeOff.last).where(
        TimeOff.leader_id == leader.id, TimeOff.withdrawn_at.is_(None)
    )
    return Counter(map(tuple, db.session.execute(standing)))


def stretch(one: dict) -> tuple[date, date]:
    """First and last day of a file's time off."""
    return date.fromisoformat(one["first"]), date.fromisoformat(one["last"])


def new_beside(leader, document: dict) -> tuple[int, int]:
    """How many lapses and how much time off of a file are neither here nor put aside."""
    aside = before.aside_of(leader)
    said = {
        key: [one for one in document.get(key, []) if one not in aside.get(key, ())]
        for key in ("lapses", "time_off")
    }
    known = Counter({key: len(rows) for key, rows in lapses(leader).items()})
    new_lapses = Counter(map(lapse, said["lapses"])) - known
    new_off = Counter(map(stretch, said["time_off"])) - times_off(leader)
    return new_lapses.total(), new_off.total()


def _folded(name: str | None) -> str | None:
    return people.folded(name) if name and name.strip() else None


def _commitments(leader):
    query = select(Commitment).where(Commitment.leader_id == leader.id)
    return db.session.scalars(query.order_by(Commitment.position, Commitment.id))


def _by_origin(leader, rows: dict[int, Commitment]) -> dict[str, Commitment]:
    known = db.session.scalars(select(Origin).where(Origin.leader_id == leader.id))
    return {one.origin: rows[one.commitment_id] for one in known}


def _answered(leader, ids: list[int]):
    wanted = set(ids)
    for model, said in ((Answer, Answer.key.not_like(GAPS)), (PastAnswer, true())):
        query = select(model.commitment_id, model.date).where(model.leader_id == leader.id, said)
        for commitment, day in db.session.execute(query.distinct()):
            if commitment in wanted:
                yield commitment, day
