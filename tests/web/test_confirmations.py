"""Showing the passkey again before something that decides who gets in."""

import pytest

from habits.db import db
from habits.models import Session
from tests import cast
from tests.passkey import SoftPasskey
from tests.web import rows
from tests.web.ways import add, is_in, options, post, press, show, sign_up

SENSITIVE = "/passkeys/new"


@pytest.fixture
def passkey(client):
    return sign_up(client)


@pytest.fixture
def stale(client, passkey, clock):
    """Dana's browser, six minutes after she signed up."""
    clock.advance(minutes=6)
    return client


def is_fresh(client) -> bool:
    return client.get(SENSITIVE).status_code == 200


def test_the_page_asks_for_the_passkey_and_knows_where_to_go_on(stale):
    response = stale.get(SENSITIVE)
    assert response.headers["Location"] == f"/confirm?next={SENSITIVE}"
    page = stale.get(response.headers["Location"])
    assert f'name="next" value="{SENSITIVE}"' in page.text
    assert 'data-passkey="get"' in page.text


def test_a_passkey_shown_again_holds_for_five_minutes(stale, passkey, clock):
    assert show(stale, passkey, "/confirm", next=SENSITIVE).json == {"next": SENSITIVE}
    clock.advance(minutes=4, seconds=59)
    assert is_fresh(stale)
    clock.advance(seconds=1)
    assert not is_fresh(stale)


def test_signing_in_counts_as_showing_it(app, stale, passkey):
    other = app.test_client()
    show(other, passkey)
    assert is_fresh(other)


def test_it_holds_on_this_device_only(app, stale, passkey, clock):
    other = app.test_client()
    show(other, passkey)
    clock.advance(minutes=6)
    show(stale, passkey, "/confirm")
    assert is_fresh(stale)
    assert not is_fresh(other)


def test_any_of_the_leaders_passkeys_will_do(stale, passkey):
    show(stale, passkey, "/confirm")
    second = add(stale)
    assert show(stale, second, "/confirm").status_code == 200


def test_only_the_leaders_own_passkeys_are_asked_for(app, stale, passkey):
    sign_up(app.test_client(), "Cleo")
    assert len(options(stale, "/confirm")["allowCredentials"]) == 1


def test_a_passkey_that_was_removed_confirms_nothing(stale, passkey):
    show(stale, passkey, "/confirm")
    second = add(stale)
    asked = options(stale, "/confirm")
    press(stale, "/passkeys/2/removal")
    response = post(stale, "/confirm", credential=second.get(asked))
    assert response.status_code == 400
    assert response.json["unknown"]["credentialId"]


def test_a_refused_answer_leaves_everything_as_it_was(stale, passkey):
    stranger = SoftPasskey()
    stranger.handle = passkey.handle
    assert show(stale, stranger, "/confirm").status_code == 400
    assert not is_fresh(stale)
    assert is_in(stale)


def test_confirming_begins_no_session(app, stale, passkey):
    show(stale, passkey, "/confirm")
    with app.app_context():
        assert db.session.query(Session).count() == 1


@pytest.mark.parametrize("way", ["//evil.example", "https://evil.example", "/\\evil.example", ""])
def test_what_leads_elsewhere_leads_to_today(stale, passkey, way):
    assert show(stale, passkey, "/confirm", next=way).json["next"] == "/"
    page = stale.get("/confirm", query_string={"next": way})
    assert 'name="next" value="/"' in page.text


@pytest.mark.parametrize("referrer", ["https://evil.example/x", "http://localhost.evil/x", "x"])
def test_a_referrer_from_elsewhere_is_no_way_back(stale, referrer):
    headers = {"Referer": referrer}
    response = stale.post("/passkeys/links", data={"key": "12345678"}, headers=headers)
    page = stale.get(response.headers["Location"])
    assert 'name="next" value="/"' in page.text


def test_a_fragment_and_a_script_are_told_instead_of_redirected(stale):
    fragment = stale.post("/passkeys/links", data={}, headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment.text) == (403, "")
    assert fragment.headers["HX-Redirect"].startswith("/confirm?next=")
    script = post(stale, "/passkeys/options")
    assert script.status_code == 403
    assert script.json["confirm"].startswith("/confirm?next=")


def test_who_lost_the_passkey_is_told_the_other_ways(stale):
    page = stale.get("/confirm")
    assert 'href="/recover"' in page.text
    assert "link that signs you in once" in rows.text(page)


def test_who_has_no_passkey_is_not_asked_to_show_one(client, dana):
    cast.sign_in(client, dana)
    page = client.get("/confirm").text
    assert "data-passkey" not in page
    assert "no passkey yet" in page


def test_tries_have_a_limit_and_another_leader_has_their_own(app, stale, passkey):
    statuses = [post(stale, "/confirm/options").status_code for _ in range(61)]
    assert statuses == [200] * 60 + [429]
    other = app.test_client()
    sign_up(other, "Cleo")
    assert post(other, "/confirm/options").status_code == 200


def test_signed_out_there_is_nothing_to_confirm(client):
    assert post(client, "/confirm/options").status_code == 401
    assert post(client, "/confirm", credential=None).status_code == 401
    assert client.get("/confirm").headers["Location"].startswith("/sign-in")
