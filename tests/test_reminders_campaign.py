"""Reminders arrive once: many leaders, many zones, changing clocks, two tickers, kills."""

import tempfile
from pathlib import Path

import pytest

from tests import databases
from tests.campaign import Campaign

SHARED_MEMORY = Path("/dev/shm")


@pytest.fixture
def tmp_path(tmp_path):
    """In memory where this machine can: what is killed here is a process, not the machine."""
    if not SHARED_MEMORY.is_dir():
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=SHARED_MEMORY) as folder:
        yield Path(folder)


def test_a_fortnight_of_reminders_arrives_once_whoever_is_killed(database, tmp_path, service):
    config = databases.config(tmp_path, database, push_services=(service.host,))
    leaders = 200 if database.startswith("sqlite") else 60  # each statement is a round trip there
    found = Campaign(config, leaders, days=14, kills=10, service=service).run()
    assert found.due > 13 * leaders
    assert found.killed >= 5
    assert (found.doubled, found.astray) == (0, 0)
    assert len(found.missed) <= found.killed
    assert found.unexplained == 0
