"""Time off: dates on which nothing is due, declared ahead, back to a week ago, or on return."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import NAMESPACE_OID, uuid5

from flask_babel import format_date
from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from habits import ledger
from habits.book import Book, open_book
from habits.days import DAY, WINDOW_DAYS, is_fixed, is_open, local_date
from habits.db import db
from habits.models.answers import Answer, Lapse
from habits.models.commitments import Commitment, TimeOff
from habits.problems import Refused, Unknown
from habits.trust.history import Reply

LONGEST = timedelta(days=366)
FURTHEST = timedelta(days=366)  # ahead of today


class Answered(Refused):
    """Promises in the range were kept or released: `answers` are those to be withdrawn first."""

    def __init__(self, answers: list[Answer]):
        super().__init__("first", _l("Some of these days have answers."))
        self.answers = answers


@dataclass(frozen=True)
class Stretch:
    """Days of which every one with a promise was left unanswered."""

    first: date  # the first such day, and the last
    last: date
    after: date  # the latest date before `first` on which something was said


def of(leader) -> list[TimeOff]:
    """All time off that was declared and not withdrawn, latest first."""
    query = select(TimeOff).where(TimeOff.leader_id == leader.id, TimeOff.withdrawn_at.is_(None))
    return list(db.session.scalars(query.order_by(TimeOff.first.desc(), TimeOff.id.desc())))


def find(leader, time_off_id: int) -> TimeOff:
    """One of them, withdrawn or not. Raises Unknown."""
    query = select(TimeOff).where(TimeOff.leader_id == leader.id, TimeOff.id == time_off_id)
    row = db.session.scalar(query)
    if row is None:
        raise Unknown(time_off_id)
    return row


def declare(leader, first: date, last: date, today: date, now: datetime) -> TimeOff:
    """Take these dates off. Raises Refused, and Answered where answers have to be withdrawn."""
    _check_range(leader, first, last, today)
    standing = _standing_answers(leader, first, last)
    if standing:
        raise Answered(standing)
    return _store(leader, first, last, today, now)


def declare_over_answers(
    leader, first: date, last: date, today: date, now: datetime, key: str
) -> TimeOff:
    """The same, withdrawing kept and released answers; `key` names what is withdrawn. Refused."""
    _check_range(leader, first, last, today)
    for answer in _standing_answers(leader, first, last):
        _say(leader, answer, None, now, _key(key, answer))
    db.session.flush()
    return _store(leader, first, last, today, now)


def can_end(row: TimeOff, today: date) -> bool:
    """Whether it began before today and still runs."""
    return row.first < today <= row.last and row.withdrawn_at is None


def end(row: TimeOff, today: date) -> None:
    """Come back early: from today on all is due again. Raises Refused if it does not run."""
    if not can_end(row, today):
        raise Refused("key", _l("It does not run today."))
    row.last = today - DAY


def can_withdraw(leader, row: TimeOff, today: date) -> bool:
    """Whether it can be as if it had never been: no fixed day changes, or it was said today."""
    said_on = local_date(row.declared_at, leader.timezone, leader.day_start)
    return row.withdrawn_at is None and (not is_fixed(row.first, today) or said_on == today)


def withdraw(leader, row: TimeOff, today: date, now: datetime) -> None:
    """Take it back, and bring the answers back that it withdrew. Raises Refused once it is old."""
    if row.withdrawn_at is not None:
        return
    if not can_withdraw(leader, row, today):
        raise Refused("key", _l("Part of it lies on days that are fixed by now: it stays."))
    row.withdrawn_at = now
    for withdrawn in _withdrawn_by(leader, row):
        before = _before(withdrawn)
        if before is not None and before.reply is not None:
            _say(leader, before, before.reply, now, _key(f"back-{row.id}", before))
    db.session.flush()
    _refold(leader, row.first, today)


def wholly_silent_stretch(leader, today: date) -> tuple[date, date] | None:
    """The first and last day of the latest absence, if the leader is back for at most 7 days.

    Every day of it with a promise was left unanswered, one of them for so long that it is silent.
    """
    for stretch in _stretches(leader, today):
        if not is_open(stretch.first, today):
            return stretch.first, stretch.last
    return None


def _check_range(leader, first: date, last: date, today: date) -> None:
    if last < first:
        raise Refused("last", _l("It ends before it begins."))
    if last - today > FURTHEST:
        raise Refused("last", _l("That is more than a year ahead."))
    if is_fixed(first, today):
        _check_far_back(leader, first, last, today)
    elif last - first > LONGEST:
        raise Refused("last", _l("Time off is a year at most."))
    _check_nothing_broken(leader, first, last)
    if any(row.first <= first and last <= row.last for row in of(leader)):
        raise Refused("first", _l("These days are off already."))


def _check_far_back(leader, first: date, last: date, today: date) -> None:
    """So far back only the whole of an absence can be taken off, and only on return from it."""
    edge = today - timedelta(days=WINDOW_DAYS)
    stretch = next((one for one in _stretches(leader, today) if one.first < edge), None)
    if stretch is None:
        raise Refused(
            "first",
            _l("Time off reaches back seven days; further only over an absence, on your return."),
        )
    whole = stretch.after < first <= stretch.first and last >= min(stretch.last, edge - DAY)
    if not whole:
        raise Refused(
            "first",
            _l(
                "So far back it is the whole absence, from %(first)s to %(last)s.",
                first=_said_day(stretch.first),
                last=_said_day(stretch.last),
            ),
        )


def _check_nothing_broken(leader, first: date, last: date) -> None:
    broken = db.session.scalar(
        _counting(leader).where(
            Answer.reply == Reply.BROKEN, Answer.date >= first, Answer.date <= last
        )
    )
    if broken is not None:
        raise Refused(
            "first",
            _l("A promise was broken on %(day)s: that day stays.", day=_said_day(broken.date)),
        )
    lapse = db.session.scalar(
        select(Lapse).where(
            Lapse.leader_id == leader.id,
            Lapse.withdrawn_at.is_(None),
            Lapse.date >= first,
            Lapse.date <= last,
        )
    )
    if lapse is not None:
        raise Refused(
            "first",
            _l("A lapse stands on %(day)s: that day stays.", day=_said_day(lapse.date)),
        )


def _said_day(day: date) -> str:
    return format_date(day, "d MMMM")


def _standing_answers(leader, first: date, last: date) -> list[Answer]:
    query = _counting(leader).where(Answer.date >= first, Answer.date <= last)
    return list(db.session.scalars(query.order_by(Answer.date, Answer.id)))


def _counting(leader):
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


def _store(leader, first: date, last: date, today: date, now: datetime) -> TimeOff:
    row = TimeOff(leader_id=leader.id, first=first, last=last, declared_at=now)
    db.session.add(row)
    db.session.flush()
    _refold(leader, first, today)
    return row


def _refold(leader, first: date, today: date) -> None:
    if is_fixed(first, today):
        ledger.refold(leader, today, since=first)


def _say(leader, answer: Answer, reply: Reply | None, now: datetime, key: str) -> None:
    """One more event for the promise of `answer`."""
    db.session.add(
        Answer(
            leader_id=leader.id,
            commitment_id=answer.commitment_id,
            date=answer.date,
            reply=reply,
            note=answer.note,
            key=key,
            answered_at=now,
            recorded_at=now,
        )
    )


def _key(key: str, answer: Answer) -> str:
    return str(uuid5(NAMESPACE_OID, f"{key}/{answer.commitment_id}/{answer.date}"))


def _withdrawn_by(leader, row: TimeOff) -> list[Answer]:
    query = select(Answer).where(
        Answer.leader_id == leader.id,
        Answer.date >= row.first,
        Answer.date <= row.last,
        Answer.reply.is_(None),
        Answer.answered_at == row.declared_at,
    )
    return list(db.session.scalars(query))


def _before(withdrawn: Answer) -> Answer | None:
    query = select(Answer).where(
        Answer.commitment_id == withdrawn.commitment_id,
        Answer.date == withdrawn.date,
        or_(
            Answer.answered_at < withdrawn.answered_at,
            and_(Answer.answered_at == withdrawn.answered_at, Answer.id < withdrawn.id),
        ),
    )
    return db.session.scalar(query.order_by(Answer.answered_at.desc(), Answer.id.desc()).limit(1))


def _stretches(leader, today: date) -> Iterator[Stretch]:
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
    answered = _counting(leader).where(Answer.date < edge).order_by(Answer.date.desc()).limit(1)
    lapsed = select(func.max(Lapse.date)).where(
        Lapse.leader_id == leader.id, Lapse.withdrawn_at.is_(None), Lapse.date < edge
    )
    found = [db.session.scalar(answered.with_only_columns(Answer.date)), db.session.scalar(lapsed)]
    return max(filter(None, found), default=None)


def _before_the_first(leader) -> date | None:
    query = select(func.min(Commitment.picked_on)).where(Commitment.leader_id == leader.id)
    first = db.session.scalar(query)
    return first and first - DAY
