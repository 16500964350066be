"""One question to one person, asked aloud about what was promised to them, and what was heard."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from habits import lines
from habits.db import db
from habits.lines import Line
from habits.models.leaders import Person
from habits.models.people import Heard, Question
from habits.problems import Refused, Unknown

LINE_LENGTH = 500


@dataclass(frozen=True)
class Talk:
    """What can be asked of a person about one commitment, and what they said last."""

    line: Line
    person: Person
    last: Question | None

    @property
    def words(self) -> str:
        """The question, as it is asked aloud."""
        row = self.line.head
        return row.ask or _("I promised you: ‘%(title)s’. Do you see it?", title=row.title)


@dataclass(frozen=True)
class Count:
    """The newest answers of each person and commitment, counted."""

    seen: int = 0
    partly: int = 0
    not_yet: int = 0

    def __bool__(self):
        return bool(self.seen or self.partly or self.not_yet)


def conversation(leader, today: date, person: Person | None = None) -> list[Talk]:
    """What can be asked now: of everyone who is promised something, or of one person."""
    said = _newest(leader)
    return [
        Talk(line, line.head.person, _said(said, line, line.head.person_id))
        for line in lines.of(leader)
        if line.head.person is not None
        and (person is None or line.head.person_id == person.id)
        and _is_askable(line, today)
    ]


def offer(leader, ends: date, today: date) -> Talk | None:
    """The one question at a week's end: what was noted from that day on, else the longest unasked.

    None where nothing is promised to anyone by name.
    """
    talks = conversation(leader, today)
    noted = [talk for talk in talks if talk.last is not None and talk.last.date >= ends]
    if noted:
        return max(noted, key=lambda talk: (talk.last.date, talk.last.id))
    return min(talks, key=lambda talk: talk.last.date if talk.last else date.min, default=None)


def note(
    leader, commitment_id: int, heard: Heard, line: str | None, today: date, now: datetime
) -> Question:
    """Note what was heard of a commitment. Raises Unknown, and Refused where it names nobody."""
    head = lines.find(leader, commitment_id).head
    if head.person is None:
        raise Refused("heard", _l("Nobody is named in this promise any more."))
    row = Question(
        leader_id=leader.id,
        commitment_id=head.id,
        person_id=head.person_id,
        date=today,
        heard=heard,
        line=line,
        recorded_at=now,
    )
    db.session.add(row)
    db.session.flush()
    return row


def find(leader, question_id: int) -> Question:
    """One of the leader's questions. Raises Unknown."""
    query = select(Question).where(Question.leader_id == leader.id, Question.id == question_id)
    row = db.session.scalar(query)
    if row is None:
        raise Unknown(question_id)
    return row


def withdraw(row: Question, now: datetime) -> None:
    """Take it back, as if it had not been asked."""
    row.withdrawn_at = row.withdrawn_at or now


def put_back(row: Question) -> None:
    """Undo a withdrawal."""
    row.withdrawn_at = None


def of(leader, person: Person) -> list[Question]:
    """All that one person was asked, newest first."""
    query = _standing(leader).where(Question.person_id == person.id)
    return list(db.session.scalars(query.order_by(Question.date.desc(), Question.id.desc())))


def count(leader, since: date, person: Person | None = None) -> Count:
    """What people said last since a date, each about each commitment once."""
    found: dict[Heard, int] = {}
    ids = {each: line.head.id for line in lines.of(leader) for each in line.ids}
    newest = {}
    for row in _newest(leader):
        if person is None or row.person_id == person.id:
            newest.setdefault((row.person_id, ids.get(row.commitment_id)), row)
    for row in newest.values():
        if row.date >= since:
            found[row.heard] = found.get(row.heard, 0) + 1
    return Count(**{heard.value: times for heard, times in found.items()})


def announce(line: Line, today: date) -> None:
    """Note that its person was told of the commitment; it changes no number. Raises Refused."""
    if line.head.person_id is None:
        raise Refused("key", _l("Nobody is named in this promise."))
    line.head.announced_on = line.head.announced_on or today


def take_back_announcement(line: Line) -> None:
    """They were not told after all."""
    line.head.announced_on = None


def _is_askable(line: Line, today: date) -> bool:
    """Whether it holds, or ended within the last four weeks."""
    return line.picked_on <= today and (
        line.holds(today) or (today - line.head.ends_on) <= timedelta(weeks=4)
    )


def _newest(leader) -> list[Question]:
    query = _standing(leader).where(Question.person_id.is_not(None))
    return list(db.session.scalars(query.order_by(Question.date.desc(), Question.id.desc())))


def _standing(leader):
    return select(Question).where(Question.leader_id == leader.id, Question.withdrawn_at.is_(None))


def _said(said: Iterable[Question], line: Line, person_id: int) -> Question | None:
    """The newest of one person about one line."""
    return next(
        (row for row in said if row.person_id == person_id and row.commitment_id in line.ids), None
    )
