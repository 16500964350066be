"""What a leader says of a week: the guess before looking, a line, and one decision."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, select

from habits.db import db, insert
from habits.models.answers import Telling
from habits.models.commitments import Commitment
from habits.models.leaders import Leader
from habits.models.weeks import WeekNote
from habits.problems import Refused, Unknown

LINE_LENGTH = 500


@dataclass(frozen=True)
class Noted:
    """What was said of a week, and what of it was told to people after its days were fixed."""

    asked: bool = False  # guessed, or declined to
    guess: int | None = None
    line: str | None = None
    decision: str | None = None
    commitment_id: int | None = None
    told_later: frozenset = field(default_factory=frozenset)


def noted(leader, first: date) -> Noted:
    """What stands in the records about the week from `first` on, in one statement."""
    last = first + timedelta(days=6)
    query = (
        select(WeekNote, Telling.commitment_id, Telling.date, Telling.lapse_id)
        .select_from(Leader)
        .outerjoin(WeekNote, and_(WeekNote.leader_id == Leader.id, WeekNote.first == first))
        .outerjoin(Telling, and_(Telling.leader_id == Leader.id, Telling.date.between(first, last)))
        .where(Leader.id == leader.id)
    )
    rows = db.session.execute(query).all()
    told = frozenset(
        lapse if lapse is not None else (commitment, day)
        for _, commitment, day, lapse in rows
        if day is not None
    )
    note = rows[0][0] if rows else None
    if note is None:
        return Noted(told_later=told)
    return Noted(
        note.guessed_at is not None,
        note.guess,
        note.line,
        note.decision,
        note.commitment_id,
        told,
    )


def guess(leader, first: date, kept: int | None, promised: int, now: datetime) -> None:
    """Keep the first guess, None for declined. Raises Refused above what was promised."""
    if kept is not None and kept > promised:
        raise Refused(
            "guess", _l("Choose a number up to %(most)d: no more were promised.", most=promised)
        )
    note = _note(leader, first)
    if note.guessed_at is None:
        note.guess, note.guessed_at = kept, now


def write_line(leader, first: date, line: str | None) -> None:
    """Keep the leader's own line about the week; None takes it back."""
    _note(leader, first).line = line


def decide(leader, first: date, decision: str, commitment_id: int) -> None:
    """Keep the one decision for the next week. Raises Unknown for a foreign commitment."""
    query = select(Commitment.id).where(
        Commitment.leader_id == leader.id, Commitment.id == commitment_id
    )
    if db.session.scalar(query) is None:
        raise Unknown(commitment_id)
    note = _note(leader, first)
    note.decision, note.commitment_id = decision, commitment_id


def _note(leader, first: date) -> WeekNote:
    row = insert(WeekNote).values(leader_id=leader.id, first=first)
    db.session.execute(row.on_conflict_do_nothing())
    return db.session.get(WeekNote, (leader.id, first))
