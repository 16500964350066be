"""Where each person's account stood at a fixed day: what their fold need not do again.

A tap leaves these rows alone: other writes and the ticker move them on, and a page folds from them.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from habits import fixed_days
from habits.book import Book, stretch
from habits.days import DAY
from habits.db import db, insert
from habits.models.answers import Lapse
from habits.models.commitments import Commitment
from habits.models.people import PersonDay
from habits.trust.account import Day, State
from habits.trust.fold import walk
from habits.trust.plan import Plan, Standing
from habits.trust.shares import DAYS

STATE = tuple(name for name in fixed_days.FIGURES if name != "date")


@dataclass(frozen=True)
class Since:
    """Where one person's fold is resumed: the state, and how many promises stood how until then."""

    state: State | None = None
    counts: Counter = None

    def __post_init__(self):
        object.__setattr__(self, "counts", self.counts or Counter())


def stored(leader, today: date) -> dict[int, Since]:
    """Where each person's account stood, by person; what may still change is left out."""
    query = select(PersonDay).where(
        PersonDay.leader_id == leader.id, PersonDay.date <= fixed_days.last_fixed(today)
    )
    return {row.person_id: _since(row) for row in db.session.scalars(query)}


def book_of(leader, today: date, known: dict[int, Since]) -> Book:
    """The record from which everyone's account can be folded on, of 56 days and more."""
    shown = today - (DAYS - 1) * DAY
    return stretch(leader, today, min(_oldest(leader, known) or shown, shown), today)


def settle(leader, today: date) -> None:
    """Store where the account of each person stands at the end of the last fixed day."""
    known, last = stored(leader, today), fixed_days.last_fixed(today)
    book = book_of(leader, today, known)
    named = {row.person_id for row in (*book.commitments.values(), *book.lapses)} - {None}
    found = {person: known.get(person, Since()) for person in sorted(named | set(known))}
    rows = [
        _row(leader, person, since, days)
        for person, since in found.items()
        if (days := tuple(_until(book, person, since, last)))
    ]
    if rows:
        statement = insert(PersonDay).values(rows)
        fresh = {name: statement.excluded[name] for name in rows[0] if name != "person_id"}
        db.session.execute(
            statement.on_conflict_do_update(index_elements=["person_id"], set_=fresh)
        )


def settle_late(leader, today: date) -> None:
    """Settle where it is so long ago that the page of people reads more than it shows."""
    oldest = _oldest(leader, stored(leader, today))
    if oldest is not None and oldest < today - (DAYS - 1) * DAY:
        settle(leader, today)


def wrong(book: Book) -> list[date]:
    """The dates of stored rows that folding the whole book does not give."""
    query = select(PersonDay).where(
        PersonDay.leader_id == book.leader.id,
        PersonDay.date <= fixed_days.last_fixed(book.today),
    )
    return [row.date for row in db.session.scalars(query) if not _matches(book, row)]


def days(book: Book, person_id: int, since: Since) -> Iterable[Day]:
    """One person's days after those that are stored."""
    return walk(Plan(book.history.for_person(person_id)), book.today, since.state)


def _oldest(leader, known: dict[int, Since]) -> date | None:
    """The first day that anyone's account has to be folded from."""
    found = [since.state.date + DAY for since in known.values()]
    for model, day in ((Commitment, Commitment.picked_on), (Lapse, Lapse.date)):
        query = select(func.min(day)).where(
            model.leader_id == leader.id,
            model.person_id.is_not(None),
            model.person_id.not_in(known),
        )
        if model is Lapse:
            query = query.where(Lapse.withdrawn_at.is_(None))
        found.append(db.session.scalar(query))
    return min((day for day in found if day is not None), default=None)


def _matches(book: Book, row: PersonDay) -> bool:
    """Whether a stored row is what the fold gives, bit for bit."""
    days = tuple(_until(book, row.person_id, Since(), row.date))
    folded = _row(book.leader, row.person_id, Since(), days) if days else {}
    return bool(days) and all(getattr(row, name) == value for name, value in folded.items())


def _until(book: Book, person_id: int, since: Since, last: date) -> Iterable[Day]:
    return (day for day in days(book, person_id, since) if day.date <= last)


def _since(row: PersonDay) -> Since:
    own = {int(commitment): tuple(streaks) for commitment, streaks in row.state["own"].items()}
    state = State(date=row.date, **{name: row.state[name] for name in STATE}, own=own)
    counts = Counter({Standing(standing): times for standing, times in row.counts.items()})
    return Since(state, counts)


def _row(leader, person_id: int, since: Since, days: tuple[Day, ...]) -> dict:
    state = days[-1].state
    own = {str(commitment): list(streaks) for commitment, streaks in state.own.items()}
    counts = since.counts + Counter(p.standing for day in days for p in day.promises)
    return {
        "person_id": person_id,
        "leader_id": leader.id,
        "date": state.date,
        "state": {name: getattr(state, name) for name in STATE} | {"own": own},
        "counts": {standing.value: times for standing, times in counts.items()},
    }
