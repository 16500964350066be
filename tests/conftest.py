"""What most tests stand on: a database of each kind, a clock that stands, an app and the cast."""

import os

import pytest

from habits import create_app
from habits.db import db
from tests import cast, databases
from tests.clock import Clock
from tests.push_service import PushService

# Every test has an app or a server of its own; they need not each compile the templates.
os.environ["KEPT_CACHE"] = str(databases.COMPILED)


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory):
    return databases.SQLite(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql(testrun_uid, worker_id):
    return databases.PostgreSQL(f"kept-{testrun_uid[:12]}", worker_id)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    """The URL of a migrated database of this test's own."""
    kind = request.getfixturevalue(request.param)
    url = kind.create(tmp_path)
    yield url
    kind.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request, tmp_path):
    """The URL of a database of this test's own without any table."""
    kind = request.getfixturevalue(request.param)
    url = kind.create_empty(tmp_path)
    yield url
    kind.drop(url)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def service():
    """A push service on this machine."""
    running = PushService()
    yield running
    running.stop()


@pytest.fixture
def config(database, tmp_path):
    return databases.config(tmp_path, database)


@pytest.fixture
def app(config, clock):
    app = create_app(config, clock)
    app.test_client_class = cast.Browser
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def client(app, request):
    """A browser: nobody is signed in, or Dana where the test is marked `signed_in`."""
    client = app.test_client()
    if request.node.get_closest_marker("signed_in"):
        cast.sign_in(client, request.getfixturevalue("dana"))
    return client


@pytest.fixture
def dana(app):
    with app.app_context():
        return cast.leader("Dana")


@pytest.fixture
def cleo(app):
    with app.app_context():
        return cast.leader("Cleo", "America/New_York")


@pytest.fixture
def promise(app, dana):
    """A daily promise of Dana's, since thirty days ago."""
    with app.app_context():
        return cast.promise(dana)
