"""The account as it is written: new answers, days that become fixed, and what is folded again."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from habits import fixed_days, person_days, repairs
from habits.book import Book, latest, open_book, whole_book
from habits.days import LATE_ARRIVAL_DAYS, in_window, local_date
from habits.db import db, insert
from habits.models.answers import Answer
from habits.models.commitments import Commitment
from habits.problems import KeyReused, Refused, Unknown
from habits.trust import history as trust

SAID = ("commitment_id", "date", "reply", "nature", "told", "note")


@dataclass(frozen=True)
class Said:
    """An answer as the leader gave it; `reply` None takes an earlier one back."""

    commitment_id: int
    date: date
    reply: trust.Reply | None
    key: str
    answered_at: datetime
    nature: trust.Nature | None = None
    told: bool = False
    note: str | None = None

    def __post_init__(self):
        if self.reply is not trust.Reply.BROKEN:
            object.__setattr__(self, "nature", None)
            object.__setattr__(self, "told", False)


@dataclass(frozen=True)
class Recorded:
    """What an answer led to: the record after it, and by how much it moved today's balance."""

    book: Book
    change: float
    repeated: bool
    dropped: repairs.Dropped | None = None  # the repair that went with what it was to mend


def history(leader) -> trust.History:
    """Everything that happened, as the values that the account is made from."""
    return whole_book(leader, date.max).history


def record(leader, said: Said, today: date, now: datetime) -> Recorded:
    """Store an answer once. Raises Refused outside the window, Unknown, KeyReused."""
    said = replace(said, answered_at=min(said.answered_at, now))
    late = not in_window(said.date, today)
    before = open_book(leader, today, said.date if late else None)
    try:
        _check(leader, before, said, today, now)
    except (Refused, Unknown):
        if _is_repeat(leader, said):
            return Recorded(before, 0.0, True)
        raise
    if not _insert(leader, said, now):
        _is_repeat(leader, said)
        return Recorded(before, 0.0, True)
    after, dropped = repairs.drop(before, _with(before, said), said.commitment_id, said.date)
    if late:
        fixed_days.forget(leader, said.date)
        after = replace(after, stored=tuple(r for r in after.stored if r.date < said.date))
    settle(after)
    if late:
        person_days.settle(leader, today)
    return Recorded(after, after.state.balance - before.state.balance, False, dropped)


def said_of(leader, key: str) -> date | None:
    """The day of the answer that bears this key."""
    query = select(Answer.date).where(Answer.leader_id == leader.id, Answer.key == key)
    return db.session.scalar(query)


def settle(book: Book) -> None:
    """Store the days of the book that have become fixed."""
    known = {row.date for row in book.stored}
    last = fixed_days.last_fixed(book.today)
    fixed = [day for day in book.days if day.date <= last and day.date not in known]
    if fixed:
        fixed_days.store(book.leader, fixed)


def refold(leader, today: date, since: date = date.min) -> Book:
    """Fold again from `since` on, after the past was changed on purpose, and store it."""
    fixed_days.forget(leader, since)
    start = None if since == date.min else since
    book = open_book(leader, today, start)
    settle(book)
    person_days.settle(leader, today)
    return book


def clock_moved(leader, today: date) -> None:
    """After a change of zone or day start: days that are in the window again are not fixed."""
    fixed_days.forget(leader, fixed_days.last_fixed(today) + timedelta(days=1))


def given_in_time(leader, day: date, given_at: datetime, now: datetime) -> bool:
    """Whether what was said offline of `day` counts: by when it was given, if it arrives within
    60 days.
    """
    given_on = local_date(given_at, leader.timezone, leader.day_start)
    arrived = now - given_at <= timedelta(days=LATE_ARRIVAL_DAYS)
    return arrived and in_window(day, given_on)


def verify(leader, today: date) -> list[date]:
    """The stored days that folding from the beginning does not give."""
    rows = fixed_days.stored(leader, today, 1_000_000)
    book = whole_book(leader, today)
    days = book.by_date
    wrong = [
        row.date
        for row in rows
        if row.date not in days or not fixed_days.matches(row, leader, days[row.date])
    ]
    return sorted(wrong + person_days.wrong(book))


def _check(leader, book: Book, said: Said, today: date, now: datetime) -> None:
    if said.commitment_id not in book.commitments:
        _find(leader, said.commitment_id)
        raise Refused("date", _l("This commitment had ended by then."))
    if said.date > today:
        raise Refused("date", _l("This day has not begun."))
    if not in_window(said.date, today) and not given_in_time(
        leader, said.date, said.answered_at, now
    ):
        raise Refused("date", _l("This day is fixed: answers can be given for seven days."))
    if not book.plan.can_be_due(said.commitment_id, said.date):
        raise Refused("date", _l("Nothing was promised on this day."))


def _find(leader, commitment_id: int) -> Commitment:
    query = select(Commitment).where(
        Commitment.leader_id == leader.id, Commitment.id == commitment_id
    )
    found = db.session.scalar(query)
    if found is None:
        raise Unknown(commitment_id)
    return found


def _insert(leader, said: Said, now: datetime) -> bool:
    values = {
        "leader_id": leader.id,
        "key": said.key,
        "answered_at": said.answered_at,
        "recorded_at": now,
        **{name: getattr(said, name) for name in SAID},
    }
    connection = db.session.connection()
    return connection.scalar(_adding(connection.dialect.name), values) is not None


@cache
def _adding(_dialect: str):
    row = insert(Answer.__table__).on_conflict_do_nothing(index_elements=["leader_id", "key"])
    return row.returning(Answer.__table__.c.id)


def _is_repeat(leader, said: Said) -> bool:
    """Whether this very answer is stored. Raises KeyReused if another one bears its key."""
    query = select(Answer).where(Answer.leader_id == leader.id, Answer.key == said.key)
    stored = db.session.scalar(query)
    if stored is not None and any(getattr(stored, n) != getattr(said, n) for n in SAID):
        raise KeyReused(said.key)
    return stored is not None


def _with(book: Book, said: Said) -> Book:
    before = book.answers.get((said.commitment_id, said.date))
    if before is not None and before.answered_at > said.answered_at:
        return book
    counts = latest(before, said.reply, said.nature, said.told, said.note, said.answered_at)
    return book.with_answer(said.commitment_id, said.date, counts)
