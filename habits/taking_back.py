"""Takes an import back, unless something of the leader's own stands on it by now."""

from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, exists, or_, select, update

from habits import leader_settings, ledger
from habits.db import db
from habits.models.answers import Answer, Lapse
from habits.models.commitments import Commitment
from habits.models.imports import Import, PastAnswer
from habits.models.leaders import Person
from habits.models.weeks import WeekNote
from habits.problems import Refused
from habits.targets import BY_ID, key_start

BATCH = 500  # ids a statement


def take_back(leader, row: Import, today: date, now: datetime) -> None:
    """Remove what the import made, and fold the account anew. Raises Refused."""
    made = row.made
    _check(leader, row, made["commitments"])
    if made["settings"] is not None:
        leader_settings.put_back(leader, made["settings"], now)
    ours = Answer.key.like(key_start(row.id) + "%")
    db.session.execute(delete(Answer).where(Answer.leader_id == leader.id, ours))
    db.session.execute(delete(PastAnswer).where(PastAnswer.import_id == row.id))
    weeks = [date.fromisoformat(first) for first in made["week_notes"]]
    for some in _batches(weeks):
        db.session.execute(
            delete(WeekNote).where(WeekNote.leader_id == leader.id, WeekNote.first.in_(some))
        )
    _unlink(leader, made["commitments"])
    for model in BY_ID:
        for some in _batches(made[model.__tablename__]):
            _delete(leader, model, some)
    db.session.expire_all()
    ledger.refold(leader, today)


def _check(leader, row: Import, ids: list[int]) -> None:
    for some in _batches(ids):
        answered = exists().where(
            Answer.commitment_id.in_(some), Answer.key.not_like(key_start(row.id) + "%")
        )
        if db.session.scalar(select(answered)):
            raise Refused(
                "key",
                _l(
                    "You have since answered promises from this file, and those answers would be "
                    "lost. Retire its commitments instead."
                ),
            )
        built = exists().where(
            Commitment.leader_id == leader.id,
            Commitment.id.not_in(ids),
            or_(Commitment.continues_id.in_(some), Commitment.repairs_id.in_(some)),
        )
        if db.session.scalar(select(built)):
            raise Refused(
                "key",
                _l("Commitments from this file have been changed since. Retire them instead."),
            )


def _unlink(leader, ids: list[int]) -> None:
    """Commitments name one another; none may stand in the way of another's deletion."""
    for some in _batches(ids):
        db.session.execute(
            update(Commitment)
            .where(Commitment.leader_id == leader.id, Commitment.id.in_(some))
            .values(continues_id=None, repairs_id=None, repairs_lapse_id=None)
        )


def _delete(leader, model, ids: list[int]) -> None:
    query = delete(model).where(model.leader_id == leader.id, model.id.in_(ids))
    if model is Person:
        for other in (Commitment, Lapse):
            query = query.where(~exists().where(other.person_id == Person.id))
    if model is Lapse:
        query = query.where(~exists().where(Commitment.repairs_lapse_id == Lapse.id))
    db.session.execute(query)


def _batches(items: list):
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))
