"""Signed-in devices are rows: what is deleted here is signed out with its next request."""

import hashlib
import secrets
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import contains_eager

from habits.db import db
from habits.models.devices import Scope, Session
from habits.models.leaders import Leader

IDLE = timedelta(days=90)
LONGEST = timedelta(days=365)
ENROLMENT = timedelta(minutes=15)  # for a session that may only add a passkey
FRESH = timedelta(minutes=5)
SEEN_EVERY = timedelta(hours=1)


def start(leader: Leader, device: str, now: datetime, scope=Scope.FULL, passkey=None) -> str:
    """A new session; returns its token, which is kept nowhere else."""
    token = secrets.token_urlsafe(32)
    row = Session(
        leader_id=leader.id,
        passkey_id=passkey.id if passkey else None,
        digest=digest(token),
        scope=scope,
        device=device[:60],
        created_at=now,
        last_seen_at=now,
        confirmed_at=now if passkey else None,
    )
    db.session.add(row)
    return token


def find(token: str, now: datetime) -> Session | None:
    """The live session of a token with its leader, in one statement."""
    return _live(token, now, lock=False)


def find_to_write(token: str, now: datetime) -> Session | None:
    """Like find; on PostgreSQL it also makes one leader's writes wait for each other."""
    return _live(token, now, lock=True)


def is_fresh(session: Session, now: datetime) -> bool:
    """Whether a passkey was used on this device within five minutes."""
    return session.confirmed_at is not None and now - session.confirmed_at < FRESH


def confirm(token: str, now: datetime) -> None:
    """Take this device for one on which a passkey was just used."""
    query = update(Session).where(Session.digest == digest(token))
    db.session.execute(query.values(confirmed_at=now))


def is_over(row: Session, now: datetime) -> bool:
    """Whether a device was left alone for too long, or is signed in for too long."""
    if row.scope is Scope.ENROL:
        return now - row.created_at >= ENROLMENT
    return now - row.last_seen_at >= IDLE or now - row.created_at >= LONGEST


def seen(session_id: int, now: datetime) -> None:
    """Note that a device was used; at most hourly, see `is_stale`."""
    db.session.execute(update(Session).where(Session.id == session_id).values(last_seen_at=now))


def is_stale(session: Session, now: datetime) -> bool:
    """Whether last_seen_at is to be written again."""
    return now - session.last_seen_at >= SEEN_EVERY


def of(leader: Leader) -> list[Session]:
    """The leader's devices, last used first."""
    query = select(Session).where(Session.leader_id == leader.id)
    return list(db.session.scalars(query.order_by(Session.last_seen_at.desc(), Session.id)))


def end(leader: Leader, session_id: int) -> bool:
    """Sign one device out; False where the leader has no such device."""
    query = delete(Session).where(Session.leader_id == leader.id, Session.id == session_id)
    return db.session.execute(query).rowcount == 1


def end_all(leader: Leader, but: int | None = None) -> int:
    """Sign all devices out but one; returns how many."""
    query = delete(Session).where(Session.leader_id == leader.id, Session.id != (but or 0))
    return db.session.execute(query).rowcount


def digest(token: str) -> str:
    """What is stored of a random token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


@cache
def _with_leader(lock: bool):
    """The session of a token's digest with its leader; built once, for every request asks it."""
    query = (
        select(Session)
        .join(Session.leader)
        .options(contains_eager(Session.leader))
        .where(Session.digest == bindparam("digest"))
    )
    return query.with_for_update(of=Leader) if lock else query


def _live(token: str, now: datetime, lock: bool) -> Session | None:
    row = db.session.scalar(_with_leader(lock), {"digest": digest(token)})
    return row if row and not is_over(row, now) else None
