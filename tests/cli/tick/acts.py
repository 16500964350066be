"""What leaders do in the tests of the ticker, and when."""

from datetime import UTC, datetime

from habits import ledger, reminders, sessions, subscriptions
from habits.db import db
from habits.models import Reminder
from habits.models.reminders import Kind
from habits.reminders import Wish
from habits.trust.history import Reply
from tests import cast
from tests.cast import TODAY

EVENING = datetime(2026, 11, 23, 20, 30, tzinfo=UTC)  # half past eight in Lisbon
MORNING = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 29, 18, 0, tzinfo=UTC)


def subscribe(leader, device, now):
    token = sessions.start(leader, "Chrome on Android", now)
    db.session.flush()
    place = subscriptions.Place(device.endpoint, device.public, device.auth)
    subscriptions.keep(leader, sessions.find(token, now), place, now)
    reminders.start(leader, now)
    db.session.commit()
    return device


def ask(leader, now, **days_by_kind):
    """Ask each of these kinds on these weekdays, at its usual time, and nothing else."""
    rows = reminders.of(leader)
    wishes = [
        Wish(kind, kind in days_by_kind, reminders.time_of(leader, rows[kind]),
             days_by_kind.get(kind, []))
        for kind in reminders.ASKED
    ]  # fmt: skip
    reminders.save(leader, wishes, now)
    db.session.commit()


def promised(leader, title="I start every meeting on the minute"):
    """A daily promise, made today."""
    return cast.promise(leader, title, picked_on=TODAY)


def answer(leader, promise, now, reply=Reply.KEPT, day=TODAY):
    said = ledger.Said(promise.id, day, reply, f"key-{promise.id}-{day}-{now:%H%M}", now)
    ledger.record(leader, said, day, now)
    db.session.commit()


def stored(kind=Kind.EVENING) -> Reminder:
    db.session.expire_all()
    return db.session.scalar(db.select(Reminder).where(Reminder.kind == kind))
