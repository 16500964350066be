"""What was said without a network: it counts for its own day, once, for who said it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from habits import ledger
from habits.db import db
from habits.models import Answer, Commitment, Lapse, Leader
from tests.cast import TODAY
from tests.clock import MONDAY

pytestmark = pytest.mark.signed_in

SENT_BY_DEVICE = {"HX-Request": "true", "HX-Request-Type": "partial"}
PROMISE = {"title": "I call Ben back", "pillar": "competency", "person": ""}
LAPSE = {"nature": "choice", "told": "no", "person": "", "note": ""}


@pytest.fixture
def device(client, dana):
    """Sends what Dana said `days` ago, by a clock that is `off` seconds wrong."""

    def send(path, fields, days=0, off=0, leader=dana.opaque):
        now = client.application.extensions["clock"]()
        clock = now + timedelta(seconds=off)
        times = {
            "answered_at": (clock - timedelta(days=days)).isoformat(),
            "sent_at": clock.isoformat(),
        }
        headers = SENT_BY_DEVICE | {"Kept-Leader": leader}
        return client.post(path, data={"key": str(uuid4())} | fields | times, headers=headers)

    return send


def stored(app, kind):
    with app.app_context():
        return db.session.query(kind).order_by(kind.id).all()


def answer(promise, day=TODAY):
    return {"commitment": promise.id, "date": day.isoformat(), "answer": "kept"}


def test_the_server_says_by_the_key_that_it_read_the_write(device, promise):
    taken = device("/answers", answer(promise) | {"key": "this-very-answer"})
    assert (taken.status_code, taken.headers["Kept-Key"]) == (200, "this-very-answer")
    refused = device(
        "/answers", answer(promise, TODAY - timedelta(days=90)) | {"key": "another-answer"}
    )
    assert (refused.status_code, refused.headers["Kept-Key"]) == (422, "another-answer")


def test_what_another_leader_left_waiting_is_not_taken(app, device, promise, cleo):
    reply = device("/answers", answer(promise), leader=cleo.opaque)
    assert reply.status_code == 401
    assert "Kept-Key" not in reply.headers
    assert stored(app, Answer) == []


@pytest.mark.parametrize("off", [0, -3 * 365 * 86400, 40 * 86400])
def test_an_answer_counts_from_when_it_was_given_whatever_the_clock_shows(
    app, client, device, promise, off
):
    client.application.extensions["clock"].advance(days=20)
    reply = device("/answers", answer(promise), days=20, off=off)
    assert reply.status_code == 200
    assert abs(stored(app, Answer)[0].answered_at - MONDAY) < timedelta(seconds=1)


def dana_of():
    return db.session.query(Leader).filter_by(name="Dana").one()


def test_a_promise_for_today_is_one_of_the_day_on_which_it_was_made(app, client, device):
    client.application.extensions["clock"].advance(days=2)
    reply = device("/promises", PROMISE | {"date": TODAY.isoformat()}, days=2)
    assert reply.status_code == 200
    assert "Promised" in reply.text
    assert [row.once_on for row in stored(app, Commitment)] == [TODAY]


def test_a_promise_that_can_no_longer_be_answered_is_refused_in_words(app, client, device, promise):
    client.application.extensions["clock"].advance(days=9)
    reply = device("/promises", PROMISE | {"date": TODAY.isoformat()}, days=9)
    assert reply.status_code == 422
    assert "That day is over: promise it for today." in reply.text
    assert [row.title for row in stored(app, Commitment)] == [promise.title]


def test_no_promise_is_made_for_a_day_that_was_over_when_it_was_said(app, device):
    yesterday = TODAY - timedelta(days=2)
    assert device("/promises", PROMISE | {"date": yesterday.isoformat()}).status_code == 422
    assert stored(app, Commitment) == []


def test_a_promise_sent_twice_is_one(app, device):
    once = PROMISE | {"date": TODAY.isoformat(), "key": "one-promise-only"}
    assert [device("/promises", once, off=n).status_code for n in (0, 60)] == [200, 200]
    assert len(stored(app, Commitment)) == 1


def test_a_lapse_recorded_weeks_ago_moves_the_account_from_its_day_on(app, client, device, promise):
    client.application.extensions["clock"].advance(days=30)
    reply = device("/lapses", LAPSE | {"date": TODAY.isoformat()}, days=30)
    assert reply.status_code == 200
    assert "The lapse is recorded." in reply.text
    assert [row.date for row in stored(app, Lapse)] == [TODAY]
    with app.app_context():  # the stored days agree with folding from the beginning
        assert ledger.verify(dana_of(), TODAY + timedelta(days=30)) == []


def test_a_lapse_recorded_today_of_a_day_long_ago_is_refused(app, device):
    long_ago = TODAY - timedelta(days=20)
    assert device("/lapses", LAPSE | {"date": long_ago.isoformat()}).status_code == 422
    assert stored(app, Lapse) == []


@pytest.mark.parametrize(("late", "due"), [(0, 1), (1, 1), (4, 4)])
def test_a_repair_is_promised_for_the_next_day_that_can_still_come(
    app, client, device, promise, late, due
):
    client.application.extensions["clock"].advance(days=late)
    broken = answer(promise) | {"answer": "broken", "repair": "I ask Ben what he needs"}
    assert device("/answers", broken, days=late).status_code == 200
    repair = stored(app, Commitment)[-1]
    assert repair.once_on == TODAY + timedelta(days=due)
