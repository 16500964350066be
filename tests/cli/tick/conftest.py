"""Dana's phone, on which reminders are on, a push service and a ticker."""

import pytest

from habits import create_app
from habits.cli.tick import Ticker
from habits.db import db
from tests import cast, databases
from tests.cli.tick.acts import subscribe


@pytest.fixture
def config(database, tmp_path, service):
    return databases.config(tmp_path, database, push_services=(service.host,))


@pytest.fixture
def app(config, clock):
    app = create_app(config, clock)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def dana(app):
    return cast.leader("Dana")


@pytest.fixture
def phone(app, dana, service, clock):
    """Dana's phone, on which reminders are on."""
    return subscribe(dana, service.device("phone"), clock())


@pytest.fixture
def ticker(app):
    ticker = Ticker(app)
    yield ticker
    ticker.post.carrier.close()
