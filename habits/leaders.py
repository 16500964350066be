"""Accounts: how a leader comes to be, and how they want to be addressed, timed and shown."""

import secrets
from datetime import datetime

from habits.db import db
from habits.models.leaders import Leader


def create(name: str, timezone: str, locale: str, now: datetime, handle: bytes = b"") -> Leader:
    """A new leader; `handle` is what their first passkey calls them, if there is one."""
    leader = Leader(
        handle=handle or secrets.token_bytes(32),
        opaque=secrets.token_hex(16),
        name=" ".join(name.split()),
        timezone=timezone,
        locale=locale,
        created_at=now,
    )
    db.session.add(leader)
    db.session.flush()
    return leader
