"""A lapse outside a promise: recorded once, told, taken back."""

from datetime import timedelta
from uuid import uuid4

import pytest

from habits.db import db
from habits.models import Lapse, Person, Telling
from tests import cast
from tests.cast import TODAY
from tests.web import rows


@pytest.fixture
def client(app, dana):
    with app.app_context():
        cast.promise(dana)
    client = app.test_client()
    cast.sign_in(client, dana)
    return client


def record(client, nature="choice", day=TODAY, **more):
    fields = {"date": day, "nature": nature, "told": "no", "key": str(uuid4())}
    return client.post("/lapses", data=fields | more)


def stored(app, kind=Lapse):
    with app.app_context():
        return db.session.query(kind).all()


def change(client, lapse, what):
    return client.post(f"/lapses/{lapse.id}/{what}", data={"key": str(uuid4())})


def test_the_form_opens_on_today_or_the_day_asked_for(client):
    assert f'value="{TODAY}"' in client.get("/lapses/new").text
    day = TODAY - timedelta(days=2)
    assert f'value="{day}"' in client.get(f"/lapses/new?date={day}").text


def test_a_choice_costs_a_quarter_of_character_and_more(client):
    before = rows.balance(client.get("/"))
    assert record(client).status_code == 303
    assert rows.balance(client.get("/")) < before * 0.87


def test_it_can_be_taken_back_and_stand_again(app, client):
    before = rows.balance(client.get("/"))
    record(client)
    lapsed = rows.balance(client.get("/"))
    lapse = stored(app)[0]
    change(client, lapse, "removal")
    assert rows.balance(client.get("/")) == before
    change(client, lapse, "return")
    assert rows.balance(client.get("/")) == lapsed


def test_the_toast_offers_to_take_it_back(app, client):
    record(client)
    page = client.get("/").text
    assert f'action="/lapses/{stored(app)[0].id}/removal"' in page


def test_a_repeat_records_nothing_more(app, client):
    key = str(uuid4())
    for _ in range(3):
        assert record(client, key=key).status_code == 303
    assert len(stored(app)) == 1


def test_a_repeat_with_another_body_is_a_conflict(app, client):
    key = str(uuid4())
    record(client, key=key)
    assert record(client, "deception", key=key).status_code == 409
    assert len(stored(app)) == 1


def test_telling_of_a_mistake_gives_back_two_thirds(app, client):
    record(client, "mistake")
    before = rows.balance(client.get("/"))
    change(client, stored(app)[0], "telling")
    assert rows.balance(client.get("/")) > before


def test_telling_after_the_window_is_on_record_and_moves_nothing(app, client, clock):
    record(client, "mistake")
    clock.advance(days=8)
    cast.sign_in(client, stored_leader(app))
    before = rows.balance(client.get("/"))
    change(client, stored(app)[0], "telling")
    assert rows.balance(client.get("/")) == before
    assert len(stored(app, Telling)) == 1


def stored_leader(app):
    from habits.models import Leader

    with app.app_context():
        return db.session.query(Leader).filter_by(name="Dana").one()


def test_after_the_window_it_stays(app, client, clock):
    record(client)
    clock.advance(days=8)
    cast.sign_in(client, stored_leader(app))
    change(client, stored(app)[0], "removal")
    assert stored(app)[0].withdrawn_at is None


def test_the_person_it_touched_is_noted_by_name(app, client, dana):
    record(client, person="Ben")
    record(client, person=" ben ")
    assert [person.name for person in stored(app, Person)] == ["Ben"]
    assert {lapse.person_id for lapse in stored(app)} == {stored(app, Person)[0].id}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"nature": ""}, "Say what it was."),
        ({"nature": "crime"}, "Choose one of the answers shown."),
        ({"date": ""}, "Say which day."),
        ({"date": "2026-13-01"}, "This is not a date."),
        ({"date": TODAY + timedelta(days=1)}, "This day has not begun."),
        ({"date": TODAY - timedelta(days=8)}, "This day is fixed"),
        ({"note": "n" * 10_000}, "At most 1000 characters."),
        ({"person": "p" * 10_000}, "At most 60 characters."),
        ({"told": "maybe"}, "Choose yes or no."),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_typed_is_lost(app, client, changes, field):
    response = record(client, **({"note": "I kept this"} | changes))
    assert response.status_code == 422
    assert field in rows.text(response)
    assert changes.get("note", "I kept this") in response.text
    assert stored(app) == []


def test_a_strangers_lapse_is_not_there(app, client, cleo):
    with app.app_context():
        cast.promise(cleo)
    other = app.test_client()
    cast.sign_in(other, cleo)
    record(other)
    lapse = stored(app)[0]
    for what in ("removal", "return", "telling"):
        assert change(client, lapse, what).status_code == 404
    assert stored(app)[0].withdrawn_at is None
