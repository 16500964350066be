"""Devices that take reminders: each belongs to a session and ends with it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from flask_babel import lazy_gettext as _l
from sqlalchemy import bindparam, case, delete, func, null, or_, select, update
from sqlalchemy.orm import contains_eager

from habits import sessions
from habits.db import db, insert
from habits.models.devices import Scope, Session, Subscription
from habits.models.leaders import Leader
from habits.models.reminders import Kind, Outcome
from habits.problems import Refused, Unknown
from habits.push import Result

MOST = 20  # devices of one leader
LOST = ""  # what a session says of a subscription that its push service forgot


@dataclass(frozen=True)
class Place:
    """Where a browser takes messages, and its keys, checked."""

    endpoint: str
    p256dh: bytes
    auth: bytes


def keep(leader: Leader, session: Session, place: Place, now: datetime) -> None:
    """Remind this device from now on, and whoever used it before no more. Raises Refused."""
    mine = Subscription.leader_id == leader.id
    others = select(func.count()).where(mine, Subscription.session_id != session.id)
    if db.session.scalar(others) >= MOST:
        raise Refused("endpoint", _l("Reminders go to 20 devices at most. Remove one first."))
    stale = or_(Subscription.endpoint == place.endpoint, Subscription.session_id == session.id)
    db.session.execute(delete(Subscription).where(stale))
    values = {
        "leader_id": leader.id,
        "session_id": session.id,
        "p256dh": place.p256dh,
        "auth": place.auth,
        "created_at": now,
    }
    row = insert(Subscription).values(endpoint=place.endpoint, **values)
    db.session.execute(row.on_conflict_do_update(index_elements=["endpoint"], set_=values))
    session.reminded = sessions.digest(place.endpoint)


def end(leader: Leader, subscription_id: int) -> None:
    """Remind that device no more. Raises Unknown."""
    row = db.session.scalar(
        select(Subscription).where(
            Subscription.leader_id == leader.id, Subscription.id == subscription_id
        )
    )
    if row is None:
        raise Unknown(subscription_id)
    end_here(row.session)


def end_here(session: Session) -> None:
    """Remind the device of this session no more."""
    db.session.execute(delete(Subscription).where(Subscription.session_id == session.id))
    session.reminded = None


def of(leader: Leader, now: datetime) -> list[Subscription]:
    """The leader's devices that take reminders, with their sessions, the newest first."""
    rows = db.session.scalars(_hers(), {"leader": leader.id})
    return [row for row in rows if is_live(row, now)]


def is_live(row: Subscription, now: datetime) -> bool:
    """Whether its device is signed in."""
    return row.session.scope is Scope.FULL and not sessions.is_over(row.session, now)


def here(session: Session) -> Subscription | None:
    """This device's subscription."""
    return db.session.scalar(select(Subscription).where(Subscription.session_id == session.id))


def must_wait(row: Subscription, now: datetime) -> bool:
    """Whether its push service asked to be left alone until later."""
    return row.waits_until is not None and row.waits_until > now


def hold(row: Subscription, kind: Kind) -> None:
    """Send this when the wait is over."""
    query = update(Subscription).where(Subscription.id == row.id).values(waiting=kind)
    db.session.execute(query.execution_options(synchronize_session=False))


def note(row: Subscription, kind: Kind, result: Result, now: datetime) -> None:
    """Store what became of a message; a device that is gone is forgotten."""
    if result.outcome is Outcome.GONE:
        db.session.execute(delete(Subscription).where(Subscription.id == row.id))
        db.session.execute(
            update(Session)
            .where(Session.id == row.session_id, Session.reminded.is_not(None))
            .values(reminded=LOST)
        )
        return
    noted = {"id_": row.id, "now": now, "outcome": result.outcome, "kind": kind}
    if result.wait is not None:
        noted["until"] = now + result.wait
    db.session.execute(_noted(result.wait is not None, kind is Kind.TEST), noted)


def due(now: datetime, most: int) -> list[tuple[int, datetime]]:
    """Whose wait is over with something to send: ids, and until when they waited."""
    query = select(Subscription.id, Subscription.waits_until).where(
        Subscription.waits_until <= now, Subscription.waiting.is_not(None)
    )
    query = query.order_by(Subscription.waits_until).limit(most)
    return [tuple(row) for row in db.session.execute(query)]


def claim(subscription_id: int, seen: datetime, now: datetime) -> tuple[Subscription, Kind] | None:
    """The device and what waits for it, for this process alone; None where another was first."""
    query = (
        _with_session()
        .join(Session.leader)
        .options(contains_eager(Subscription.session).contains_eager(Session.leader))
    )
    row = db.session.scalar(query.where(Subscription.id == subscription_id))
    if row is None or row.waiting is None:
        return None
    kind = row.waiting
    mine = update(Subscription).where(
        Subscription.id == subscription_id, Subscription.waits_until == seen
    )
    if db.session.execute(mine.values(waits_until=None, waiting=None)).rowcount != 1:
        return None
    return (row, kind) if is_live(row, now) else None


@cache
def _hers():
    mine = Subscription.leader_id == bindparam("leader")
    return _with_session().where(mine).order_by(Subscription.id.desc())


@cache
def _noted(has_to_wait: bool, is_a_test: bool):
    """What was taken waits no more; another question that waits goes on waiting."""
    table = Subscription.__table__
    values = {"tried_at": bindparam("now"), "came_to": bindparam("outcome")}
    kind = bindparam("kind", type_=table.c.waiting.type)
    if has_to_wait:
        values["waits_until"] = bindparam("until")
    if not is_a_test:
        left = case((table.c.waiting == kind, null()), else_=table.c.waiting)
        values["waiting"] = kind if has_to_wait else left
    return update(table).where(table.c.id == bindparam("id_")).values(**values)


def _with_session():
    return (
        select(Subscription)
        .join(Subscription.session)
        .options(contains_eager(Subscription.session))
        .execution_options(populate_existing=True)
    )
