"""Who gets in: each rule of the URL map, whoever asks."""

import pytest
from flask.testing import FlaskClient

from habits import sessions
from habits.db import db
from habits.models.devices import Scope
from tests import cast
from tests.web.guards.home import (
    ABSENT,
    ASKED_FOR,
    ENROLLING,
    FRESH,
    KEY,
    LETS_IN_OR_OUT,
    PUBLIC,
    SECRET,
    is_public,
)


def test_what_is_public_needs_a_fresh_passkey_or_serves_enrolling_is_listed_here(app):
    marks = {"is_public": PUBLIC, "needs_fresh_passkey": FRESH, "is_enrolling": ENROLLING}
    for mark, listed in marks.items():
        found = {name for name, view in app.view_functions.items() if getattr(view, mark, False)}
        assert found == listed, mark


def test_only_what_is_public_answers_who_is_not_signed_in(home, app):
    garbage = FlaskClient(app, app.response_class)  # that the pages are well made is seen elsewhere
    tries = [(None, headers) for headers in ASKED_FOR]
    tries += [(c, {}) for c in ("garbage", "eyJfdXNlcl9pZCI6IngifQ.x.y", "\x7f", "x" * 4000)]
    for cookie, headers in tries:
        if cookie is not None:
            garbage.set_cookie("kept", cookie)
        leaks = []
        for method, endpoint, arguments in home.rules("GET", "POST"):
            if endpoint in LETS_IN_OR_OUT & PUBLIC:
                continue
            url = home.url(endpoint, arguments)
            response = garbage.open(url, method=method, data=KEY, headers=headers)
            refused = response.status_code in (302, 401)
            if SECRET in response.text or not (refused or is_public(endpoint)):
                leaks.append((method, endpoint, response.status_code))
        assert leaks == []


def test_a_session_that_was_ended_is_nobody(home, app, client, clock):
    token = cast.sign_in(client, home.dana, fresh=True)
    with app.app_context():
        sessions.end(home.dana, sessions.find(token, clock()).id)
        db.session.commit()
    for method, endpoint, arguments in home.rules("GET", "POST"):
        if not is_public(endpoint):
            cookie = client.get_cookie("kept")
            response = client.open(home.url(endpoint, arguments), method=method, data=KEY)
            assert response.status_code in (302, 401), endpoint
            if cookie:
                client.set_cookie("kept", cookie.value)


def test_pages_lead_to_signing_in_and_fragments_and_scripts_are_told_so(client):
    page = client.get("/account?range=year")
    assert page.status_code == 302
    assert page.headers["Location"] == "/sign-in?next=/account?range%3Dyear"
    part = client.get("/account", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert part.status_code == 401
    assert part.headers["HX-Redirect"].startswith("/sign-in?next=")
    script = client.get("/account", headers={"Accept": "application/json"})
    assert (script.status_code, script.mimetype) == (401, "application/json")
    assert client.post("/answers", data=KEY).status_code == 401


@pytest.mark.parametrize(
    "bad", ["0", "-1", "2147483648", "9223372036854775808", "9" * 400, "x", "1.0", "%00", "١"]
)
def test_an_id_that_is_none_is_a_404(home, at_home, bad):
    for method, endpoint, arguments in home.rules("GET", "POST"):
        for name in arguments & {"commitment_id", "person_id", "lapse_id", "passkey_id"}:
            url = home.url(endpoint, arguments, **{name: ABSENT}).replace(str(ABSENT), bad)
            assert at_home.open(url, method=method, data=KEY).status_code in (404, 405), url


def test_who_may_only_add_a_passkey_gets_nowhere_else(home, app, clock):
    client = app.test_client()
    with app.app_context():
        token = sessions.start(home.dana, "New phone", clock(), Scope.ENROL)
        db.session.commit()
    for method, endpoint, arguments in home.rules("GET", "POST"):
        if endpoint in ENROLLING | LETS_IN_OR_OUT:
            continue
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
        response = client.open(home.url(endpoint, arguments), method=method, data=KEY)
        if is_public(endpoint):
            assert SECRET not in response.text, endpoint
        elif method == "GET" and not home.is_api(endpoint):
            assert response.headers["Location"] == "/passkeys/new", endpoint
        else:
            assert response.status_code == 401, endpoint
