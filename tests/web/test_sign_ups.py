"""Creating an account: a first name and a passkey."""

import dataclasses

import pytest

from habits import create_app, links
from habits.db import db
from habits.models.devices import LinkKind, Passkey
from habits.models.leaders import Leader
from tests import cast
from tests.passkey import ELIGIBLE, PRESENT, VERIFIED, SoftPasskey
from tests.web.ways import is_in, options, post, sign_up


@pytest.fixture
def invite_only(config, clock):
    app = create_app(dataclasses.replace(config, registration="invite"), clock)
    app.test_client_class = cast.Browser
    return app


def leaders(app) -> list[Leader]:
    with app.app_context():
        return list(db.session.scalars(db.select(Leader)))


def invitation(app, clock) -> str:
    with app.app_context():
        token = links.make(LinkKind.INVITE, None, clock())
        db.session.commit()
    return token


def test_a_name_and_a_passkey_make_an_account_that_is_signed_in(app, client):
    page = client.get("/sign-up")
    assert 'autocomplete="given-name"' in page.text
    passkey = sign_up(client, "  Dana \n", timezone="Europe/Lisbon")
    assert is_in(client)
    [dana] = leaders(app)
    assert (dana.name, dana.timezone, dana.handle) == ("Dana", "Europe/Lisbon", passkey.handle)


def test_picking_comes_next_and_codes_first_where_the_passkey_is_not_backed_up(app):
    answers = []
    for flags in (None, PRESENT | VERIFIED, PRESENT | VERIFIED | ELIGIBLE):
        passkey = SoftPasskey()
        passkey.flags = passkey.flags if flags is None else flags
        client = app.test_client()
        answer = passkey.create(options(client, "/sign-up", name="Dana"))
        answers.append(post(client, "/sign-up", name="Dana", credential=answer).json["next"])
    assert answers == [
        "/commitments/library?first=1",
        "/settings/codes?first=1",
        "/settings/codes?first=1",
    ]


@pytest.mark.parametrize("zone", ["", "Nowhere/Land", "../../etc/passwd", "\x00", "x" * 5000])
def test_a_zone_that_is_none_becomes_utc(app, client, zone):
    sign_up(client, timezone=zone)
    assert leaders(app)[0].timezone == "UTC"


@pytest.mark.parametrize(
    "name", ["", "   ", "x" * 61, "a\x00b", "\ud800", "D\x1bana"], ids=lambda name: repr(name)[:12]
)
def test_a_name_that_cannot_be_is_refused_at_its_field(app, client, name):
    response = post(client, "/sign-up/options", name=name)
    assert response.status_code == 422
    assert response.json["errors"]["name"]
    assert leaders(app) == []


@pytest.mark.parametrize("name", ["Дана", "دانا", "🙂", "<b>Dana</b>", "'; DROP TABLE leaders--"])
def test_any_name_that_people_bear_is_taken_and_shown_as_it_is(client, name):
    sign_up(client, name)
    assert "<b>Dana" not in client.get("/settings").text


def test_two_people_of_one_name_have_two_accounts(app):
    for _ in range(2):
        sign_up(app.test_client())
    first, second = leaders(app)
    assert first.handle != second.handle
    assert first.opaque != second.opaque


def test_one_answer_makes_one_account(app, client):
    answer = SoftPasskey().create(options(client, "/sign-up", name="Dana"))
    assert post(client, "/sign-up", name="Dana", credential=answer).status_code == 200
    again = app.test_client()
    assert post(again, "/sign-up", name="Dana", credential=answer).status_code == 400
    assert len(leaders(app)) == 1


def test_a_credential_id_belongs_to_one_account(app):
    passkey = sign_up(app.test_client())
    client = app.test_client()
    answer = passkey.create(options(client, "/sign-up", name="Cleo"))
    assert post(client, "/sign-up", name="Cleo", credential=answer).status_code == 400
    assert not is_in(client)
    assert len(leaders(app)) == 1


def test_by_invitation_only_an_unused_link_opens_one_account(invite_only, clock):
    client = invite_only.test_client()
    assert "By invitation" in client.get("/sign-up").text
    assert post(client, "/sign-up/options", name="Dana").status_code == 403
    token = invitation(invite_only, clock)
    assert "given-name" in client.get(f"/invitations/{token}").text
    sign_up(client, invite=token)
    other = invite_only.test_client()
    assert other.get(f"/invitations/{token}").status_code == 404
    assert post(other, "/sign-up/options", name="Cleo", invite=token).status_code == 403


def test_an_invitation_used_meanwhile_makes_no_account(invite_only, clock):
    token = invitation(invite_only, clock)
    slow, quick = invite_only.test_client(), invite_only.test_client()
    answer = SoftPasskey().create(options(slow, "/sign-up", name="Cleo", invite=token))
    sign_up(quick, invite=token)
    response = post(slow, "/sign-up", name="Cleo", invite=token, credential=answer)
    assert response.status_code == 403
    assert [leader.name for leader in leaders(invite_only)] == ["Dana"]


def test_an_invitation_lasts_seven_days(invite_only, clock):
    token = invitation(invite_only, clock)
    clock.advance(days=7)
    assert invite_only.test_client().get(f"/invitations/{token}").status_code == 404


def test_a_closed_kept_takes_nobody_with_an_old_invitation_either(config, clock, invite_only):
    token = invitation(invite_only, clock)
    closed = create_app(dataclasses.replace(config, registration="closed"), clock)
    client = closed.test_client()
    assert "given-name" not in client.get(f"/invitations/{token}").text
    assert post(client, "/sign-up/options", name="Dana", invite=token).status_code == 403
    assert 'href="/sign-up"' not in client.get("/").text


@pytest.mark.parametrize("origin", ["http://192.168.1.20:8000", "https://192.168.1.20"])
def test_an_address_that_can_have_no_passkeys_says_why(config, clock, origin):
    app = create_app(dataclasses.replace(config, origin=origin), clock)
    response = app.test_client().get("/sign-up", base_url=origin)
    assert response.headers["Location"] == "/no-passkey#address"


def test_the_passkey_is_named_after_the_device(app, client):
    agent = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"
    client.environ_base["HTTP_USER_AGENT"] = agent
    sign_up(client)
    with app.app_context():
        assert db.session.scalar(db.select(Passkey.name)) == "Chrome on Android"
