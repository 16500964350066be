"""The host's link for a locked-out leader: one button, one use, ten minutes."""

import pytest

from habits import links, sessions
from habits.db import db
from habits.models.devices import LinkKind
from tests import cast
from tests.web.ways import add, is_in, press


@pytest.fixture
def link(app, dana, clock):
    with app.app_context():
        token = links.make(LinkKind.SIGN_IN, dana, clock())
        db.session.commit()
    return f"/links/{token}"


def test_looking_at_it_signs_nobody_in_and_uses_nothing_up(client, link):
    for _ in range(3):
        page = client.get(link)
        assert page.status_code == 200
        assert page.text.partition("<main")[2].partition("</main")[0].count("<button") == 1
    assert client.head(link).status_code == 200
    assert not is_in(client)


def test_pressing_its_button_signs_in_once(app, client, link):
    assert press(client, link).headers["Location"] == "/"
    assert is_in(client)
    other = app.test_client()
    assert press(other, link).status_code == 404
    assert not is_in(other)


def test_it_lets_who_lost_every_passkey_add_one_at_once(client, link, clock):
    press(client, link)
    add(client)
    clock.advance(minutes=5)
    assert client.get("/passkeys/new").headers["Location"].startswith("/confirm")


@pytest.mark.parametrize("token", ["x", "x" * 3000, "%00", "%F0%9F%92%A5", "..", "%2e%2e", "%ff"])
def test_a_garbage_link_gets_a_plain_page_with_the_way_on(client, token):
    response = client.get(f"/links/{token}")
    assert response.status_code == 404
    response = client.get(f"/devices/{token}")
    assert response.status_code == 404
    if token not in ("..", "%2e%2e"):
        assert "/sign-in" in response.text


def test_it_is_over_after_ten_minutes(client, link, clock):
    clock.advance(minutes=10)
    assert client.get(link).status_code == 404
    assert press(client, link).status_code == 404


def test_another_site_cannot_press_it(client, link):
    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    data = {"key": "a-key-of-this-write"}
    assert client.post(link, data=data, headers=headers).status_code == 403
    assert press(client, link).status_code == 303


def test_pressed_while_someone_else_is_signed_in_it_takes_their_place(app, client, link, cleo):
    token = cast.sign_in(client, cleo)
    press(client, link)
    assert "Dana" in client.get("/settings").text
    with app.app_context():
        assert sessions.find(token, app.extensions["clock"]()) is None
