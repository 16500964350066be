"""Absences: stretches of which every day with a promise was left unanswered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from habits.book import Book, open_book
from habits.days import DAY, WINDOW_DAYS, is_open, local_date
from habits.db import db
from habits.models.answers import Answer, Lapse
from habits.models.commitments import Commitment


@dataclass(frozen=True)
class Stretch:
    """Days of which every one with a promise was left unanswered."""

    first: date  # the first such day, and the last
    last: date
    after: date  # the latest date before `first` on which something was said


def wholly_silent_stretch(leader, today: date) -> tuple[date, date] | None:
    """The first and last day of the latest absence, if the leader is back for at most 7 days.

    Every day of it with a promise was left unanswered, one of them for so long that it is silent.
    """
    for stretch in stretches(leader, today):
        if not is_open(stretch.first, today):
            return stretch.first, stretch.last
    return None


def stretches(leader, today: date) -> Iterator[Stretch]:
    """The absences from which the leader returned at most 7 days ago, the latest first."""
    book, said = _recent(leader, today)
    if book is None:
        return
    back = today - timedelta(days=WINDOW_DAYS)
    ends = [*sorted(said), today] if today not in said else sorted(said)
    for before, end in reversed(list(zip(ends, ends[1:], strict=False))):
        given = [on for day, on in said.items() if end <= day <= today]
        if given and min(given) < back:
            return
        days = [before + n * DAY for n in range(1, (end - before).days)]
        due = [day for day in days if book.plan.promises(day, today)]
        if due:
            yield Stretch(due[0], due[-1], before)


def counting_answers(leader):
    """The answers that count: given, and neither followed by another nor taken back."""
    later = aliased(Answer)
    followed = exists().where(
        later.commitment_id == Answer.commitment_id,
        later.date == Answer.date,
        or_(
            later.answered_at > Answer.answered_at,
            and_(later.answered_at == Answer.answered_at, later.id > Answer.id),
        ),
    )
    return select(Answer).where(Answer.leader_id == leader.id, Answer.reply.is_not(None), ~followed)


def _recent(leader, today: date) -> tuple[Book | None, dict[date, date]]:
    """The record around the latest absence, and the dates on which something was said.

    Each with the local date on which it was said first. The earliest is the last before that.
    """
    edge = today - timedelta(days=2 * WINDOW_DAYS)
    start = _last_said_before(leader, edge) or _before_the_first(leader)
    if start is None:
        return None, {}
    book = open_book(leader, today, start)
    said = {start: start}
    for (_, day), answer in book.answers.items():
        if answer.reply is not None:
            _note(said, day, local_date(answer.first_at, leader.timezone, leader.day_start))
    for lapse in book.lapses:
        _note(said, lapse.date, local_date(lapse.recorded_at, leader.timezone, leader.day_start))
    return book, {day: on for day, on in said.items() if start <= day <= today}


def _note(said: dict[date, date], day: date, on: date) -> None:
    said[day] = min(on, said.get(day, on))


def _last_said_before(leader, edge: date) -> date | None:
    answered = (
        counting_answers(leader).where(Answer.date < edge).order_by(Answer.date.desc()).limit(1)
    )
    lapsed = select(func.max(Lapse.date)).where(
        Lapse.leader_id == leader.id, Lapse.withdrawn_at.is_(None), Lapse.date < edge
    )
    found = [db.session.scalar(answered.with_only_columns(Answer.date)), db.session.scalar(lapsed)]
    return max(filter(None, found), default=None)


def _before_the_first(leader) -> date | None:
    query = select(func.min(Commitment.picked_on)).where(Commitment.leader_id == leader.id)
    first = db.session.scalar(query)
    return first and first - DAY
