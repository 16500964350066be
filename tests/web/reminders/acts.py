"""What a leader does with the settings of reminders, and what is stored of it."""

from habits.db import db
from habits.models import Reminder, Subscription

PAGE = "/settings/reminders"
WISH = {
    "morning_at": "07:30",
    "morning_days": ["1", "2", "3", "4", "5"],
    "evening": "yes",
    "evening_at": "21:15",
    "evening_days": ["1", "7"],
    "week": "yes",
    "week_at": "18:00",
    "week_day": "7",
}


def save(client, key="a-key-of-reminders", **changes):
    return client.post(PAGE, data=WISH | {"key": key} | changes)


def turn_on(client, device, key="a-key-of-a-device", **more):
    return client.post("/subscriptions", data=device.subscription() | {"key": key} | more)


def stored(app) -> dict:
    with app.app_context():
        return {row.kind: row for row in db.session.scalars(db.select(Reminder))}


def count(app, model=Subscription) -> int:
    with app.app_context():
        return db.session.query(model).count()
