"""A row of every table for a leader, made from what the schema says: none can be forgotten."""

from datetime import date, datetime, time

from sqlalchemy import JSON, select

from habits.db import Base, Instant, db
from tests.cast import TODAY
from tests.clock import MONDAY

VALUES = {
    int: 1, bool: False, float: 1.0, date: TODAY, datetime: MONDAY, time: time(8),
}  # fmt: skip
NOBODYS = {"heartbeats"}  # of the machine, and without a word of any leader


def fill(app, leader_id: int, name: str) -> None:
    """One row of each table but `leaders`, each of the leader's and of the rows before it."""
    with app.app_context():
        made = {"leaders": leader_id}
        for table in Base.metadata.sorted_tables:
            if table.name not in made and table.name not in NOBODYS:
                values = _values(table, made, name, leader_id)
                row = db.session.execute(table.insert().values(values))
                made[table.name] = row.inserted_primary_key[0]
        db.session.commit()


def stored(app) -> dict[str, list[str]]:
    """All rows of all tables but `leaders`."""
    with app.app_context():
        return {
            table.name: sorted(map(repr, db.session.execute(select(table)).all()))
            for table in Base.metadata.sorted_tables
            if table.name not in {"leaders", *NOBODYS}
        }


def _values(table, made: dict, name: str, leader_id: int) -> dict:
    values = {}
    for column in table.columns:
        parent = next((key.column.table for key in column.foreign_keys), None)
        if parent is not None:
            values[column.name] = None if parent is table else made[parent.name]
        elif not column.nullable and not _is_number(column):
            values[column.name] = _value(column, name)
    if table.name == "attempts":  # counted by a bucket that ends with the leader
        values["bucket"] = f"exports:{leader_id}"
    return values


def _is_number(column) -> bool:
    """Whether the database gives it."""
    return column.primary_key and column is column.table.autoincrement_column


def _value(column, name: str):
    enums = getattr(column.type, "enum_class", None)
    if enums is not None:
        return next(iter(enums))
    if isinstance(column.type, Instant | JSON):
        return MONDAY if isinstance(column.type, Instant) else []
    kind = column.type.python_type
    if kind is bytes:
        return name.encode()
    return name[: column.type.length or 60] if kind is str else VALUES[kind]
