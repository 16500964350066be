"""The stored states of fixed days: what the fold need not do again."""

from datetime import date, timedelta

from sqlalchemy import Text, case, cast, delete, select

from habits.db import db, insert
from habits.models.accounts import FixedDay
from habits.models.people import PersonDay
from habits.trust.account import Day, EntryKind, State

FIGURES = (
    "date",
    "character",
    "competency",
    "character_streak",
    "competency_streak",
    "scar_lasting",
    "scar_fading",
    "absent",
    "back",
    "streak",
    "longest",
)
BATCH = 500  # rows a statement: SQLite binds at most 32,766 values


def last_fixed(today: date) -> date:
    """The latest date that can no longer change."""
    return today - timedelta(days=8)


def stored(leader, today: date, most: int, before: date | None = None) -> list[FixedDay]:
    """At most `most` stored days up to `before` (not included), newest first."""
    query = select(FixedDay).where(
        FixedDay.leader_id == leader.id, FixedDay.date <= last_fixed(today)
    )
    if before is not None:
        query = query.where(FixedDay.date < before)
    return list(db.session.scalars(query.order_by(FixedDay.date.desc()).limit(most)))


def figures(leader, since: date | None, before: date) -> list[tuple]:
    """(date, character, competency, marks or None) of the stored days, oldest first, as a chart
    needs them: from `since` on, up to `before` (not included). Ten years take one cheap statement.
    """
    fell = case((cast(FixedDay.marks, Text) != "[]", FixedDay.marks))
    query = select(FixedDay.date, FixedDay.character, FixedDay.competency, fell).where(
        FixedDay.leader_id == leader.id, FixedDay.date < before
    )
    if since is not None:
        query = query.where(FixedDay.date >= since)
    return db.session.execute(query.order_by(FixedDay.date)).all()


def state(row: FixedDay) -> State:
    """The fold's state at the end of a stored day."""
    own = {int(commitment): tuple(streaks) for commitment, streaks in row.own.items()}
    return State(**{name: getattr(row, name) for name in FIGURES}, own=own)


def store(leader, days: list[Day]) -> None:
    """Write the states of these days, over older ones of the same dates."""
    rows = [_row(leader, day) for day in days]
    for start in range(0, len(rows), BATCH):
        statement = insert(FixedDay).values(rows[start : start + BATCH])
        fresh = {name: statement.excluded[name] for name in (*FIGURES[1:], "own", "marks")}
        db.session.execute(
            statement.on_conflict_do_update(index_elements=["leader_id", "date"], set_=fresh)
        )


def forget(leader, since: date) -> None:
    """Drop the stored days from `since` on, people's accounts of then included."""
    for model in (FixedDay, PersonDay):
        query = delete(model).where(model.leader_id == leader.id, model.date >= since)
        db.session.execute(query)


def matches(row: FixedDay, leader, day: Day) -> bool:
    """Whether a stored day is what the fold gives, bit for bit."""
    return all(getattr(row, name) == value for name, value in _row(leader, day).items())


def marks(day: Day) -> list:
    """The day's withdrawals: [kind, nature, told, commitment or None, change of balance]."""
    return [
        [
            entry.kind.value,
            entry.nature.value if entry.nature else None,
            entry.told,
            entry.promises[0].commitment.id if entry.promises else None,
            entry.balance_change,
        ]
        for entry in day.entries
        if entry.kind is not EntryKind.KEPT and entry.rate
    ]


def _row(leader, day: Day) -> dict:
    values = {name: getattr(day.state, name) for name in FIGURES}
    own = {str(commitment): list(streaks) for commitment, streaks in day.state.own.items()}
    return {"leader_id": leader.id, **values, "own": own, "marks": marks(day)}
