"""The client names each write, so that a repeat is harmless."""

import hashlib
import json
from datetime import datetime

from sqlalchemy import update

from habits.db import db, insert
from habits.models.writes import Write
from habits.problems import KeyReused


def first_time(leader, key: str, sent: dict, now: datetime) -> bool:
    """Claim `key` in this transaction; False for a repeat. Raises KeyReused for another body."""
    digest = _digest(sent)
    row = insert(Write).values(leader_id=leader.id, key=key, digest=digest, at=now)
    if db.session.scalar(row.on_conflict_do_nothing().returning(Write.key)) is not None:
        return True
    if db.session.get(Write, (leader.id, key)).digest != digest:
        raise KeyReused(key)
    return False


def made(leader, key: str) -> int | None:
    """The id of what the first write with this key made."""
    return db.session.get(Write, (leader.id, key), populate_existing=True).made_id


def remember(leader, key: str, made_id: int) -> None:
    """Note what the write with this key made."""
    db.session.execute(
        update(Write).where(Write.leader_id == leader.id, Write.key == key).values(made_id=made_id)
    )


def _digest(sent: dict) -> str:
    return hashlib.sha256(json.dumps(sent, sort_keys=True, default=str).encode()).hexdigest()
