"""What was asked aloud, and what was heard."""

from sqlalchemy import select

from habits.db import db
from habits.documents import Fields, a_date, a_list, one_of
from habits.models.leaders import NAME_LENGTH
from habits.models.people import Heard, Question
from habits.records import day, instant
from habits.sections.shapes import LONGEST_NOTE, Known, an_instant, at_most

KEY = "questions"


def write(record) -> list[dict]:
    """Each question that stands, the oldest first."""
    query = select(Question).where(
        Question.leader_id == record.leader.id, Question.withdrawn_at.is_(None)
    )
    return [
        {
            "commitment": record.names[row.commitment_id],
            "person": record.person(row.person_id),
            "date": day(row.date),
            "heard": row.heard.value,
            "line": row.line,
            "recorded_at": instant(row.recorded_at),
        }
        for row in db.session.scalars(query.order_by(Question.recorded_at, Question.id))
    ]


def read(value, path, known: Known) -> list[dict]:
    """Each question of one of the file's commitments."""
    return [_one(item, f"{path}[{place}]", known) for place, item in enumerate(a_list(value, path))]


def restore(said: list[dict], target) -> None:
    """Note what is not noted here yet."""
    query = select(Question.commitment_id, Question.recorded_at).where(
        Question.leader_id == target.leader.id
    )
    here = {tuple(row) for row in db.session.execute(query)}
    for one in said:
        row = target.commitments.get(one["commitment"])
        if row is None or (row.id, one["recorded_at"]) in here:
            continue
        here.add((row.id, one["recorded_at"]))
        person = target.person(one["person"])
        rest = {name: one[name] for name in ("date", "heard", "line", "recorded_at")}
        target.add(Question(commitment_id=row.id, person_id=person and person.id, **rest))


def _one(value, path: str, known: Known) -> dict:
    fields = Fields(value, path)
    found = {
        "commitment": fields.the("commitment", known.commitment),
        "person": fields.maybe("person", at_most(NAME_LENGTH)),
        "date": fields.the("date", a_date),
        "heard": fields.the("heard", one_of(Heard)),
        "line": fields.maybe("line", at_most(LONGEST_NOTE)),
        "recorded_at": fields.the("recorded_at", an_instant),
    }
    fields.no_more()
    return found
