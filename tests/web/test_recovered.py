"""After a recovery: what else opens the account is shown, and ended in one press."""

import re

import pytest

from tests.passkey import SoftPasskey
from tests.web.rows import text
from tests.web.test_recovery_codes import CODE, CREATE, use
from tests.web.ways import options, post, press, sign_up

READ = {"reach": "read"}


@pytest.fixture
def codes(client):
    sign_up(client)
    return CODE.findall(press(client, CREATE).text)


def onward(client) -> str:
    """Where making a passkey leads."""
    answer = SoftPasskey().create(options(client, "/passkeys"))
    return post(client, "/passkeys", credential=answer).json["next"]


def make_tokens(client) -> list[str]:
    pages = [
        client.post("/tokens", data={"key": f"a-token-of-mine-{n}", "name": f"Button {n}"} | READ)
        for n in range(2)
    ]
    return [re.search(r'value="(kept_[\w-]{43})"', page.text)[1] for page in pages]


def works(client, secret: str) -> bool:
    headers = {"Authorization": f"Bearer {secret}"}
    return client.get("/api/v1/today", headers=headers).status_code == 200


def test_after_a_recovery_what_else_opens_the_account_is_shown_and_ends_in_one_press(
    app, client, codes
):
    secrets = make_tokens(client)
    client.post("/calendars", data={"key": "a-calendar-of-mine"})
    phone = app.test_client()
    use(phone, codes[0])
    assert onward(phone) == "/settings/recovery"
    page = phone.get("/settings/recovery")
    words = text(page)
    assert "All other devices are signed out" in words
    assert "Button 0" in words
    assert "Button 1" in words
    assert page.text.count('href="/settings/passkeys/') + page.text.count('href="/passkeys/') == 1
    assert "Revoke the link" in words
    assert all(works(phone, secret) for secret in secrets)
    assert press(phone, "/tokens/removal").location == "/settings/tokens"
    assert "All are revoked." in text(phone.get("/settings/tokens"))
    assert not any(works(phone, secret) for secret in secrets)


def test_with_no_tokens_the_lost_passkey_alone_is_shown(app, codes):
    phone = app.test_client()
    use(phone, codes[0])
    onward(phone)
    words = text(phone.get("/settings/recovery"))
    assert "Passkeys" in words
    assert "API tokens" not in words
    assert "Calendar link" not in words


def test_a_device_that_was_added_by_a_link_has_nothing_to_look_through(app, client, codes):
    link = re.search(r"/devices/[\w-]+", press(client, "/passkeys/links").text)[0]
    phone = app.test_client()
    press(phone, link)
    assert onward(phone) == "/"
    assert onward(client) == "/settings/passkeys"


def test_ending_all_tokens_ends_nobody_elses(app, client, codes):
    cleo = app.test_client()
    sign_up(cleo, "Cleo")
    (secret, _other) = make_tokens(cleo)
    make_tokens(client)
    press(client, "/tokens/removal")
    assert works(cleo, secret)
