"""kept tick: its cost follows what is due, not how many leaders there are."""

from datetime import timedelta

import pytest

from habits import reminders, subscriptions
from habits.db import db
from tests import cast
from tests.cli.tick.acts import EVENING, promised, subscribe
from tests.databases import on_sqlite
from tests.statements import count_statements

EACH = 10  # statements: claim, decide, note


@pytest.fixture
def others(dana, phone, service, clock):
    """Leaders who are asked later than Dana."""
    found = [cast.leader(f"Leader {n}", "America/New_York") for n in range(5)]
    for number, leader in enumerate(found):
        subscribe(leader, service.device(f"other-{number}"), clock())
        promised(leader)
    return found


def statements(ticker) -> int:
    with count_statements() as seen:
        ticker.run()
    return len(seen)


def test_each_due_reminder_takes_at_most_ten_statements(dana, phone, others, ticker, clock):
    promised(dana)
    clock.now = EVENING - timedelta(hours=1)
    idle = statements(ticker)
    assert idle == 4  # a heartbeat, rounds to settle, reminders, and copies that waited
    clock.now = EVENING
    look_again = 2
    assert statements(ticker) <= idle + EACH + look_again
    clock.now = EVENING + timedelta(hours=5)  # half past eight in New York
    assert statements(ticker) <= idle + len(others) * EACH + look_again


@on_sqlite
@pytest.mark.parametrize("due", [reminders.due, subscriptions.due])
def test_what_is_due_is_found_by_an_index(app, due):
    with count_statements() as seen:
        due(EVENING, 100)
    values = ("2026-11-23",) + (1,) * (seen[0].count("?") - 1)
    plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {seen[0]}", values)
    (found,) = [row[3] for row in plan]
    assert found.startswith("SEARCH")
    assert "INDEX ix_" in found
