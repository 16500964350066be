"""Time off: dates on which nothing is due, declared ahead, back to a week ago, or on return."""

from datetime import date, datetime, timedelta
from uuid import NAMESPACE_OID, uuid5

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, or_, select

from habits import absences, ledger
from habits.date_words import day_of_month
from habits.days import DAY, WINDOW_DAYS, is_fixed, local_date
from habits.db import db
from habits.models.answers import Answer, Lapse
from habits.models.commitments import TimeOff
from habits.problems import Refused, Unknown
from habits.trust.history import Reply

LONGEST = timedelta(days=366)
FURTHEST = timedelta(days=366)  # ahead of today


class Answered(Refused):
    """Promises in the range were kept or released: `answers` are those to be withdrawn first."""

    def __init__(self, answers: list[Answer]):
        super().__init__("first", _l("Some of these days have answers."))
        self.answers = answers


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


def first_day_on(leader, day: date) -> date:
    """The first day from this one on that is not off."""
    for row in reversed(of(leader)):
        if row.first <= day <= row.last:
            day = row.last + DAY
    return day


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
        raise Refused("key", _l("This time off does not include today."))
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
        raise Refused("key", _l("Some of these days are fixed by now, so this time off stays."))
    row.withdrawn_at = now
    for withdrawn in _withdrawn_by(leader, row):
        before = _before(withdrawn)
        if before is not None and before.reply is not None:
            _say(leader, before, before.reply, now, _key(f"back-{row.id}", before))
    db.session.flush()
    _refold(leader, row.first, today)


def _check_range(leader, first: date, last: date, today: date) -> None:
    if last < first:
        raise Refused("last", _l("The last day is before the first. Choose a later last day."))
    if last - today > FURTHEST:
        raise Refused("last", _l("Choose a day within a year from today."))
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
    stretch = next((one for one in absences.stretches(leader, today) if one.first < edge), None)
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
                "That far back, time off has to cover the whole absence: %(first)s to %(last)s.",
                first=day_of_month(stretch.first),
                last=day_of_month(stretch.last),
            ),
        )


def _check_nothing_broken(leader, first: date, last: date) -> None:
    broken = db.session.scalar(
        absences.counting_answers(leader).where(
            Answer.reply == Reply.BROKEN, Answer.date >= first, Answer.date <= last
        )
    )
    if broken is not None:
        raise Refused(
            "first",
            _l("A promise was broken on %(day)s: that day stays.", day=day_of_month(broken.date)),
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
            _l("A lapse stands on %(day)s: that day stays.", day=day_of_month(lapse.date)),
        )


def _standing_answers(leader, first: date, last: date) -> list[Answer]:
    query = absences.counting_answers(leader).where(Answer.date >= first, Answer.date <= last)
    return list(db.session.scalars(query.order_by(Answer.date, Answer.id)))


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
