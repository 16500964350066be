"""Dana's scripts: one that may write, one that may only read."""

import pytest

from habits import tokens
from habits.db import db
from habits.models.tokens import Reach
from tests import cast
from tests.web.api.script import Script


@pytest.fixture
def promise(app, dana):
    with app.app_context():
        return cast.promise(dana, person_id=cast.person(dana).id)


@pytest.fixture
def script(app, dana, clock):
    """A script of Dana's that may write."""
    return script_of(app, dana, Reach.WRITE, clock())


@pytest.fixture
def reader(app, dana, clock):
    """A script of Dana's that may read."""
    return script_of(app, dana, Reach.READ, clock())


def script_of(app, leader, reach, now) -> Script:
    with app.app_context():
        _row, secret = tokens.make(leader, "A script", reach, now)
        db.session.commit()
    return Script(app.test_client(), secret)
