"""One house for all cases, an hour for each, and a check that nobody got in."""

import logging
import re

import pytest

from habits.db import db
from tests.hostile.tampering import (
    House,
    is_out,
)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(request, tmp_path_factory):
    """One for all cases: what is refused changes nothing."""
    kind = request.getfixturevalue(request.param)
    folder = tmp_path_factory.mktemp("house")
    url = kind.create(folder)
    made = House(folder, url)
    yield made
    with made.app.app_context():
        db.engine.dispose()
    kind.drop(url)


@pytest.fixture(autouse=True)
def hour(house):
    """Each case has its own hour, so that no limit is reached."""
    house.clock.advance(hours=2)


@pytest.fixture
def client(house):
    return house.app.test_client()


@pytest.fixture
def refused(house, client, caplog):
    """Checks an answer's fate: refused for this reason, nobody in, nothing stored."""
    before = house.counts()

    def check(response, reason=""):
        assert response.status_code in (400, 403), (response.status_code, response.text)
        reasons = [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING]
        assert re.search(reason, "\n".join(reasons)), reasons
        assert is_out(client)
        assert house.counts() == before

    return check
