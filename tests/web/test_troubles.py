"""A database that is gone, full, locked or read-only: said as it is, and well again by itself."""

import os

import pytest
from flask_login import current_user
from sqlalchemy import text
from sqlalchemy.engine import make_url

from habits.config import Config
from habits.db import db
from habits.models import Challenge
from tests.web import rows
from tests.web.failing import HTMX, JSON, PLAIN, post


class Trouble:
    """Ways in which a database stops to answer, and how each is over again."""

    def __init__(self, app, config: Config):
        self.app, self.url = app, make_url(config.database_url)
        self.lock = None

    def gone(self):
        """Moved away, or every connection cut and none let in."""
        self._close()
        if self._is_sqlite():
            os.rename(self.url.database, f"{self.url.database}.away")
            os.mkdir(self.url.database)
        else:
            self._elsewhere(f'ALTER DATABASE "{self.url.database}" ALLOW_CONNECTIONS false')
            self._elsewhere(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                f"WHERE datname = '{self.url.database}'"
            )

    def back(self):
        if self._is_sqlite():
            os.rmdir(self.url.database)
            os.rename(f"{self.url.database}.away", self.url.database)
        else:
            self._elsewhere(f'ALTER DATABASE "{self.url.database}" ALLOW_CONNECTIONS true')

    def cut(self):
        """Connections that stand in the pool are ended, as by a restart of the server."""
        self._elsewhere(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            f"WHERE datname = '{self.url.database}'"
        )

    def read_only(self):
        if self._is_sqlite():
            self._pragma("query_only=ON")
        else:
            name = self.url.database
            self._elsewhere(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
            self._close()

    def writable(self):
        if self._is_sqlite():
            self._pragma("query_only=OFF")
        else:
            self._elsewhere(
                f'ALTER DATABASE "{self.url.database}" SET default_transaction_read_only = off'
            )
            self._close()

    def locked(self):
        """By another writer, for longer than anyone waits."""
        if self._is_sqlite():
            with self.app.app_context():
                self.lock = db.engine.raw_connection()
            self._pragma("busy_timeout=10")
            self.lock.driver_connection.execute("BEGIN IMMEDIATE")
        else:
            name = self.url.database
            self._elsewhere(f"ALTER DATABASE \"{name}\" SET lock_timeout = '10ms'")
            self._close()
            self.lock = db.create_engine(self.url).connect()
            self.lock.execute(text("LOCK TABLE leaders, attempts IN ACCESS EXCLUSIVE MODE"))

    def free(self):
        self.lock.rollback()
        self.lock.close()

    def _is_sqlite(self):
        return self.url.get_backend_name() == "sqlite"

    def _close(self):
        with self.app.app_context():
            db.engine.dispose()

    def _pragma(self, pragma):
        """On the one connection that the requests to come will find in the pool."""
        with self.app.app_context():
            db.engine.dispose()
            connection = db.engine.raw_connection()
        connection.driver_connection.execute(f"PRAGMA {pragma}")
        connection.close()

    def _elsewhere(self, statement):
        engine = db.create_engine(self.url.set(database="postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


@pytest.fixture
def trouble(app, config):
    return Trouble(app, config)


def is_unavailable(response):
    assert response.status_code == 503, (response.status_code, response.text)
    assert int(response.headers["Retry-After"]) > 0
    assert "Content-Security-Policy" in response.headers
    return True


def test_without_its_database_every_page_says_so_and_recovers_by_itself(inside, trouble, app):
    trouble.gone()
    for path in ("/", "/settings", "/account", "/weeks/", "/people"):
        response = inside.get(path)
        assert is_unavailable(response)
        assert "Back in a moment" in rows.text(response)
    fragment = post(inside, "/settings/time-zone", headers=HTMX, timezone="Asia/Tokyo")
    assert is_unavailable(fragment)
    assert fragment.headers["HX-Retarget"] == "#flash"
    assert is_unavailable(inside.post("/sign-in/options", json={}))
    assert inside.post("/sign-in/options", json={}).json["error"]
    assert is_unavailable(post(app.test_client(), "/recover", code="x"))
    assert inside.get("/healthz").status_code == 200
    trouble.back()
    assert inside.get("/settings").status_code == 200


def test_nobody_is_signed_out_because_the_database_was_gone(inside, trouble):
    trouble.gone()
    response = inside.get("/settings")
    assert "Set-Cookie" not in response.headers
    trouble.back()
    assert inside.get("/settings").status_code == 200


def test_a_database_that_can_only_be_read_is_never_said_to_have_stored(inside, trouble, dana):
    trouble.read_only()
    for headers in (PLAIN, HTMX):
        response = post(inside, "/settings/time-zone", headers=headers, timezone="Asia/Tokyo")
        assert is_unavailable(response)
    assert is_unavailable(post(inside, "/sign-out"))
    assert is_unavailable(inside.post("/sign-in/options", json={}))
    assert inside.get("/settings").status_code == 200
    trouble.writable()
    assert "Europe/Lisbon" in inside.get("/settings").text
    assert post(inside, "/settings/time-zone", timezone="Asia/Tokyo").status_code == 303


def test_a_database_that_another_holds_is_a_moments_matter(inside, trouble):
    trouble.locked()
    assert is_unavailable(post(inside, "/settings/time-zone", timezone="Asia/Tokyo"))
    assert is_unavailable(inside.post("/sign-in/options", json={}))
    trouble.free()
    assert post(inside, "/settings/time-zone", timezone="Asia/Tokyo").status_code == 303


def test_a_device_that_was_not_seen_for_long_reads_on_while_nothing_can_be_written(
    inside, trouble, clock
):
    """last_seen cannot be noted then, and that is no reason to fail."""
    clock.advance(hours=5)
    trouble.read_only()
    with inside.get("/settings") as response:
        assert response.status_code == 200
    trouble.writable()


def test_a_page_that_was_half_made_says_so_in_words_as_well(app, inside, trouble):
    """Whoever was already looked up is not asked for again."""

    def half():
        assert current_user.name == "Dana"
        trouble.gone()
        db.engine.connect()

    app.add_url_rule("/half", view_func=half)
    assert is_unavailable(inside.get("/half"))
    assert is_unavailable(inside.get("/half", headers=JSON))
    trouble.back()


def test_a_full_disk_is_never_said_to_have_stored(app, config):
    """SQLite's own limit stands for the disk's."""
    if not config.database_url.startswith("sqlite"):
        pytest.skip("PostgreSQL keeps its files elsewhere")
    Trouble(app, config)._pragma("max_page_count=1")  # as many as there are
    statuses = [app.test_client().post("/sign-in/options", json={}).status_code for _ in range(100)]
    assert set(statuses) == {200, 503}
    assert statuses[-1] == 503
    with app.app_context():
        assert db.session.query(Challenge).count() == statuses.count(200)


def test_a_restart_of_the_database_costs_at_most_one_answer(inside, trouble, database):
    if database.startswith("sqlite"):
        pytest.skip("there is no server to restart")
    assert inside.get("/settings").status_code == 200
    trouble.cut()
    assert inside.get("/settings").status_code == 200
