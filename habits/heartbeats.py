"""When a ticker last worked, so that its silence is noticed."""

from datetime import datetime, timedelta

from sqlalchemy import select

from habits.db import db, insert
from habits.models.hosting import Heartbeat

TICKER = "ticker"
EVERY = timedelta(minutes=1)  # often enough, and no write every few seconds
SILENT = timedelta(minutes=5)


def beat(kind: str, now: datetime) -> None:
    """Say that one works; the caller commits."""
    row = insert(Heartbeat).values(kind=kind, at=now)
    row = row.on_conflict_do_update(index_elements=["kind"], set_={"at": now})
    db.session.execute(row)


def last(kind: str) -> datetime | None:
    """When any of them said so last."""
    return db.session.scalar(select(Heartbeat.at).where(Heartbeat.kind == kind))
