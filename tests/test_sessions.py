"""Sessions: rows that live for their time, and are over at once when they are ended."""

from datetime import timedelta

import pytest

from habits import sessions
from habits.db import db
from habits.models import Passkey, Session
from habits.models.devices import Scope
from tests.clock import MONDAY

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def context(app):
    with app.app_context():
        yield


def started(leader, **more):
    token = sessions.start(leader, "Phone", MONDAY, **more)
    db.session.commit()
    return token


def passkey_of(leader):
    row = Passkey(
        leader_id=leader.id,
        credential_id=b"phone",
        public_key=b"",
        name="Phone",
        created_at=MONDAY,
        last_used_at=MONDAY,
    )
    db.session.add(row)
    db.session.commit()
    return row


def test_a_token_finds_its_session_and_leader(dana, cleo):
    token = started(dana)
    started(cleo)
    row = sessions.find(token, MONDAY)
    assert (row.leader.name, row.scope, row.device) == ("Dana", Scope.FULL, "Phone")
    assert sessions.find_to_write(token, MONDAY) is row


@pytest.mark.parametrize("token", ["", "garbage", "\ud800", "\x00", "x" * 100_000, "%", "' OR 1=1"])
def test_what_is_no_token_finds_nobody(dana, token):
    started(dana)
    assert sessions.find(token, MONDAY) is None
    assert sessions.find_to_write(token, MONDAY) is None


def test_what_is_stored_is_no_token(dana):
    token = started(dana)
    row = db.session.query(Session).one()
    assert token not in repr([getattr(row, c.name) for c in Session.__table__.columns])
    assert sessions.find(row.digest, MONDAY) is None


def test_every_session_has_a_token_of_its_own(dana):
    tokens = {started(dana) for _ in range(10)}
    assert len(tokens) == 10
    assert min(map(len, tokens)) >= 43  # 256 bits


def test_it_is_over_after_ninety_idle_days(dana):
    token = started(dana)
    row = sessions.find(token, MONDAY)
    last = MONDAY + timedelta(days=50)
    sessions.seen(row.id, last)
    assert sessions.find(token, last + timedelta(days=90) - SECOND)
    assert sessions.find(token, last + timedelta(days=90)) is None


def test_it_is_over_after_a_year_however_it_is_used(dana):
    token = started(dana)
    year = MONDAY + timedelta(days=365)
    sessions.seen(sessions.find(token, MONDAY).id, year - SECOND)
    assert sessions.find(token, year - SECOND)
    assert sessions.find(token, year) is None


def test_a_session_to_add_a_passkey_lasts_a_quarter_of_an_hour_however_it_is_used(dana):
    token = started(dana, scope=Scope.ENROL)
    over = MONDAY + timedelta(minutes=15)
    sessions.seen(sessions.find(token, MONDAY).id, over - SECOND)
    assert sessions.find(token, over - SECOND)
    assert sessions.find(token, over) is None


def test_a_passkey_is_fresh_for_five_minutes(dana):
    token = started(dana, passkey=passkey_of(dana))
    row = sessions.find(token, MONDAY)
    fresh = timedelta(minutes=5)
    assert sessions.is_fresh(row, MONDAY + fresh - SECOND)
    assert not sessions.is_fresh(row, MONDAY + fresh)


def test_without_a_passkey_nothing_is_fresh_until_it_is_confirmed(dana):
    token, other = started(dana), started(dana)
    assert not sessions.is_fresh(sessions.find(token, MONDAY), MONDAY)
    sessions.confirm(token, MONDAY)
    db.session.expire_all()
    assert sessions.is_fresh(sessions.find(token, MONDAY), MONDAY)
    assert not sessions.is_fresh(sessions.find(other, MONDAY), MONDAY)


def test_its_last_use_is_noted_once_an_hour(dana):
    row = sessions.find(started(dana), MONDAY)
    hour = timedelta(hours=1)
    assert not sessions.is_stale(row, MONDAY + hour - SECOND)
    assert sessions.is_stale(row, MONDAY + hour)
    sessions.seen(row.id, MONDAY + hour)
    db.session.expire_all()
    assert row.last_seen_at == MONDAY + hour
    assert not sessions.is_stale(row, MONDAY + hour)


def test_devices_are_listed_last_used_first(dana, cleo):
    for hours in (1, 3, 2):
        sessions.start(dana, f"used at {hours}", MONDAY + timedelta(hours=hours))
    started(cleo)
    assert [row.device for row in sessions.of(dana)] == ["used at 3", "used at 2", "used at 1"]


def test_ending_one_ends_that_one(dana):
    mine, other = started(dana), started(dana)
    assert sessions.end(dana, sessions.find(mine, MONDAY).id)
    assert sessions.find(mine, MONDAY) is None
    assert sessions.find(other, MONDAY)


def test_a_strangers_session_cannot_be_ended(dana, cleo):
    theirs = started(cleo)
    assert not sessions.end(dana, sessions.find(theirs, MONDAY).id)
    assert not sessions.end(dana, 999_999)
    assert sessions.find(theirs, MONDAY)


def test_ending_all_others_leaves_this_one_and_everyone_elses(dana, cleo):
    here, theirs = started(dana), started(cleo)
    others = [started(dana), started(dana, scope=Scope.ENROL)]
    assert sessions.end_all(dana, but=sessions.find(here, MONDAY).id) == 2
    assert sessions.find(here, MONDAY)
    assert sessions.find(theirs, MONDAY)
    assert [sessions.find(token, MONDAY) for token in others] == [None, None]


def test_ending_all_leaves_none(dana):
    tokens = [started(dana) for _ in range(3)]
    assert sessions.end_all(dana) == 3
    assert [sessions.find(token, MONDAY) for token in tokens] == [None] * 3


def test_a_device_of_any_name_is_stored(dana):
    token = sessions.start(dana, "x" * 500, MONDAY)
    assert len(sessions.find(token, MONDAY).device) == 60
