"""The stored states of fixed days: what the fold need not do again."""

import json
from datetime import date, timedelta
from functools import cache
from math import sqrt

from sqlalchemy import Row, Text, bindparam, case, cast, delete, select

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
NO_MARKS = "[]"


def last_fixed(today: date) -> date:
    """The latest date that can no longer change."""
    return today - timedelta(days=8)


def stored(leader, today: date, most: int, before: date | None = None) -> list[Row]:
    """At most `most` stored days up to `before` (not included), newest first.

    `own` and `marks` are JSON still: of five weeks only one day's streaks are ever looked at.
    """
    last = last_fixed(today) if before is None else min(last_fixed(today), before - timedelta(1))
    asked = {"leader": leader.id, "last": last, "most": most}
    return list(db.session.execute(_newest(), asked))


@cache
def _newest():
    table = FixedDay.__table__.c
    return (
        select(
            table.leader_id,
            *(table[name] for name in FIGURES),
            cast(table.own, Text).label("own"),
            cast(table.marks, Text).label("marks"),
        )
        .where(table.leader_id == bindparam("leader"), table.date <= bindparam("last"))
        .order_by(table.date.desc())
        .limit(bindparam("most"))
    )


def figures(leader, since: date | None, before: date) -> list[tuple]:
    """(date, character, competency, marks or None) of the stored days, oldest first, as a chart
    needs them: from `since` on, up to `before` (not included). Ten years take one cheap statement.
    """
    withdrawn = case((cast(FixedDay.marks, Text) != NO_MARKS, FixedDay.marks))
    query = select(FixedDay.date, FixedDay.character, FixedDay.competency, withdrawn).where(
        FixedDay.leader_id == leader.id, FixedDay.date < before
    )
    if since is not None:
        query = query.where(FixedDay.date >= since)
    return db.session.execute(query.order_by(FixedDay.date)).all()


def state(row: Row) -> State:
    """The fold's state at the end of a stored day."""
    own = {int(commitment): tuple(streaks) for commitment, streaks in json.loads(row.own).items()}
    return State(**{name: getattr(row, name) for name in FIGURES}, own=own)


def balance(row: Row) -> float:
    """The balance at the end of a stored day."""
    return sqrt(row.character * row.competency)


def fell(row: Row) -> list:
    """The withdrawals of a stored day, as `marks` gives them."""
    return json.loads(row.marks) if row.marks != NO_MARKS else []


def store(leader, days: list[Day]) -> None:
    """Write the states of these days, over older ones of the same dates."""
    statement = insert(FixedDay)
    fresh = {name: statement.excluded[name] for name in (*FIGURES[1:], "own", "marks")}
    statement = statement.on_conflict_do_update(index_elements=["leader_id", "date"], set_=fresh)
    # A list of rows, not one long statement: that would be compiled anew for every length.
    db.session.connection().execute(statement, [_row(leader, day) for day in days])


def forget(leader, since: date) -> None:
    """Drop the stored days from `since` on, people's accounts of then included."""
    for model in (FixedDay, PersonDay):
        query = delete(model).where(model.leader_id == leader.id, model.date >= since)
        db.session.execute(query)


def matches(row: Row, leader, day: Day) -> bool:
    """Whether a stored day is what the fold gives, bit for bit."""
    found = row._asdict() | {"own": json.loads(row.own), "marks": json.loads(row.marks)}
    return found == _row(leader, day)


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
