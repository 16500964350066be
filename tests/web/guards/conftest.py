"""Dana's home, Dana in it, and Cleo, who is a stranger there."""

import pytest

from tests import cast
from tests.web.guards.home import Home


@pytest.fixture
def home(app, dana):
    return Home(app, dana)


@pytest.fixture
def at_home(home, client):
    cast.sign_in(client, home.dana, fresh=True)
    return client


@pytest.fixture
def stranger(home, app, cleo):
    client = app.test_client()
    cast.sign_in(client, cleo, fresh=True)
    return client
