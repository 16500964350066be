"""What the leader said of a week: the guess, a line, and the decision."""

from sqlalchemy import select

from habits.db import db
from habits.documents import Fields, a_date, a_list, between
from habits.models.weeks import WeekNote
from habits.records import day, instant
from habits.sections.shapes import LONGEST_NOTE, Known, an_instant, at_most

KEY = "weeks"
MOST_PROMISED = 10_000
LONGEST_DECISION = 16


def write(record) -> list[dict]:
    """Each week of which something was said, the oldest first."""
    query = select(WeekNote).where(WeekNote.leader_id == record.leader.id)
    return [
        {
            "first": day(row.first),
            "guess": row.guess,
            "guessed_at": instant(row.guessed_at),
            "line": row.line,
            "decision": row.decision,
            "commitment": record.names.get(row.commitment_id),
        }
        for row in db.session.scalars(query.order_by(WeekNote.first))
    ]


def read(value, path, known: Known) -> list[dict]:
    """Each week by its first day."""
    return [_one(item, f"{path}[{place}]", known) for place, item in enumerate(a_list(value, path))]


def restore(said: list[dict], target) -> None:
    """Note the weeks of which nothing was said here."""
    query = select(WeekNote.first).where(WeekNote.leader_id == target.leader.id)
    known = set(db.session.scalars(query))
    for week in said:
        if week["first"] in known:
            continue
        known.add(week["first"])
        commitment = target.commitments.get(week["commitment"])
        said_of_it = {name: value for name, value in week.items() if name != "commitment"}
        target.add(WeekNote(**said_of_it, commitment_id=commitment.id if commitment else None))


def _one(value, path: str, known: Known) -> dict:
    fields = Fields(value, path)
    found = {
        "first": fields.the("first", a_date),
        "guess": fields.maybe("guess", between(0, MOST_PROMISED)),
        "guessed_at": fields.maybe("guessed_at", an_instant),
        "line": fields.maybe("line", at_most(LONGEST_NOTE)),
        "decision": fields.maybe("decision", at_most(LONGEST_DECISION)),
        "commitment": fields.maybe("commitment", known.commitment),
    }
    fields.no_more()
    return found
