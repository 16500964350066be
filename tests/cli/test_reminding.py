"""The ticker in each process of `kept serve` finishes what it began, whoever ends it."""

import signal
import sqlite3
import threading
import time
from contextlib import closing

import pytest

from habits import create_mute_app
from habits.db import db
from habits.models.reminders import Kind, Reminder
from tests import crowd, databases
from tests.command import KEPT, environment
from tests.serving import free_port, serving

SLOW = 2  # seconds that the push service takes


@pytest.fixture
def due(tmp_path, service):
    """A folder in which one leader is to be asked now."""
    data = tmp_path / "data"
    data.mkdir()
    url = f"sqlite:///{data / 'kept.db'}"
    databases.migrate(data, url)
    app = create_mute_app(databases.config(data, url), lambda: crowd.START)
    with app.app_context():
        crowd.add(0, service.device("0"))
        for reminder in db.session.query(Reminder):
            reminder.due_at = crowd.START if reminder.kind is Kind.EVENING else None
        db.session.commit()
        db.engine.dispose()
    return data


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGHUP])
def test_what_is_being_sent_when_it_is_told_to_end_is_noted(due, tmp_path, service, ending):
    arrived = threading.Event()
    service.arrived = lambda _message: (arrived.set(), time.sleep(SLOW))
    port, clock = free_port(), crowd.START.isoformat().replace("+00:00", "Z")
    env = environment(due, PORT=str(port), KEPT_CLOCK=clock, KEPT_PUSH_SERVICES=service.host)
    with serving([KEPT, "serve"], port, tmp_path / "log", env) as served:
        assert arrived.wait(20)
        served.process.send_signal(ending)
        until = time.monotonic() + 15
        while outcome(due) != "sent":
            assert time.monotonic() < until
            time.sleep(0.1)
    assert len(service.messages) == 1


def outcome(data) -> str | None:
    with closing(sqlite3.connect(data / "kept.db", timeout=5)) as database:
        query = "SELECT came_to FROM reminders WHERE kind = 'evening'"
        return database.execute(query).fetchone()[0]
