"""Signing in with a passkey, and out."""

import pytest

from tests.passkey import SoftPasskey
from tests.web.ways import is_in, options, post, show, sign_up

ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
    "/\n/evil.example",
    "\x00/",
    " //evil.example",
    "",
    "weeks",
    "/" + "x" * 3000,
]


@pytest.fixture
def passkey(client):
    made = sign_up(client)
    client.post("/sign-out")
    return made


def test_a_passkey_alone_signs_in(client, passkey):
    assert not is_in(client)
    response = show(client, passkey)
    assert response.json["next"] == "/"
    assert is_in(client)


def test_the_passkey_manager_hears_which_passkeys_still_open_the_account(client, passkey):
    accepted = show(client, passkey).json["accepted"]
    assert accepted["rpId"] == "localhost"
    assert len(accepted["ids"]) == 1


def test_options_name_nobody_and_ask_for_user_verification(client, passkey):
    asked = options(client, "/sign-in")
    assert asked["allowCredentials"] == []
    assert asked["userVerification"] == "required"
    assert asked["rpId"] == "localhost"


def test_a_passkey_that_kept_does_not_know_is_named_for_the_manager_to_forget(client, passkey):
    stranger = SoftPasskey()
    stranger.handle = passkey.handle
    response = show(client, stranger)
    assert response.status_code == 400
    assert response.json["unknown"]["credentialId"]
    assert not is_in(client)


def test_two_tabs_of_one_browser_may_both_offer_to_sign_in(client, passkey):
    first = options(client, "/sign-in")
    options(client, "/sign-in")
    assert post(client, "/sign-in", credential=passkey.get(first)).status_code == 200


def test_each_sign_in_gets_a_token_of_its_own(client, passkey):
    show(client, passkey)
    first = client.get_cookie("kept").value
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    show(client, passkey)
    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != token
    client.set_cookie("kept", first)
    assert not is_in(client)


def test_a_planted_cookie_does_not_become_signed_in(app, client, passkey):
    options(client, "/sign-in")
    planted = client.get_cookie("kept").value
    show(client, passkey)
    attacker = app.test_client()
    attacker.set_cookie("kept", planted)
    assert not is_in(attacker)


@pytest.mark.parametrize("way", ELSEWHERE)
def test_what_leads_elsewhere_leads_to_today(client, passkey, way):
    assert show(client, passkey, next=way).json["next"] == "/"
    response = client.get("/sign-in", query_string={"next": way})
    assert response.headers["Location"] == "/"


def test_the_page_that_was_asked_for_comes_next(client, passkey):
    response = client.get("/weeks/?all=1")
    assert response.status_code == 302
    page = client.get(response.headers["Location"])
    assert 'name="next" value="/weeks/?all=1"' in page.text
    assert show(client, passkey, next="/weeks/?all=1").json["next"] == "/weeks/?all=1"


def test_signing_out_ends_the_session_on_the_server(client, passkey):
    show(client, passkey)
    stolen = client.get_cookie("kept").value
    response = client.post("/sign-out")
    assert response.headers["Clear-Site-Data"] == '"cache"'
    assert client.get_cookie("kept") is None
    client.set_cookie("kept", stolen)
    assert not is_in(client)


def test_signing_out_twice_is_no_error(client, passkey):
    assert client.post("/sign-out").status_code == 303


def test_the_ways_in_beside_the_passkey_are_named(client):
    assert "/new-phone" in client.get("/").text
    assert "/new-phone" in client.get("/sign-in").text
    page = client.get("/new-phone").text
    assert "/sign-in" in page
    assert "/recover" in page


def test_without_script_the_page_says_what_a_passkey_needs(client):
    for url in ("/sign-up", "/sign-in"):
        assert "<noscript>" in client.get(url).text
    assert "<noscript>" not in client.get("/").text


def test_a_form_post_without_script_is_refused_kindly(client):
    assert client.post("/sign-in", data={"next": "/"}).status_code == 415


def test_a_session_ends_after_ninety_idle_days(client, passkey, clock):
    show(client, passkey)
    clock.advance(days=89)
    assert is_in(client)
    clock.advance(days=90)
    assert not is_in(client)


def test_a_session_ends_after_a_year_however_it_is_used(client, passkey, clock):
    show(client, passkey)
    for _ in range(12):
        clock.advance(days=30)
        assert is_in(client)
    clock.advance(days=6)
    assert not is_in(client)
