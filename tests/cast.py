"""The people in the tests: Dana leads, Ben follows her, Cleo leads elsewhere."""

from datetime import date, timedelta

from flask.testing import FlaskClient

from habits import leaders, sessions
from habits.db import db
from habits.models.commitments import Commitment
from habits.models.leaders import Leader, Person
from habits.trust.history import CadenceKind, Pillar
from tests import html
from tests.clock import MONDAY

ZONE = "Europe/Lisbon"
TODAY = date(2026, 11, 23)  # where the clock starts, a Monday


class Browser(FlaskClient):
    """A test client that reads every page it gets."""

    def open(self, *args, **kwargs):
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and not 300 <= response.status_code < 400:
            html.check(response.text)
        return response


def leader(name: str, timezone: str = ZONE, since=MONDAY - timedelta(days=30)) -> Leader:
    """A stored leader; needs an app context."""
    row = leaders.create(name, timezone, "en", since)
    db.session.commit()
    return row


def person(of: Leader, name: str = "Ben", since=MONDAY) -> Person:
    """Someone whom `of` leads."""
    row = Person(leader_id=of.id, name=name, created_at=since)
    db.session.add(row)
    db.session.commit()
    return row


def promise(
    of: Leader, title: str = "I start every meeting on the minute", **changes
) -> Commitment:
    """A commitment, daily and of character since thirty days ago unless `changes` say otherwise."""
    values = {
        "leader_id": of.id,
        "title": title,
        "pillar": Pillar.CHARACTER,
        "kind": CadenceKind.DAILY,
        "picked_on": TODAY - timedelta(days=30),
        "created_at": MONDAY - timedelta(days=30),
    }
    row = Commitment(**(values | changes))
    db.session.add(row)
    db.session.commit()
    return row


def sign_in(client: FlaskClient, who: Leader, fresh: bool = False) -> str:
    """Sign `who` in on this client without a ceremony; returns the session's token."""
    app = client.application
    now = app.extensions["clock"]()
    with app.app_context():
        token = sessions.start(who, "Test phone", now)
        db.session.flush()
        if fresh:
            sessions.find(token, now).confirmed_at = now
        db.session.commit()
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie["_user_id"] = token
        cookie["_fresh"] = True
        cookie.permanent = True
    return token
