"""Single-use links: only a digest of their token is kept."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from habits.db import db
from habits.models.devices import Link, LinkKind
from habits.models.leaders import Leader
from habits.sessions import digest

LIFETIMES = {
    LinkKind.SIGN_IN: timedelta(minutes=10),
    LinkKind.DEVICE: timedelta(minutes=10),
    LinkKind.INVITE: timedelta(days=7),
}
PATHS = {
    LinkKind.SIGN_IN: "/links/",
    LinkKind.DEVICE: "/devices/",
    LinkKind.INVITE: "/invitations/",
}
KEPT_AFTER = timedelta(days=30)


def make(kind: LinkKind, leader: Leader | None, now: datetime) -> str:
    """A new link; returns its token, which is kept nowhere else."""
    token = secrets.token_urlsafe(32)
    db.session.execute(delete(Link).where(Link.expires_at < now - KEPT_AFTER))
    db.session.add(
        Link(
            kind=kind,
            leader_id=leader.id if leader else None,
            digest=digest(token),
            expires_at=now + LIFETIMES[kind],
            created_at=now,
        )
    )
    return token


def address(origin: str, kind: LinkKind, token: str) -> str:
    """Where the link leads."""
    return f"{origin}{PATHS[kind]}{token}"


def find(token: str, kind: LinkKind, now: datetime) -> Link | None:
    """The unused link of this token; None where it is over, used, unknown or of another kind."""
    return db.session.scalar(
        select(Link).where(
            Link.digest == digest(token),
            Link.kind == kind,
            Link.used_at.is_(None),
            Link.expires_at > now,
        )
    )


def use(link: Link, now: datetime) -> bool:
    """Use it up; False where another request was first."""
    query = update(Link).where(Link.id == link.id, Link.used_at.is_(None), Link.expires_at > now)
    return db.session.execute(query.values(used_at=now)).rowcount == 1


def close(leader: Leader) -> None:
    """Forget what would let another device in: whoever made it may not have been the leader."""
    mine = (Link.leader_id == leader.id, Link.kind == LinkKind.DEVICE)
    db.session.execute(delete(Link).where(*mine))
