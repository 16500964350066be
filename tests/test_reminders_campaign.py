"""Reminders arrive once: many leaders, many zones, changing clocks, two tickers, kills."""

import pytest

from tests import databases
from tests.campaign import Campaign
from tests.push_service import PushService


@pytest.fixture
def service():
    running = PushService()
    yield running
    running.stop()


def test_a_fortnight_of_reminders_arrives_once_whoever_is_killed(database, tmp_path, service):
    config = databases.config(tmp_path, database, push_services=(service.host,))
    leaders = 200 if database.startswith("sqlite") else 60  # each statement is a round trip there
    found = Campaign(config, leaders, days=14, kills=10, service=service).run()
    assert found.due > 13 * leaders
    assert found.killed >= 5
    assert (found.doubled, found.astray) == (0, 0)
    assert found.missing <= found.killed
