"""Lapses outside a promise: recorded, told, taken back."""

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import exists, select

from habits import ledger, time_off
from habits.commitments import promise_once
from habits.days import DAY, in_window
from habits.db import db
from habits.models.answers import Answer, Lapse, Telling
from habits.models.commitments import Commitment
from habits.models.leaders import Person
from habits.problems import Refused, Unknown
from habits.trust.history import Nature, Pillar


@dataclass(frozen=True)
class Said:
    """A lapse as the leader recorded it."""

    date: date
    nature: Nature
    told: bool
    note: str | None
    person_id: int | None
    given_at: datetime


def record(leader, said: Said, today: date, now: datetime) -> Lapse:
    """Store a lapse. Raises Refused outside the answer window and on a day of time ahead.

    One recorded offline counts by when it was given; the account is then folded from its day on.
    """
    if said.date > today:
        raise Refused("date", _l("This day has not begun."))
    late = not in_window(said.date, today)
    if late and not ledger.given_in_time(leader, said.date, said.given_at, now):
        raise Refused("date", _l("This day is fixed: lapses can be recorded for seven days."))
    row = Lapse(
        leader_id=leader.id,
        date=said.date,
        nature=said.nature,
        told=said.told,
        note=said.note,
        person_id=said.person_id,
        recorded_at=now,
    )
    db.session.add(row)
    db.session.flush()
    if late:
        ledger.refold(leader, today, said.date)
    return row


def promise_repair(leader, lapse: Lapse, title: str, today: date, now: datetime) -> Commitment:
    """Promise for tomorrow, or after time off, what shall mend a lapse. Raises Refused."""
    mistake = lapse.nature is Nature.MISTAKE
    return promise_once(
        leader,
        title,
        Pillar.COMPETENCY if mistake else Pillar.CHARACTER,  # the one that was charged
        lapse.person_id,
        time_off.first_day_on(leader, today + DAY),
        now,
        repairs_lapse_id=lapse.id,
    )


def of(leader, since: date) -> list[tuple[Lapse, str | None]]:
    """The lapses that stand from `since` on, newest first, with whom each touched."""
    query = select(Lapse, Person.name).outerjoin(Person, Person.id == Lapse.person_id)
    query = query.where(
        Lapse.leader_id == leader.id, Lapse.date >= since, Lapse.withdrawn_at.is_(None)
    )
    return [
        tuple(row) for row in db.session.execute(query.order_by(Lapse.date.desc(), Lapse.id.desc()))
    ]


def find(leader, lapse_id: int) -> Lapse:
    """The leader's lapse. Raises Unknown."""
    query = select(Lapse).where(Lapse.leader_id == leader.id, Lapse.id == lapse_id)
    row = db.session.scalar(query)
    if row is None:
        raise Unknown(lapse_id)
    return row


def withdraw(lapse: Lapse, today: date, now: datetime) -> None:
    """Take a lapse back, and the repair promised for it unless that was answered by now.

    Raises Refused once its day is fixed.
    """
    if lapse.withdrawn_at is not None:
        return
    if not in_window(lapse.date, today):
        raise Refused("key", _l("This day is fixed: it can no longer change."))
    lapse.withdrawn_at = now
    for row in _unanswered_repairs(lapse):
        db.session.delete(row)
    db.session.flush()


def put_back(leader, lapse: Lapse, repair: str, today: date, now: datetime) -> None:
    """Undo a withdrawal; the title of the repair that went with it is promised again.

    Raises Refused once its day is fixed.
    """
    if not in_window(lapse.date, today):
        raise Refused("key", _l("This day is fixed: it can no longer change."))
    if lapse.withdrawn_at is None:
        return
    lapse.withdrawn_at = None
    if repair:
        promise_repair(leader, lapse, repair, today, now)


def repair_owed(lapse: Lapse) -> str:
    """The title of the repair that would go with the lapse; empty where there is none."""
    return next((row.title for row in _unanswered_repairs(lapse)), "")


def tell(leader, lapse: Lapse, today: date, now: datetime) -> None:
    """Note that the person was told; after the window it stands on record and moves nothing."""
    if in_window(lapse.date, today):
        lapse.told = True
    elif not lapse.told:
        db.session.add(
            Telling(leader_id=leader.id, lapse_id=lapse.id, date=lapse.date, told_at=now)
        )


def tell_later(leader, commitment_id: int, day: date, now: datetime) -> None:
    """Note that the person was told of a promise broken on a day that is fixed."""
    query = select(Commitment.id).where(
        Commitment.leader_id == leader.id, Commitment.id == commitment_id
    )
    if db.session.scalar(query) is None:
        raise Unknown(commitment_id)
    db.session.add(Telling(leader_id=leader.id, commitment_id=commitment_id, date=day, told_at=now))


def _unanswered_repairs(lapse: Lapse) -> list[Commitment]:
    answered = exists().where(Answer.commitment_id == Commitment.id)
    query = select(Commitment).where(
        Commitment.leader_id == lapse.leader_id, Commitment.repairs_lapse_id == lapse.id, ~answered
    )
    return list(db.session.scalars(query))
