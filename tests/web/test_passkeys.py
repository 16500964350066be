"""Several passkeys: add, name and remove them, and let one more device in."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from habits import links
from habits.db import db
from habits.models.devices import LinkKind, Passkey
from habits.models.leaders import Leader
from tests import cast
from tests.passkey import SoftPasskey
from tests.web.ways import add, is_in, options, post, press, show, sign_up

LIST = "/settings/passkeys"
SETTINGS = {
    "key": "a-key-of-settings",
    "timezone": "Europe/Lisbon",
    "day_start": "3",
    "week_start": "1",
    "locale": "en",
    "theme": "system",
}


@pytest.fixture
def passkey(client):
    return sign_up(client)


def rows(app) -> list[Passkey]:
    with app.app_context():
        return list(db.session.scalars(db.select(Passkey).order_by(Passkey.id)))


def device_link(client) -> str:
    """The path of a link for another device, as the page shows it."""
    page = press(client, "/passkeys/links").text
    return re.search(r"http://localhost(/devices/[\w-]+)", page)[1]


def test_a_second_passkey_opens_the_same_account(app, client, passkey):
    second = add(client)
    other = app.test_client()
    assert show(other, second).status_code == 200
    with app.app_context():
        assert db.session.query(Leader).count() == 1


def test_a_device_that_has_one_is_told_not_to_make_another(client, passkey):
    excluded = options(client, "/passkeys")["excludeCredentials"]
    assert len(excluded) == 1


def test_the_list_says_what_is_kept_where_and_when_it_was_used(client, passkey):
    page = client.get(LIST).text
    assert "23 Nov 2026" in page
    assert "Unnamed device" in page


def test_a_name_is_changed(client, app, passkey):
    response = press(client, "/passkeys/1/name", name="My phone <i>")
    assert response.status_code == 303
    assert "My phone &lt;i&gt;" in client.get(LIST).text


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "a\x00b"])
def test_a_bad_name_is_refused_and_kept_in_the_field(client, app, passkey, name):
    response = press(client, "/passkeys/1/name", name=name)
    assert response.status_code == 422
    if name.strip() and "\x00" not in name:
        assert f'value="{name}"' in response.text
    assert rows(app)[0].name == "Unnamed device"


def test_the_last_passkey_stays_codes_or_not(client, app, passkey):
    press(client, "/recovery-codes")
    response = press(client, "/passkeys/1/removal")
    assert response.status_code == 422
    assert "only passkey" in response.text
    assert len(rows(app)) == 1


def test_a_removed_passkey_opens_nothing_and_ends_what_it_opened(app, client, passkey):
    second = add(client)
    other = app.test_client()
    show(other, second)
    assert press(client, "/passkeys/2/removal").status_code == 303
    assert not is_in(other)
    assert show(other, second).status_code == 400
    assert is_in(client)


def test_removing_the_passkey_one_came_with_signs_this_device_out(app, client, passkey):
    add(client)
    assert press(client, "/passkeys/1/removal").status_code == 303
    assert not is_in(client)


def test_removing_closes_what_a_lost_device_left_open(app, client, passkey):
    second = add(client)
    lost = app.test_client()
    show(lost, second)
    link, unused = device_link(lost), device_link(lost)
    waiting = app.test_client()
    press(waiting, link)
    press(client, "/passkeys/2/removal")
    assert waiting.get("/passkeys/new").status_code == 302
    assert client.get(unused).status_code == 404


def test_a_link_lets_another_device_add_a_passkey_and_then_in(app, client, passkey):
    link = device_link(client)
    phone = app.test_client()
    assert "<form" in phone.get(link).text
    assert not is_in(phone)
    assert press(phone, link).headers["Location"] == "/passkeys/new"
    second = add(phone)
    assert is_in(phone)
    assert show(app.test_client(), second).status_code == 200


def test_until_then_that_device_may_do_nothing_else(app, client, passkey):
    phone = app.test_client()
    press(phone, device_link(client))
    for url in ("/settings", "/account", "/settings/codes", LIST, "/confirm", "/settings/devices"):
        response = phone.get(url)
        assert response.headers["Location"] == "/passkeys/new", url
        fragment = phone.get(url, headers={"HX-Request": "true"})
        assert (fragment.status_code, fragment.headers["HX-Redirect"]) == (401, "/passkeys/new")
    for url in ("/answers", "/passkeys/links", "/recovery-codes", "/passkeys/1/removal"):
        response = press(phone, url)  # a redirect would be taken for success by a script
        assert (response.status_code, "Location" in response.headers) == (401, False), url
        assert post(phone, url).json["error"]
    assert "Create your account" in phone.get("/").text
    assert len(rows(app)) == 1


def test_it_has_fifteen_minutes_for_that(app, client, passkey, clock):
    phone = app.test_client()
    press(phone, device_link(client))
    clock.advance(minutes=15)
    assert post(phone, "/passkeys/options").status_code == 401


def test_a_link_works_once_and_for_ten_minutes(app, client, passkey, clock):
    link = device_link(client)
    assert press(app.test_client(), link).status_code == 303
    assert press(app.test_client(), link).status_code == 404
    late = device_link(client)
    clock.advance(minutes=10)
    assert app.test_client().get(late).status_code == 404
    assert press(app.test_client(), late).status_code == 404


def test_a_link_for_one_purpose_serves_no_other(app, client, passkey, clock):
    token = device_link(client).rpartition("/")[2]
    for way in ("/links/", "/invitations/"):
        assert press(app.test_client(), way + token).status_code in (404, 405)
    with app.app_context():
        assert links.find(token, LinkKind.DEVICE, clock()) is not None


def test_the_qr_code_is_drawn_without_inline_style(client, passkey):
    page = press(client, "/passkeys/links").text
    assert "<svg" in page
    assert "style=" not in page


FRESH = [
    ("GET", "/passkeys/new"),
    ("GET", "/passkeys/1"),
    ("GET", "/settings/codes"),
    ("GET", "/settings/recovery"),
    ("POST", "/passkeys/options"),
    ("POST", "/passkeys"),
    ("POST", "/passkeys/1/name"),
    ("POST", "/passkeys/1/removal"),
    ("POST", "/passkeys/links"),
    ("POST", "/recovery-codes"),
    ("POST", "/tokens/removal"),
]


@pytest.mark.parametrize(("method", "url"), FRESH)
def test_what_decides_who_gets_in_needs_a_passkey_of_the_last_five_minutes(
    client, passkey, clock, method, url
):
    clock.advance(minutes=5)
    response = client.open(url, method=method, data={"key": "a-key-of-this-write"})
    assert response.status_code == 303
    assert response.headers["Location"].startswith("/confirm?next=")
    response = client.open(url, method=method, json={})
    assert response.status_code in (303, 403)
    assert show(client, passkey, "/confirm", next=url).json["next"] == url
    response = client.open(url, method=method, data={"key": "a-key-of-this-write"})
    assert not response.headers.get("Location", "").startswith("/confirm")


def test_a_post_that_came_too_late_leads_back_to_its_page(client, passkey, clock):
    clock.advance(minutes=5)
    response = client.post(
        "/passkeys/1/name",
        data={"key": "a-key-of-this-write", "name": "New"},
        headers={"Referer": "http://localhost/passkeys/1"},
    )
    assert response.headers["Location"] == "/confirm?next=/passkeys/1"


def test_confirming_takes_this_leaders_passkey_only(app, client, passkey, clock):
    cleo = sign_up(app.test_client(), "Cleo")
    clock.advance(minutes=5)
    assert show(client, cleo, "/confirm").status_code == 400
    assert client.get("/passkeys/new").headers["Location"].startswith("/confirm")


def test_a_strangers_passkey_is_not_found(app, client, passkey):
    other = app.test_client()
    sign_up(other, "Cleo", SoftPasskey())
    assert other.get("/passkeys/1").status_code == 404
    assert press(other, "/passkeys/1/name", name="Mine").status_code == 404
    assert press(other, "/passkeys/1/removal").status_code == 404
    assert rows(app)[0].name == "Unnamed device"


def test_a_new_name_of_the_leader_reaches_the_passkey_manager(client, passkey):
    client.post("/settings", data=SETTINGS | {"name": "Dana B"})
    assert '"name": "Dana B"' in client.get(LIST).text


def test_of_two_removed_at_once_one_stays(app, client, dana):
    """Or nobody could get in any more."""
    tablet = app.test_client()
    for browser in (client, tablet):
        cast.sign_in(browser, dana, fresh=True)
    for _ in range(4):
        while len(rows(app)) < 2:
            add(client)
        start = Barrier(2)

        def remove(browser, passkey_id, start=start):
            start.wait()
            return press(browser, f"/passkeys/{passkey_id}/removal").status_code

        with ThreadPoolExecutor(2) as pool:
            found = pool.map(remove, (client, tablet), [row.id for row in rows(app)])
        assert sorted(found) == [303, 422]
        assert len(rows(app)) == 1
