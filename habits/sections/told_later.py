"""What was told once its day was fixed: it is on record, and moves nothing."""

from sqlalchemy import select

from habits.db import db
from habits.documents import Fields, a_date, a_list
from habits.models.answers import Telling
from habits.records import day, instant
from habits.sections.shapes import Known, an_instant, promise_or_lapse

KEY = "told_later"


def write(record) -> list[dict]:
    """Each telling, the oldest first."""
    query = select(Telling).where(Telling.leader_id == record.leader.id)
    found = []
    for row in db.session.scalars(query.order_by(Telling.told_at, Telling.id)):
        if row.commitment_id in record.names:
            of = {"commitment": record.names[row.commitment_id]}
        elif row.lapse_id in record.lapse_places:
            of = {"lapse": record.lapse_places[row.lapse_id]}
        else:
            continue  # the lapse was taken back
        found.append(of | {"date": day(row.date), "told_at": instant(row.told_at)})
    return found


def read(value, path, known: Known) -> list[dict]:
    """Each telling, of a broken promise or of a lapse."""
    return [_one(item, f"{path}[{place}]", known) for place, item in enumerate(a_list(value, path))]


def restore(said: list[dict], target) -> None:
    """Note the tellings that are not noted yet."""
    query = select(Telling).where(Telling.leader_id == target.leader.id)
    known = {(row.commitment_id, row.lapse_id, row.date) for row in db.session.scalars(query)}
    for telling in said:
        lapse = target.lapse(telling["lapse"])
        commitment = target.commitments.get(telling["commitment"])
        if lapse is None and commitment is None:
            continue
        of = (commitment and commitment.id, lapse and lapse.id, telling["date"])
        if of not in known:
            known.add(of)
            values = dict(zip(("commitment_id", "lapse_id", "date"), of, strict=True))
            target.add(Telling(told_at=min(telling["told_at"], target.now), **values))


def _one(value, path: str, known: Known) -> dict:
    fields = Fields(value, path)
    of = promise_or_lapse(fields, known)
    found = of | {"date": fields.the("date", a_date), "told_at": fields.the("told_at", an_instant)}
    fields.no_more()
    return found
