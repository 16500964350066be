"""The return after an absence: one question for the whole stretch."""

from datetime import timedelta
from uuid import uuid4

import pytest

from habits import ledger
from habits.db import db
from habits.models import Answer, Leader, TimeOff
from habits.trust.history import Reply
from tests import cast
from tests.cast import TODAY
from tests.web import rows
from tests.web.test_answers import tap

AWAY = 12  # days without an answer before today


@pytest.fixture
def promise(app, dana):
    """Kept until twelve days ago, then nothing."""
    with app.app_context():
        return cast.promise(dana, picked_on=TODAY - timedelta(days=30))


@pytest.fixture
def client(app, dana, promise, clock):
    client = app.test_client()
    cast.sign_in(client, dana)
    clock.advance(days=-AWAY - 1)
    for back in range(AWAY + 1, AWAY + 8):
        tap(client, promise, day=TODAY - timedelta(days=back))
    clock.advance(days=AWAY + 1)
    return client


def choose(client, choice, **more):
    page = client.get("/").text
    assert "Good to see you again" in page
    first, last = TODAY - timedelta(days=AWAY), TODAY - timedelta(days=1)
    fields = {"choice": choice, "first": first, "last": last, "key": str(uuid4())}
    return client.post("/returns", data=fields | more)


def asks(client) -> bool:
    return "Good to see you again" in client.get("/").text


def test_a_day_or_two_unanswered_ask_nothing(app, dana, clock):
    with app.app_context():
        made = cast.promise(dana, picked_on=TODAY - timedelta(days=5))
    client = app.test_client()
    cast.sign_in(client, dana)
    tap(client, made, day=TODAY - timedelta(days=3))
    assert not asks(client)


def test_away_makes_it_time_off_and_gives_back_what_the_silence_cost(app, client, dana):
    before = rows.balance(client.get("/"))
    assert choose(client, "away").status_code == 303
    assert rows.balance(client.get("/")) > before
    assert not asks(client)
    with app.app_context():
        off = db.session.query(TimeOff).one()
        assert (off.first, off.last) == (TODAY - timedelta(days=AWAY), TODAY - timedelta(days=1))
        assert ledger.verify(db.session.get(Leader, dana.id), TODAY) == []


def test_kept_them_all_reaches_back_seven_days(app, client, promise):
    choose(client, "kept")
    with app.app_context():
        kept = db.session.query(Answer).filter(Answer.date >= TODAY - timedelta(days=AWAY)).all()
        assert {answer.date for answer in kept} == {
            TODAY - timedelta(days=back) for back in range(1, 8)
        }
        assert {answer.reply for answer in kept} == {Reply.KEPT}


def test_going_through_them_starts_with_the_oldest_that_can_be_answered(client):
    assert choose(client, "through").location == f"/days/{TODAY - timedelta(days=7)}"


def test_leaving_it_asks_no_more_and_changes_nothing(app, client):
    before = rows.balance(client.get("/"))
    choose(client, "leave")
    assert rows.balance(client.get("/")) == before
    assert not asks(client)


def test_a_stale_question_changes_nothing(app, client, promise):
    tap(client, promise, day=TODAY - timedelta(days=1))
    fields = {"choice": "kept", "first": TODAY, "last": TODAY - timedelta(days=2)}
    assert client.post("/returns", data=fields | {"key": str(uuid4())}).status_code == 303
    with app.app_context():
        assert db.session.query(Answer).filter_by(date=TODAY - timedelta(days=5)).count() == 0


def test_another_word_is_refused(client):
    response = choose(client, "perhaps")
    assert response.status_code == 303
    assert asks(client)
