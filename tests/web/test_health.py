"""What a proxy or a container may ask: is the process alive, and can it serve?"""

import fcntl

import pytest
from sqlalchemy import text

from habits import readiness
from habits.db import db


@pytest.fixture
def schema(app):
    """Says which version of the schema is stored."""

    def say(number):
        with app.app_context():
            db.session.execute(text(f"UPDATE alembic_version SET version_num = '{number}'"))
            db.session.commit()

    return say


def is_unready(response, why) -> bool:
    assert (response.status_code, response.json) == (503, {"status": why})
    assert int(response.headers["Retry-After"]) > 0
    assert response.headers["Cache-Control"] == "private, no-store"
    return True


def test_anyone_may_ask_at_whatever_address_and_learns_nothing_else(client):
    for path in ("/healthz", "/readyz"):
        response = client.get(path, base_url="http://10.0.0.7:8000")
        assert (response.status_code, response.json) == (200, {"status": "ok"})
        assert response.headers["Cache-Control"] == "private, no-store"
        assert "Set-Cookie" not in response.headers


def test_an_older_schema_is_waited_for(client, schema):
    schema("0001")
    assert is_unready(client.get("/readyz"), "schema too old")
    assert client.get("/healthz").status_code == 200


def test_a_newer_schema_is_served_on_until_the_process_is_replaced(client, schema):
    """Migrations only add, so that an update needs no pause."""
    schema("9999")
    assert client.get("/readyz").status_code == 200


def test_while_it_is_migrated_or_restored_nothing_is_sent_here(client, config):
    with (config.data / "kept.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert is_unready(client.get("/readyz"), "migrating")
    assert client.get("/readyz").status_code == 200


def test_a_database_that_cannot_be_read_is_said_so(client, app):
    with app.app_context():
        db.session.execute(text("DROP TABLE alembic_version"))
        db.session.commit()
    assert is_unready(client.get("/readyz"), "no database")


def test_its_idea_of_the_newest_schema_is_the_migrations_own(app):
    with app.app_context():
        stored = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    assert readiness.newest() == stored
