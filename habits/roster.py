"""Who has an account here, as the host's operator may know it."""

from datetime import datetime

from sqlalchemy import func, select

from habits.db import db
from habits.models.devices import Session
from habits.models.leaders import Leader


def leaders() -> list[Leader]:
    """All leaders, the first first."""
    return list(db.session.scalars(select(Leader).order_by(Leader.id)))


def last_seen() -> dict[int, datetime]:
    """When each leader's signed-in devices were last used, by the leader's id."""
    query = select(Session.leader_id, func.max(Session.last_seen_at)).group_by(Session.leader_id)
    return dict(db.session.execute(query).tuples().all())


def called(name: str) -> list[Leader]:
    """The leader of this id, else all leaders of this name, whatever its case."""
    if name.isascii() and name.isdigit() and len(name) < 10:
        leader = db.session.get(Leader, int(name))
        if leader:
            return [leader]
    wanted = name.strip().casefold()
    return [leader for leader in leaders() if leader.name.casefold() == wanted]
