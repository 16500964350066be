"""Passkeys: what is asked of them, what is stored of them, and the last one stays."""

import logging
from datetime import timedelta

import pytest

from habits import links, passkeys, sessions
from habits.db import db
from habits.models import Challenge, Leader, Link, Passkey, Session
from habits.models.devices import LinkKind, Purpose, Scope
from habits.problems import Refused, Unknown
from habits.sites import Rejected, Site, UnknownPasskey
from tests.clock import MONDAY
from tests.passkey import ELIGIBLE, PRESENT, VERIFIED, SoftPasskey, decode, encode

SITE = Site("localhost", "http://localhost")
BROWSER = "this browser"
LIFE = timedelta(minutes=5)  # of a challenge


@pytest.fixture(autouse=True)
def context(app):
    with app.app_context():
        yield


@pytest.fixture
def dana(dana):
    return _here(dana)


@pytest.fixture
def cleo(cleo):
    return _here(cleo)


def _here(leader):
    """The same leader in this context's session, which holds no lock."""
    row = db.session.merge(leader)
    db.session.commit()
    return row


def made(leader, passkey=None, now=MONDAY):
    """The row of a passkey that was added to the leader's account."""
    passkey = passkey or SoftPasskey()
    answer = passkey.create(passkeys.add_options(SITE, BROWSER, leader, now))
    asked = passkeys.take(answer, BROWSER, Purpose.ADD, leader.id, now)
    row = passkeys.add(leader, passkeys.verify_new(SITE, asked, answer), "Phone", now)
    db.session.commit()
    return row


def shown(passkey, now=MONDAY):
    """The row of the passkey that signed in."""
    answer = passkey.get(passkeys.sign_in_options(SITE, BROWSER, now))
    asked = passkeys.take(answer, BROWSER, Purpose.SIGN_IN, None, now)
    return passkeys.recognise(SITE, asked, answer, now)


def test_a_new_account_is_asked_for_a_discoverable_verified_passkey_without_attestation():
    asked = passkeys.sign_up_options(SITE, BROWSER, "Dana", MONDAY)
    wanted = asked["authenticatorSelection"]
    assert wanted["residentKey"] == "required"
    assert wanted["requireResidentKey"]
    assert wanted["userVerification"] == "required"
    assert asked["attestation"] == "none"
    assert asked["rp"] == {"id": "localhost", "name": "Kept"}
    assert asked["user"]["name"] == "Dana"
    assert asked["timeout"] == 300_000
    assert {one["alg"] for one in asked["pubKeyCredParams"]} == {-7, -8, -257}


def test_a_handle_says_nothing_of_its_owner():
    handles = {
        passkeys.sign_up_options(SITE, BROWSER, "Dana", MONDAY)["user"]["id"] for _ in range(5)
    }
    assert len(handles) == 5
    assert {len(decode(handle)) for handle in handles} == {32}


def test_one_more_passkey_is_for_the_same_handle_and_no_device_that_has_one(dana):
    first = made(dana)
    asked = passkeys.add_options(SITE, BROWSER, dana, MONDAY)
    assert decode(asked["user"]["id"]) == dana.handle
    assert [decode(one["id"]) for one in asked["excludeCredentials"]] == [first.credential_id]


def test_to_confirm_the_leaders_own_passkeys_are_named(dana, cleo):
    mine = [made(dana), made(dana)]
    made(cleo)
    asked = passkeys.confirm_options(SITE, BROWSER, dana, MONDAY)
    assert asked["userVerification"] == "required"
    named = [decode(one["id"]) for one in asked["allowCredentials"]]
    assert named == [row.credential_id for row in mine]


def test_every_challenge_is_new_and_long():
    challenges = {passkeys.sign_in_options(SITE, BROWSER, MONDAY)["challenge"] for _ in range(20)}
    assert len(challenges) == 20
    assert {len(decode(challenge)) for challenge in challenges} == {32}


def test_what_is_stored_finds_no_challenge_without_its_browser():
    asked = passkeys.sign_in_options(SITE, BROWSER, MONDAY)
    row = db.session.query(Challenge).one()
    assert row.challenge == decode(asked["challenge"])
    assert BROWSER not in row.ticket
    assert asked["challenge"] not in row.ticket


def test_a_challenge_is_taken_once():
    answer = SoftPasskey().get(passkeys.sign_in_options(SITE, BROWSER, MONDAY))
    passkeys.take(answer, BROWSER, Purpose.SIGN_IN, None, MONDAY)
    with pytest.raises(Rejected):
        passkeys.take(answer, BROWSER, Purpose.SIGN_IN, None, MONDAY)


def test_a_challenge_that_was_answered_wrongly_is_used_up_as_well():
    answer = SoftPasskey().get(passkeys.sign_in_options(SITE, BROWSER, MONDAY))
    with pytest.raises(Rejected):
        passkeys.take(answer, BROWSER, Purpose.CONFIRM, None, MONDAY)
    assert db.session.query(Challenge).count() == 0


@pytest.mark.parametrize("browser", ["", "another browser", BROWSER + " "])
def test_another_browser_leaves_it_where_it_is(browser):
    answer = SoftPasskey().get(passkeys.sign_in_options(SITE, BROWSER, MONDAY))
    with pytest.raises(Rejected):
        passkeys.take(answer, browser, Purpose.SIGN_IN, None, MONDAY)
    assert passkeys.take(answer, BROWSER, Purpose.SIGN_IN, None, MONDAY)


@pytest.mark.parametrize("purpose", [p for p in Purpose if p is not Purpose.SIGN_UP])
def test_a_challenge_serves_its_purpose_only(purpose):
    answer = SoftPasskey().create(passkeys.sign_up_options(SITE, BROWSER, "Dana", MONDAY))
    with pytest.raises(Rejected):
        passkeys.take(answer, BROWSER, purpose, None, MONDAY)


def test_a_challenge_serves_its_leader_only(dana, cleo):
    answer = SoftPasskey().get(passkeys.confirm_options(SITE, BROWSER, dana, MONDAY))
    with pytest.raises(Rejected):
        passkeys.take(answer, BROWSER, Purpose.CONFIRM, cleo.id, MONDAY)


def test_a_challenge_lives_for_five_minutes():
    for lasts, fine in ((LIFE - timedelta(seconds=1), True), (LIFE, False)):
        answer = SoftPasskey().get(passkeys.sign_in_options(SITE, BROWSER, MONDAY))
        try:
            passkeys.take(answer, BROWSER, Purpose.SIGN_IN, None, MONDAY + lasts)
        except Rejected:
            assert not fine
        else:
            assert fine


def test_challenges_that_nobody_answered_are_forgotten():
    for _ in range(3):
        passkeys.sign_in_options(SITE, BROWSER, MONDAY)
    passkeys.sign_in_options(SITE, BROWSER, MONDAY + LIFE)
    assert db.session.query(Challenge).count() == 1


def test_a_passkey_is_kept_as_it_was_made(dana):
    passkey = SoftPasskey()
    row = made(dana, passkey)
    assert (row.credential_id, row.leader_id, row.name) == (passkey.id, dana.id, "Phone")
    assert (row.synced, row.backed_up, row.sign_count) == (True, True, 0)
    assert row.transports.split(",") == ["hybrid", "internal"]
    assert row.created_at == row.last_used_at == MONDAY


def test_signing_in_notes_when_and_how_often(dana):
    passkey = SoftPasskey()
    passkey.flags, passkey.step = PRESENT | VERIFIED, 1
    made(dana, passkey)
    later = MONDAY + timedelta(days=3)
    row = shown(passkey, later)
    assert row.leader.id == dana.id
    assert (row.sign_count, row.last_used_at) == (1, later)


def test_a_passkey_that_a_manager_syncs_may_count_as_it_likes(dana, caplog):
    passkey = SoftPasskey()
    passkey.sign_count = 9
    made(dana, passkey)
    passkey.sign_count = 2
    with caplog.at_level(logging.WARNING, "kept"):
        assert shown(passkey).sign_count == 2
    assert "counts backwards" in caplog.text


def test_a_passkey_may_be_backed_up_later(dana):
    passkey = SoftPasskey()
    passkey.flags = PRESENT | VERIFIED | ELIGIBLE
    assert not made(dana, passkey).backed_up
    passkey.flags = SoftPasskey().flags
    assert shown(passkey).backed_up


def test_an_unknown_passkey_is_named_so_that_its_manager_can_forget_it():
    passkey = SoftPasskey()
    with pytest.raises(UnknownPasskey) as caught:
        shown(passkey)
    assert caught.value.credential_id == encode(passkey.id)


def test_to_confirm_a_key_may_leave_its_owner_out(dana):
    """Security keys do, where they were told which passkey to use."""
    passkey = SoftPasskey()
    made(dana, passkey)
    answer = passkey.get(passkeys.confirm_options(SITE, BROWSER, dana, MONDAY))
    del answer["response"]["userHandle"]
    asked = passkeys.take(answer, BROWSER, Purpose.CONFIRM, dana.id, MONDAY)
    assert passkeys.recognise(SITE, asked, answer, MONDAY).leader_id == dana.id


def test_an_id_that_is_taken_is_refused_and_stays_its_owners(dana, cleo):
    passkey = SoftPasskey()
    made(dana, passkey)
    for leader in (dana, cleo):
        with pytest.raises(Rejected):
            made(leader, passkey)
        db.session.rollback()
    assert db.session.query(Passkey).one().leader_id == dana.id


def test_a_name_has_its_limit(dana):
    row = made(dana)
    fresh = {
        "credential_id": b"another",
        "public_key": row.public_key,
        "sign_count": 0,
        "synced": True,
        "backed_up": True,
        "transports": "",
    }
    assert len(passkeys.add(dana, fresh, "x" * 500, MONDAY).name) == 60


def test_they_are_listed_oldest_first_and_nobody_elses_with_them(dana, cleo):
    rows = [made(dana) for _ in range(3)]
    made(cleo)
    assert [row.id for row in passkeys.of(dana)] == [row.id for row in rows]


def test_a_strangers_passkey_is_unknown(dana, cleo):
    theirs = made(cleo)
    made(dana)
    for passkey_id in (theirs.id, 999_999):
        with pytest.raises(Unknown):
            passkeys.get(dana, passkey_id)
        with pytest.raises(Unknown):
            passkeys.remove(dana, passkey_id)
    assert db.session.get(Passkey, theirs.id)


def test_the_last_passkey_stays(dana, cleo):
    made(cleo)
    only = made(dana)
    with pytest.raises(Refused) as caught:
        passkeys.remove(dana, only.id)
    assert "only passkey" in str(caught.value.message)
    assert passkeys.of(dana) == [only]


def test_a_removed_passkey_is_forgotten_with_the_sessions_that_it_began(dana):
    soft = SoftPasskey()
    lost, other = made(dana, soft), made(dana)
    theirs = sessions.start(dana, "Phone", MONDAY, passkey=lost)
    mine = sessions.start(dana, "Tablet", MONDAY, passkey=other)
    db.session.commit()
    passkeys.remove(dana, lost.id)
    db.session.commit()
    db.session.expire_all()
    assert sessions.find(theirs, MONDAY) is None
    assert sessions.find(mine, MONDAY)
    with pytest.raises(UnknownPasskey):
        shown(soft)


def test_what_a_lost_device_opened_to_add_another_is_closed_with_it(dana, cleo):
    lost = made(dana)
    made(dana)
    for leader in (dana, cleo):
        sessions.start(leader, "Tablet", MONDAY, Scope.ENROL)
        links.make(LinkKind.DEVICE, leader, MONDAY)
    links.make(LinkKind.SIGN_IN, dana, MONDAY)
    passkeys.remove(dana, lost.id)
    assert [row.leader_id for row in db.session.query(Session)] == [cleo.id]
    left = {(row.leader_id, row.kind) for row in db.session.query(Link)}
    assert left == {(cleo.id, LinkKind.DEVICE), (dana.id, LinkKind.SIGN_IN)}


def test_the_manager_hears_of_the_leaders_passkeys_only(dana, cleo):
    row = made(dana)
    made(cleo)
    assert passkeys.accepted(SITE, dana) == {
        "rpId": "localhost",
        "userId": encode(dana.handle),
        "name": "Dana",
        "ids": [encode(row.credential_id)],
    }


def test_passkeys_go_with_their_leader(dana):
    row = made(dana)
    sessions.start(dana, "Phone", MONDAY, passkey=row)
    passkeys.add_options(SITE, BROWSER, dana, MONDAY)
    db.session.commit()
    db.session.execute(db.delete(Leader).where(Leader.id == dana.id))
    db.session.commit()
    assert [db.session.query(model).count() for model in (Passkey, Session, Challenge)] == [0, 0, 0]
