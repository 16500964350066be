"""Signed-in devices: see them, end one, end all others."""

import re

import pytest

from habits.db import db
from habits.models.devices import Session
from tests import cast
from tests.web.ways import is_in, press, show, sign_up

LIST = "/settings/devices"


@pytest.fixture
def passkey(client):
    return sign_up(client)


@pytest.fixture
def phone(app, client, passkey):
    """Dana's other device."""
    other = app.test_client()
    other.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (iPhone) Version/26.0 Safari/605"
    show(other, passkey)
    return other


def ids(app) -> list[int]:
    with app.app_context():
        return list(db.session.scalars(db.select(Session.id).order_by(Session.id)))


def test_the_list_names_every_device_and_says_which_is_this_one(client, phone):
    page = client.get(LIST).text
    assert "Safari on iPhone" in page
    assert page.partition("<ul")[2].partition("</ul>")[0].count("this device") == 1


def test_ending_one_signs_that_device_out_and_no_other(app, client, phone):
    theirs = ids(app)[-1]
    assert press(client, f"/sessions/{theirs}/removal").headers["Location"] == LIST
    assert not is_in(phone)
    assert is_in(client)


def test_ending_this_one_signs_out_here(app, client, phone):
    mine = ids(app)[0]
    assert press(client, f"/sessions/{mine}/removal").headers["Location"] == "/"
    assert not is_in(client)
    assert is_in(phone)


def test_ending_all_others_leaves_this_one(app, client, phone, passkey):
    third = app.test_client()
    show(third, passkey)
    press(client, "/sessions/removal")
    assert [is_in(who) for who in (client, phone, third)] == [True, False, False]


def test_a_strangers_session_is_not_found_and_stays(app, client, phone):
    cleo = app.test_client()
    sign_up(cleo, "Cleo")
    for theirs in ids(app)[:2]:
        assert press(cleo, f"/sessions/{theirs}/removal").status_code == 404
    press(cleo, "/sessions/removal")
    assert is_in(client)
    assert is_in(phone)


def test_ending_one_twice_is_a_404_and_no_fault(app, client, phone):
    theirs = ids(app)[-1]
    press(client, f"/sessions/{theirs}/removal")
    assert press(client, f"/sessions/{theirs}/removal").status_code == 404


def test_only_a_digest_of_the_token_is_stored(app, dana, client):
    token = cast.sign_in(client, dana)
    with app.app_context():
        row = db.session.scalar(db.select(Session))
    assert token not in str(vars(row))
    assert re.fullmatch("[0-9a-f]{64}", row.digest)


def test_signing_in_over_a_session_ends_that_session(app, client, passkey):
    show(client, passkey)
    show(client, passkey)
    assert len(ids(app)) == 1


@pytest.mark.parametrize("url", ["/sessions/removal", "/sessions/{}/removal"])
def test_what_another_device_prepared_ends_with_it(app, client, phone, url):
    link = re.search(r"/devices/[\w-]+", press(phone, "/passkeys/links").text)[0]
    press(client, url.format(ids(app)[-1]))
    assert app.test_client().get(link).status_code == 404
    assert press(app.test_client(), link).status_code == 404


def test_ending_this_one_from_a_fragment_leads_out_of_the_page(app, client, passkey):
    [mine] = ids(app)
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    data = {"key": "a-key-of-this-write"}
    response = client.post(f"/sessions/{mine}/removal", data=data, headers=headers)
    assert (response.status_code, response.headers["HX-Redirect"]) == (200, "/")
    assert not is_in(client)


def test_a_device_is_said_to_be_used_when_it_was(app, client, phone, clock):
    clock.advance(days=2)
    assert is_in(phone)
    with app.app_context():
        seen = [row.last_seen_at for row in db.session.query(Session).order_by(Session.id)]
    assert [(clock() - at).days for at in seen] == [2, 0]
