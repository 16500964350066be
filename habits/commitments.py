"""Picking, changing and ending commitments: what is due changes from the next day on."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _l
from sqlalchemy import exists, func, select

from habits import lines, room
from habits.book import value
from habits.days import DAY, in_window
from habits.db import db
from habits.lines import Line
from habits.models.answers import Answer
from habits.models.commitments import INTENTION_LENGTH, TITLE_LENGTH, Commitment
from habits.problems import Refused
from habits.trust.history import Cadence, CadenceKind, Pillar

FURTHEST = timedelta(days=366)  # ahead, for a promise of one date


@dataclass(frozen=True)
class Terms:
    """What is promised. `title` and `intention` are words; the rest decides what is due."""

    title: str
    pillar: Pillar
    cadence: Cadence
    intention: str = ""
    person_id: int | None = None
    occasion: bool = False  # it may not come up on a day
    ask: str = ""
    library_id: int | None = None

    def __post_init__(self):
        object.__setattr__(self, "title", " ".join(self.title.split()))
        object.__setattr__(self, "intention", " ".join(self.intention.split()))


class Way(StrEnum):
    """Where a commitment moves in the leader's order."""

    UP = "up"
    DOWN = "down"


def pick(leader, terms: Terms, today: date, now: datetime) -> Commitment:
    """Promise it from today on, or for its one date. Raises Refused, the sixth of a day too."""
    if terms.cadence.kind is CadenceKind.ONCE:
        return _once(leader, terms, today, now)
    row = _add(leader, terms, now, picked_on=today)
    room.check(leader, today)
    return row


def promise_once(
    leader,
    title: str,
    pillar: Pillar,
    person_id: int | None,
    on: date,
    now: datetime,
    intention: str = "",
    repairs_id: int | None = None,
    repairs_date: date | None = None,
    repairs_lapse_id: int | None = None,
) -> Commitment:
    """Promise something for one date, on top of the standing ones. Raises Refused for the title."""
    row = _add(
        leader,
        Terms(title, pillar, Cadence.once(on), intention, person_id),
        now,
        picked_on=on,
        retired_on=on,
    )
    row.repairs_id = repairs_id
    row.repairs_date = repairs_date
    row.repairs_lapse_id = repairs_lapse_id
    db.session.flush()
    return row


def edit(leader, line: Line, terms: Terms, today: date, now: datetime) -> Commitment:
    """Change it: words at once, the rest from tomorrow on by a successor. Raises Refused.

    Returns the row that holds then. A change of a row that has not begun needs no successor.
    """
    _check_words(terms)
    for row in line.rows:
        row.title, row.intention, row.occasion = terms.title, terms.intention, terms.occasion
    head = line.head
    if _same_terms(head, terms):
        return head
    _check_changeable(line, terms, today)
    if head.picked_on > today:
        return _change_in_place(leader, head, terms, today)
    head.retired_on = today
    successor = _succeed(leader, head, terms, today + DAY, now)
    room.check(leader, today + DAY)
    return successor


def retire(line: Line, today: date) -> Commitment:
    """End it with today, which is still due. Raises Refused for a promise of one date.

    Returns the row that can be brought back.
    """
    if line.is_once:
        raise Refused("key", _l("A one-time promise ends with its day."))
    head = line.head
    if head.picked_on > today:
        db.session.delete(head)
        db.session.flush()
        return line.rows[1]
    if head.retired_on is None:
        head.retired_on = today
    return head


def bring_back(leader, line: Line, today: date, now: datetime) -> Commitment:
    """Promise it again: as if never retired if that was today, else from today on.

    Raises Refused if five others are due, and for a promise of one date.
    """
    head = line.head
    if line.is_once:
        raise Refused("key", _l("A one-time promise ends with its day."))
    if head.retired_on is None:
        return head
    if head.retired_on >= today:
        head.retired_on = None
        room.check(leader, today + DAY)
        return head
    successor = _succeed(leader, head, terms_of(head), today, now)
    room.check(leader, today)
    return successor


def can_remove(line: Line, today: date) -> bool:
    """Whether it can be as if it had never been: never answered, and no fixed day changes."""
    head = line.head
    young = head.picked_on > today or in_window(head.picked_on, today)
    return len(line.rows) == 1 and young and not _was_answered(head)


def remove(line: Line, today: date) -> None:
    """Take it away as if it had never been. Raises Refused once it was answered or is old."""
    if not can_remove(line, today):
        raise Refused("key", _l("It is part of your record by now. Retire it instead."))
    db.session.delete(line.head)
    db.session.flush()


def move(leader, line: Line, way: Way, today: date) -> None:
    """Swap it with its neighbour in the leader's order; at the end nothing happens."""
    order = [one for one in lines.of(leader) if one.holds(today) and not one.is_once]
    at = next((n for n, one in enumerate(order) if one.head.id == line.head.id), None)
    to = None if at is None else at + (-1 if way is Way.UP else 1)
    if to is None or not 0 <= to < len(order):
        return
    order[at], order[to] = order[to], order[at]
    for position, one in enumerate(order):
        for row in one.rows:
            row.position = position
    db.session.flush()


def terms_of(row: Commitment) -> Terms:
    """The terms that a row was picked with."""
    return Terms(
        title=row.title,
        pillar=row.pillar,
        cadence=value(row).cadence,
        intention=row.intention,
        person_id=row.person_id,
        occasion=row.occasion,
        ask=row.ask,
        library_id=row.library_id,
    )


def _once(leader, terms: Terms, today: date, now: datetime) -> Commitment:
    on = _checked_date(terms.cadence.date, today)
    row = _add(leader, terms, now, picked_on=on, retired_on=on)
    db.session.flush()
    return row


def _checked_date(on: date, today: date) -> date:
    if on < today:
        raise Refused("on", _l("This day is over. Choose today or a later one."))
    if on - today > FURTHEST:
        raise Refused("on", _l("Choose a day within a year from today."))
    return on


def _add(leader, terms: Terms, now: datetime, **dates) -> Commitment:
    _check_words(terms)
    row = Commitment(
        leader_id=leader.id, created_at=now, position=_last_position(leader) + 1, **dates
    )
    _write(row, terms)
    db.session.add(row)
    db.session.flush()
    return row


def _succeed(leader, head: Commitment, terms: Terms, on: date, now: datetime) -> Commitment:
    row = Commitment(
        leader_id=leader.id,
        created_at=now,
        position=head.position,
        picked_on=on,
        continues_id=head.id,
        announced_on=head.announced_on if head.person_id == terms.person_id else None,
    )
    _write(row, terms)
    db.session.add(row)
    db.session.flush()
    return row


def _write(row: Commitment, terms: Terms) -> None:
    cadence = terms.cadence
    row.title, row.intention = terms.title, terms.intention
    row.pillar, row.person_id = terms.pillar, terms.person_id
    row.kind, row.times, row.once_on = cadence.kind, cadence.times, cadence.date
    row.weekdays = sorted(cadence.days) or None
    row.occasion, row.ask, row.library_id = terms.occasion, terms.ask, terms.library_id


def _change_in_place(leader, head: Commitment, terms: Terms, today: date) -> Commitment:
    if head.person_id != terms.person_id:
        head.announced_on = None
    _write(head, terms)
    if head.kind is CadenceKind.ONCE:
        head.picked_on = head.retired_on = _checked_date(head.once_on, today)
    db.session.flush()
    room.check(leader, today + DAY)
    return head


def _check_words(terms: Terms) -> None:
    if not terms.title:
        raise Refused("title", _l("Say what you promise."))
    if len(terms.title) > TITLE_LENGTH:
        raise Refused("title", _l("At most %(max)d characters.", max=TITLE_LENGTH))
    if len(terms.intention) > INTENTION_LENGTH:
        raise Refused("intention", _l("At most %(max)d characters.", max=INTENTION_LENGTH))


def _check_changeable(line: Line, terms: Terms, today: date) -> None:
    if line.is_once != (terms.cadence.kind is CadenceKind.ONCE):
        raise Refused(
            "kind",
            _l(
                "A one-time promise cannot become a standing one, or the other "
                "way round. Add a new one instead."
            ),
        )
    if not is_changeable(line, today):
        raise Refused("pillar", _l("It has ended or ends today, so only its words can change."))


def is_changeable(line: Line, today: date) -> bool:
    """Whether more than its words can change."""
    return line.head.ends_on is None or line.head.picked_on > today


def _same_terms(row: Commitment, terms: Terms) -> bool:
    return (row.pillar, row.person_id, value(row).cadence) == (
        terms.pillar,
        terms.person_id,
        terms.cadence,
    )


def _was_answered(row: Commitment) -> bool:
    return db.session.scalar(select(exists().where(Answer.commitment_id == row.id)))


def _last_position(leader) -> int:
    query = select(func.max(Commitment.position)).where(Commitment.leader_id == leader.id)
    return db.session.scalar(query) or 0
