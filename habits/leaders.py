"""Accounts: how a leader comes to be, and how they want to be addressed, timed and shown."""

import secrets
from datetime import datetime

from sqlalchemy import delete as delete_rows

from habits import languages
from habits.db import Base, db, overwrite_freed
from habits.models.leaders import Leader
from habits.models.limits import Attempt


def create(name: str, timezone: str, locale: str, now: datetime, handle: bytes = b"") -> Leader:
    """A new leader; `handle` is what their first passkey calls them, if there is one."""
    leader = Leader(
        handle=handle or secrets.token_bytes(32),
        opaque=secrets.token_hex(16),
        name=" ".join(name.split()),
        timezone=timezone,
        locale=locale,
        week_start=languages.week_start(locale),
        created_at=now,
    )
    db.session.add(leader)
    db.session.flush()
    return leader


def delete(leader) -> None:
    """Remove the leader and every row that is theirs, children first.

    SQLite then overwrites what it frees, so that no page of the file holds it any longer.
    """
    overwrite_freed()
    leader_id = leader.id
    db.session.expunge_all()
    for table in reversed(Base.metadata.sorted_tables):
        if "leader_id" in table.columns:
            db.session.execute(delete_rows(table).where(table.c.leader_id == leader_id))
    db.session.execute(delete_rows(Leader).where(Leader.id == leader_id))
    theirs = Attempt.bucket.like(f"%:{leader_id}"), Attempt.bucket.not_like("%:%:%")  # no address
    db.session.execute(delete_rows(Attempt).where(*theirs))
