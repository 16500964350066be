"""Thousands of leaders around the one who is measured, as copies of her rows (SQLite)."""

from datetime import datetime, timedelta

from sqlalchemy import text

from habits.db import db
from habits.models.accounts import FixedDay
from habits.models.answers import Answer
from habits.models.commitments import Commitment
from habits.models.leaders import Leader

DAYS = 14  # of answers each


def surround(dana: Leader, others: int, now: datetime) -> None:
    """Add so many leaders, each with Dana's promises and her answers of the last fortnight."""
    if not others:
        return
    asked = {"dana": dana.id, "others": others, "since": now.date() - timedelta(days=DAYS)}
    for statement in (_leaders(), _commitments(), _answers(), _fixed_days()):
        db.session.execute(text(statement), asked)
    db.session.commit()


def _leaders() -> str:
    columns = _columns(Leader, "id", "handle", "opaque")
    return (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :others) "
        f"INSERT INTO leaders (handle, opaque, {', '.join(columns)}) "
        f"SELECT randomblob(32), lower(hex(randomblob(16))), {', '.join(columns)} "
        "FROM leaders, n WHERE id = :dana"
    )


def _commitments() -> str:
    columns = _columns(Commitment, "id", "leader_id", "person_id")
    return (
        f"INSERT INTO commitments (leader_id, {', '.join(columns)}) "
        f"SELECT leaders.id, {', '.join('hers.' + name for name in columns)} "
        "FROM leaders, commitments AS hers WHERE leaders.id != :dana AND hers.leader_id = :dana"
    )


def _answers() -> str:
    columns = _columns(Answer, "id", "leader_id", "commitment_id", "key")
    return (
        f"INSERT INTO answers (leader_id, commitment_id, key, {', '.join(columns)}) "
        "SELECT mine.leader_id, mine.id, lower(hex(randomblob(16))), "
        f"{', '.join('hers.' + name for name in columns)} "
        "FROM answers AS hers JOIN commitments AS model ON model.id = hers.commitment_id "
        "JOIN commitments AS mine ON mine.position = model.position AND mine.leader_id != :dana "
        "WHERE hers.leader_id = :dana AND hers.date >= :since"
    )


def _fixed_days() -> str:
    columns = _columns(FixedDay, "leader_id")
    return (
        f"INSERT INTO fixed_days (leader_id, {', '.join(columns)}) "
        f"SELECT leaders.id, {', '.join('hers.' + name for name in columns)} "
        "FROM leaders, fixed_days AS hers "
        "WHERE leaders.id != :dana AND hers.leader_id = :dana AND hers.date >= :since"
    )


def _columns(model, *without: str) -> list[str]:
    names = (column.name for column in model.__table__.columns)
    return [f'"{name}"' for name in names if name not in without]
