"""Failures: words that help, a way on, and nothing about the inside."""

import logging
import os
import re
from uuid import uuid4

import pytest
from flask import abort
from flask_login import current_user
from sqlalchemy import text
from sqlalchemy.engine import make_url

from habits import create_app
from habits.config import Config
from habits.db import db
from habits.models import Challenge
from habits.web.guards import public
from tests import cast
from tests.databases import config as config_of
from tests.web import rows

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
JSON = {"Accept": "application/json"}
PLAIN = {"Accept": "text/html"}
SECRET = "what only Dana knows"


def post(client, path, /, headers=None, **fields):
    """Send a form, with a key of its own unless `fields` has one."""
    return client.post(path, data={"key": str(uuid4())} | fields, headers=headers)


@pytest.fixture
def failing(config, clock, caplog):
    """A browser at an app whose view /fault raises, with a word that nobody may see."""
    app = create_app(config, clock)
    app.test_client_class = cast.Browser

    @public
    def fault():
        raise LookupError(SECRET)

    app.add_url_rule("/fault", view_func=fault, methods=["GET", "POST"])
    app.add_url_rule("/slow-down", view_func=public(lambda: abort(429)), endpoint="slow")
    app.add_url_rule("/busy", view_func=public(lambda: abort(503)), endpoint="busy")
    caplog.set_level(logging.ERROR)
    yield app.test_client()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def inside(client, dana):
    cast.sign_in(client, dana)
    return client


def test_a_fault_is_a_plain_page_with_an_id_and_no_trace(failing, caplog):
    response = failing.get("/fault")
    assert response.status_code == 500
    reference = re.search(r"this id: ([0-9a-f]{8})", rows.text(response))[1]
    assert f"fault {reference}" in caplog.text
    assert SECRET in caplog.text
    for inner in (SECRET, "Traceback", "LookupError", ".py"):
        assert inner not in response.text


def test_each_fault_has_an_id_of_its_own(failing):
    one, two = (failing.get("/fault", headers=JSON).json["reference"] for _ in range(2))
    assert one != two


def test_a_fault_in_a_fragment_is_a_toast_and_not_where_the_answer_would_go(failing):
    response = failing.post("/fault", headers=HTMX)
    assert response.status_code == 500
    assert response.headers["HX-Retarget"] == "#flash"
    assert response.headers["HX-Reswap"] == "innerHTML"
    assert "<html" not in response.text
    assert re.search(r"Id: [0-9a-f]{8}", rows.text(response))
    assert SECRET not in response.text


def test_a_fault_in_json_has_words_and_an_id(failing):
    response = failing.post("/fault", json={})
    assert response.status_code == 500
    assert set(response.json) == {"error", "reference"}
    assert SECRET not in response.text


def test_a_fault_leaves_the_page_it_would_have_been_for_everyone_else(failing):
    failing.get("/fault")
    assert failing.get("/").status_code == 200


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_not_there_is_a_page_that_leads_on(client, method):
    response = getattr(client, method)("/nowhere")
    assert response.status_code == 404
    assert "Nothing here" in rows.text(response)
    assert 'href="/"' in response.text


def test_what_is_not_there_says_so_to_scripts_as_well(client):
    fragment = client.get("/nowhere", headers=HTMX)
    assert (fragment.status_code, fragment.headers["HX-Retarget"]) == (404, "#flash")
    assert "<html" not in fragment.text
    assert client.get("/nowhere", headers=JSON).json["error"]


def test_another_method_is_refused_with_those_that_there_are(client):
    response = client.get("/sign-out")
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]
    assert client.delete("/").status_code == 405
    assert client.delete("/", headers=JSON).json["error"]


def test_a_body_that_is_too_large_is_refused(inside):
    response = post(inside, "/settings", name="x" * 300_000)
    assert response.status_code == 413
    assert "Too large" in rows.text(response)
    fragment = post(inside, "/settings", headers=HTMX, name="x" * 300_000)
    assert (fragment.status_code, fragment.headers["HX-Retarget"]) == (413, "#flash")


def test_a_form_of_too_many_parts_is_refused(inside):
    parts = {f"field{n}": (None, "x") for n in range(300)}
    response = inside.post("/settings", data=parts, content_type="multipart/form-data")
    assert response.status_code in (400, 413)


def test_too_many_tries_are_told_when_to_come_back(failing):
    response = failing.get("/slow-down")
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert "Too many tries" in rows.text(response)
    assert int(failing.get("/slow-down", headers=JSON).headers["Retry-After"]) > 0


def test_a_key_with_another_body_is_a_conflict(inside):
    fields = {"key": "a-key-of-dana", "timezone": "Europe/Paris"}
    assert post(inside, "/settings/time-zone", **fields).status_code == 303
    response = post(inside, "/settings/time-zone", **fields | {"timezone": "Asia/Tokyo"})
    assert response.status_code == 409
    assert "Already used" in rows.text(response)


def test_an_unknown_field_is_malformed(inside):
    response = post(inside, "/settings/time-zone", timezone="Europe/Paris", leader_id="2")
    assert response.status_code == 400


def test_pages_that_fail_are_not_kept_by_the_browser(failing):
    for path in ("/fault", "/nowhere", "/slow-down"):
        assert failing.get(path).headers["Cache-Control"] == "private, no-store"


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


def test_faults_name_no_parameters_in_the_log(app, caplog):
    """What leaders write is in them."""
    app.add_url_rule("/odd", view_func=public(_ask_oddly), endpoint="odd")
    assert app.test_client().get("/odd").status_code in (500, 503)
    assert SECRET not in caplog.text


def _ask_oddly():
    db.session.execute(text("SELECT no_such_column FROM leaders WHERE name = :n"), {"n": SECRET})
    return ""


def test_a_config_for_tests_hides_no_fault(config, tmp_path):
    """Or everything above would be about another app than the one that is served."""
    assert config.testing
    served = config_of(tmp_path, config.database_url, testing=False)
    app = create_app(served)
    app.add_url_rule("/fault", view_func=public(lambda: 1 / 0), endpoint="fault")
    assert app.test_client().get("/fault").status_code == 500


def test_a_leader_who_is_lost_has_the_bar_and_a_stranger_has_not(inside, app):
    bar = 'aria-label="Main"'
    assert bar in inside.get("/nothing-here", headers=PLAIN).text
    assert bar not in app.test_client().get("/nothing-here", headers=PLAIN).text
