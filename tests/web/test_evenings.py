"""All kept, with one button of a notification: each promise once, and no answer overruled."""

from datetime import timedelta

import pytest

from habits.db import db
from habits.models import Answer
from habits.trust.history import Reply
from tests import cast
from tests.cast import TODAY
from tests.clock import MONDAY


@pytest.fixture
def promises(app, dana):
    with app.app_context():
        return [cast.promise(dana, f"I do {n}", picked_on=TODAY) for n in range(3)]


@pytest.fixture
def signed_in(client, dana):
    cast.sign_in(client, dana)
    return client


def named(*promises, day=TODAY):
    return " ".join(f"{one.id}:{day}" for one in promises)


def send(client, promises, key="a-key-of-an-evening", **more):
    fields = {"promises": promises, "key": key, "answered_at": MONDAY.isoformat()} | more
    return client.post("/evenings", data=fields, headers={"HX-Request": "true"})


def stored(app) -> dict:
    with app.app_context():
        found = db.session.scalars(db.select(Answer).order_by(Answer.id))
        return {(row.commitment_id, row.date): row.reply for row in found}


def count(app) -> int:
    with app.app_context():
        return db.session.query(Answer).count()


def test_each_is_kept_once_however_often_it_comes(app, signed_in, promises):
    for _ in range(3):
        assert send(signed_in, named(*promises)).status_code == 200
    assert stored(app) == {(one.id, TODAY): Reply.KEPT for one in promises}
    assert count(app) == 3


def test_what_was_answered_since_the_notification_came_stays(app, signed_in, promises):
    broken, *others = promises
    fields = {
        "commitment": broken.id, "date": TODAY, "answer": "broken", "nature": "mistake",
        "key": "a-key-of-an-answer", "answered_at": MONDAY.isoformat(),
    }  # fmt: skip
    signed_in.post("/answers", data=fields)
    send(signed_in, named(*promises))
    assert stored(app)[broken.id, TODAY] is Reply.BROKEN
    assert all(stored(app)[one.id, TODAY] is Reply.KEPT for one in others)


def test_a_replay_does_not_bring_back_what_was_taken_back(app, signed_in, promises, clock):
    send(signed_in, named(*promises))
    clock.advance(minutes=5)
    fields = {
        "commitment": promises[0].id, "date": TODAY, "answer": "", "key": "a-key-of-undoing",
        "answered_at": clock().isoformat(),
    }  # fmt: skip
    signed_in.post("/answers", data=fields)
    send(signed_in, named(*promises))
    assert stored(app)[promises[0].id, TODAY] is None


def test_earlier_days_and_late_arrivals_count_by_when_they_were_given(
    app, signed_in, promises, clock
):
    clock.advance(days=9)
    said = {"sent_at": (MONDAY + timedelta(days=9)).isoformat()}
    assert send(signed_in, named(promises[0]), **said).status_code == 200
    assert stored(app) == {(promises[0].id, TODAY): Reply.KEPT}


def test_a_day_that_is_fixed_or_off_by_now_is_left_alone(app, signed_in, promises, clock):
    clock.advance(days=9)
    said = {"answered_at": clock().isoformat()}
    assert send(signed_in, named(*promises), **said).status_code == 200
    assert stored(app) == {}


def test_somebody_elses_promise_is_not_found(app, signed_in, promises, cleo):
    with app.app_context():
        hers = cast.promise(cleo, picked_on=TODAY)
    assert send(signed_in, named(*promises, hers)).status_code == 404
    assert count(app) == 0


@pytest.mark.parametrize(
    "given", ["", "x", "1", "1:", "1:2026-13-01", "1:2026-11-23,2:2026-11-23", "1:2026-11-23 x",
              "\x00", "1:２０２６-11-23", "9" * 400 + ":2026-11-23", "1:2026-11-23 " * 31]
)  # fmt: skip
def test_what_no_notification_says_is_malformed(app, signed_in, promises, given):
    assert send(signed_in, given).status_code in (400, 404)
    assert count(app) == 0
