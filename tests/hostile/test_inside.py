"""Bodies, confirmations and further passkeys that no honest browser sends: each is refused."""

import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from habits.db import db
from habits.models import Leader, Passkey
from tests import cast
from tests.hostile.tampering import (
    HONEST,
    _other_key,
    _unknown,
    behaving,
    client_data,
    cose,
    is_out,
    like,
)
from tests.passkey import PRESENT, VERIFIED, SoftPasskey
from tests.web.ways import options as ask
from tests.web.ways import post as send
from tests.web.ways import show, sign_up

BODIES = {
    "nothing": b"",
    "garbage": b"garbage",
    "a list": b"[]",
    "null": b"null",
    "a number": b"7",
    "words": b'"yes"',
    "not a number": b"NaN",
    "broken text": b'{"key": "\xff"}',
    "a huge number": b'{"key": ' + b"9" * 9000 + b"}",
    "lists as deep as a well": b'{"credential": ' + b"[" * 50_000 + b"}",
    "objects as deep as a well": b'{"a":' * 30_000,
    "a key that is a list": b'{"key": ["12345678"]}',
    "a name that is an object": b'{"key": "12345678", "name": {}}',
    "an unknown field": b'{"key": "12345678", "leader_id": "1"}',
    "half a surrogate": b'{"key": "12345678", "\\ud800": ""}',
}


@pytest.mark.parametrize("path", ["/sign-in", "/sign-up", "/sign-up/options"])
@pytest.mark.parametrize("case", BODIES)
def test_a_body_that_is_no_form_is_malformed(client, refused, path, case):
    refused(client.post(path, data=BODIES[case], content_type="application/json"))


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", None])
def test_a_body_of_another_kind_is_not_read(house, client, kind):
    answer = house.dana.get(ask(client, "/sign-in"))
    body = json.dumps({"key": "12345678", "credential": answer})
    assert client.post("/sign-in", data=body, content_type=kind).status_code == 415
    assert is_out(client)


def test_a_body_of_a_megabyte_is_too_large(client):
    response = send(client, "/sign-in", credential={"id": "A" * 1_000_000})
    assert response.status_code == 413
    assert is_out(client)


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}])
def test_another_site_cannot_carry_a_passkey_in(house, client, headers):
    answer = house.dana.get(ask(client, "/sign-in"))
    body = {"key": "12345678", "credential": answer}
    assert client.post("/sign-in", json=body, headers=headers).status_code == 403
    assert is_out(client)


class TestInside:
    """Dana is signed in, and a passkey is asked for once more."""

    @pytest.fixture
    def client(self, house, client):
        assert show(client, house.dana).status_code == 200
        house.clock.advance(minutes=6)
        return client

    def check(self, house, client, response):
        assert response.status_code == 400, response.text
        assert "/confirm" in client.get("/passkeys/new").location
        assert house.counts() == self.before

    @pytest.fixture(autouse=True)
    def _count(self, house, client):
        self.before = house.counts()

    def test_a_confirmation_is_accepted(self, house, client):
        """Or the cases below would be refused for nothing."""
        assert show(client, house.dana, "/confirm").status_code == 200
        assert client.get("/passkeys/new").status_code == 200

    def test_another_leaders_passkey_confirms_nothing(self, house, client):
        cleo = like(house.cleo, sign_count=1000)
        self.check(house, client, show(client, cleo, "/confirm"))
        as_dana = like(cleo, handle=house.dana.handle)
        self.check(house, client, show(client, as_dana, "/confirm"))
        as_nobody = cleo.get(ask(client, "/confirm"))
        del as_nobody["response"]["userHandle"]
        self.check(house, client, send(client, "/confirm", credential=as_nobody))

    def test_a_sign_in_cannot_be_used_to_confirm(self, house, client):
        answer = house.dana.get(ask(client, "/sign-in"))
        self.check(house, client, send(client, "/confirm", credential=answer))

    def test_a_confirmation_cannot_be_used_to_sign_in(self, house, client):
        answer = house.dana.get(ask(client, "/confirm"))
        self.check(house, client, send(client, "/sign-in", credential=answer))

    def test_a_confirmation_counts_once(self, house, client):
        answer = house.dana.get(ask(client, "/confirm"))
        assert send(client, "/confirm", credential=answer).status_code == 200
        house.clock.advance(minutes=6)
        self.check(house, client, send(client, "/confirm", credential=answer))

    @pytest.mark.parametrize(
        "make",
        [
            pytest.param(behaving(flags=HONEST & ~VERIFIED), id="not verified"),
            pytest.param(behaving(origin="http://evil.example"), id="wrong origin"),
            pytest.param(behaving(flags=PRESENT | VERIFIED), id="eligibility flipped"),
            pytest.param(client_data(crossOrigin=True), id="inside another site"),
            pytest.param(_other_key, id="another key"),
            pytest.param(_unknown, id="unknown"),
            pytest.param(lambda _passkey, _options: None, id="nothing"),
        ],
    )
    def test_a_hostile_confirmation_is_refused(self, house, client, make):
        answer = make(house.dana, ask(client, "/confirm"))
        self.check(house, client, send(client, "/confirm", credential=answer))

    def test_a_session_that_began_anew_has_no_old_challenges(self, house, client):
        answer = house.dana.get(ask(client, "/confirm"))
        assert show(client, house.dana).status_code == 200
        house.clock.advance(minutes=6)
        assert send(client, "/confirm", credential=answer).status_code == 400


class TestAdding:
    """Dana makes one more passkey."""

    @pytest.fixture
    def client(self, house, client):
        assert show(client, house.dana).status_code == 200
        return client

    def check(self, house, before, response):
        assert response.status_code == 400, response.text
        assert house.counts() == before

    def test_a_challenge_to_sign_up_adds_nothing(self, house, client):
        before = house.counts()
        answer = SoftPasskey().create(ask(client, "/sign-up", name="Dana"))
        self.check(house, before, send(client, "/passkeys", credential=answer))

    def test_a_challenge_to_add_opens_no_account(self, house, client):
        before = house.counts()
        answer = SoftPasskey().create(ask(client, "/passkeys"))
        self.check(house, before, send(client, "/sign-up", name="Eve", credential=answer))

    def test_cleos_challenge_adds_nothing_to_danas_account(self, house, client):
        before = house.counts()
        cleos = house.app.test_client()
        cast.sign_in(cleos, _row(house, "Cleo"), fresh=True)
        answer = SoftPasskey().create(ask(cleos, "/passkeys"))
        self.check(house, before, send(client, "/passkeys", credential=answer))

    def test_a_challenge_of_the_session_before_adds_nothing(self, house, client):
        """Dana hands the browser on: what she asked for must not end in Cleo's account."""
        before = house.counts()
        answer = SoftPasskey().create(ask(client, "/passkeys"))
        cleo = like(house.cleo, sign_count=house.cleo.sign_count + 1)
        assert show(client, cleo).status_code == 200
        house.cleo.sign_count = cleo.sign_count
        self.check(house, before, send(client, "/passkeys", credential=answer))

    @pytest.mark.parametrize("whose", ["dana", "cleo"])
    def test_a_credential_id_that_is_known_is_refused(self, house, client, whose):
        before = house.counts()
        double = like(getattr(house, whose), key=ec.generate_private_key(ec.SECP256R1()))
        answer = double.create(ask(client, "/passkeys"))
        self.check(house, before, send(client, "/passkeys", credential=answer))
        with house.app.app_context():
            stored = db.session.query(Passkey).filter_by(credential_id=double.id).one()
            assert stored.leader.name == whose.title()

    @pytest.mark.parametrize(
        "make",
        [
            pytest.param(behaving(flags=HONEST & ~VERIFIED), id="not verified"),
            pytest.param(behaving(origin="http://evil.example"), id="wrong origin"),
            pytest.param(cose(x=b"x" * 32), id="point off the curve"),
            pytest.param(lambda _passkey, _options: [], id="list"),
        ],
    )
    def test_a_hostile_passkey_is_not_added(self, house, client, make):
        before = house.counts()
        answer = make(SoftPasskey(), ask(client, "/passkeys"))
        self.check(house, before, send(client, "/passkeys", credential=answer))

    def test_a_challenge_to_add_is_over_after_five_minutes(self, house, client):
        before = house.counts()
        options = ask(client, "/passkeys")
        house.clock.advance(minutes=4)
        assert show(client, house.dana, "/confirm").status_code == 200
        house.clock.advance(minutes=1)
        answer = SoftPasskey().create(options)
        self.check(house, before, send(client, "/passkeys", credential=answer))


def test_a_count_may_use_all_of_its_bits(house, client):
    passkey = SoftPasskey()
    passkey.flags, passkey.sign_count, passkey.step = PRESENT | VERIFIED, 2**32 - 3, 1
    sign_up(client, "Ida", passkey)
    assert show(client, passkey).status_code == 200


def test_transports_of_any_kind_leave_the_account_usable(client):
    passkey = SoftPasskey()
    passkey.transports = ["internal", "hybrid"] * 50 + ["carrier pigeon", "", [], {}, 7, None]
    sign_up(client, "Ida", passkey)
    known = ask(client, "/confirm")["allowCredentials"]
    assert [sorted(one["transports"]) for one in known] == [["hybrid", "internal"]]


@pytest.mark.parametrize("transports", [None, "internal", {"internal": 1}, 7])
def test_transports_that_are_no_list_are_left_out(client, transports):
    passkey = SoftPasskey()
    passkey.transports = transports
    sign_up(client, "Ida", passkey)
    assert ask(client, "/confirm")["allowCredentials"]


def _row(house, name):
    with house.app.app_context():
        return db.session.query(Leader).filter_by(name=name).one()


def test_cleo_still_gets_in(house, client):
    """After all of the above nobody was locked out."""
    house.clock.advance(seconds=timedelta(hours=1).total_seconds())
    house.cleo.sign_count += 5
    assert show(client, house.cleo).status_code == 200
    assert show(house.app.test_client(), house.dana).status_code == 200
