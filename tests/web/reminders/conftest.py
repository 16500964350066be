"""A Kept that knows a push service on this machine, and Dana signed in."""

import pytest

from habits import create_app
from habits.db import db
from tests import cast, databases


@pytest.fixture
def app(database, tmp_path, service, clock):
    config = databases.config(tmp_path, database, push_services=(service.host,))
    app = create_app(config, clock)
    app.test_client_class = cast.Browser
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def signed_in(client, dana):
    cast.sign_in(client, dana)
    return client
