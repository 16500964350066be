"""Failures: words that help, a way on, and nothing about the inside."""

import logging
import re

import pytest
from flask import abort
from sqlalchemy import text

from habits import create_app
from habits.db import db
from habits.web.guards import public
from tests import cast
from tests.databases import config as config_of
from tests.web import rows
from tests.web.failing import HTMX, JSON, PLAIN, post

SECRET = "what only Dana knows"


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
    assert "Back to Today" in inside.get("/nothing-here", headers=PLAIN).text
    strange = app.test_client().get("/nothing-here", headers=PLAIN).text
    assert bar not in strange
    assert "Back to the start" in strange
