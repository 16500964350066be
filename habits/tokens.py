"""Tokens of the API: made and shown once, found by their digest, revoked by deleting the row."""

import secrets
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import contains_eager

from habits.db import db
from habits.limits import Limit
from habits.models.leaders import Leader
from habits.models.tokens import Reach, Token
from habits.problems import Refused
from habits.sessions import digest

PREFIX = "kept_"  # by which a scanner of leaked secrets knows it
MOST = 20  # of one leader
CALLS = Limit("token", tries=120, per=timedelta(minutes=1))
USED_EVERY = timedelta(minutes=15)  # how closely last_used_at is noted


def make(leader: Leader, name: str, reach: Reach, now: datetime) -> tuple[Token, str]:
    """A new token: its row, and the secret, which is kept nowhere. Raises Refused for too many."""
    count = select(func.count()).select_from(Token).where(Token.leader_id == leader.id)
    if db.session.scalar(count) >= MOST:
        raise Refused("name", _l("You have twenty. Revoke one that is no longer used."))
    secret = PREFIX + secrets.token_urlsafe(32)
    row = Token(
        leader_id=leader.id,
        name=" ".join(name.split()),
        digest=digest(secret),
        reach=reach,
        created_at=now,
    )
    db.session.add(row)
    db.session.flush()
    return row, secret


def of(leader: Leader) -> list[Token]:
    """The leader's tokens, newest first."""
    query = select(Token).where(Token.leader_id == leader.id)
    return list(db.session.scalars(query.order_by(Token.created_at.desc(), Token.id.desc())))


def find(secret: str) -> Token | None:
    """The token of a secret with its leader, in one statement."""
    return db.session.scalar(_with_leader(secret))


def find_to_write(secret: str) -> Token | None:
    """Like find; on PostgreSQL it also makes one leader's writes wait for each other."""
    return db.session.scalar(_with_leader(secret).with_for_update(of=Leader))


def revoke(leader: Leader, token_id: int) -> bool:
    """End one of the leader's tokens; False where there is no such token."""
    query = delete(Token).where(Token.leader_id == leader.id, Token.id == token_id)
    return db.session.execute(query).rowcount == 1


def revoke_all(leader: Leader) -> None:
    """End all of the leader's tokens."""
    db.session.execute(delete(Token).where(Token.leader_id == leader.id))


def is_stale(token: Token, now: datetime) -> bool:
    """Whether last_used_at is to be written again."""
    return token.last_used_at is None or now - token.last_used_at >= USED_EVERY


def used(token: Token, now: datetime) -> None:
    """Note that it was used."""
    db.session.execute(update(Token).where(Token.id == token.id).values(last_used_at=now))


def _with_leader(secret: str):
    query = select(Token).join(Token.leader).options(contains_eager(Token.leader))
    return query.where(Token.digest == digest(secret))
