"""The People tab: who was promised what, and what became of it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from habits.db import db
from habits.models import Answer, Person
from habits.trust.history import Reply
from tests import cast
from tests.cast import TODAY
from tests.clock import MONDAY
from tests.web import rows


@pytest.fixture
def client(app, dana):
    client = app.test_client()
    cast.sign_in(client, dana)
    return client


@pytest.fixture
def ben(app, dana):
    with app.app_context():
        return cast.person(dana)


def test_with_nobody_named_it_says_what_a_name_is_for(client):
    words = rows.text(client.get("/people"))
    assert "Nobody is named yet." in words
    assert "an alias or initials do as well" in words


def test_it_lists_what_was_promised_to_whom_and_how_it_went(app, client, dana, ben):
    with app.app_context():
        row = cast.promise(dana, person_id=ben.id, picked_on=TODAY - timedelta(days=1))
        db.session.add(
            Answer(
                leader_id=dana.id,
                commitment_id=row.id,
                date=TODAY - timedelta(days=1),
                reply=Reply.KEPT,
                key="kept-yesterday",
                answered_at=MONDAY,
                recorded_at=MONDAY,
            )
        )
        db.session.commit()
    words = rows.text(client.get("/people"))
    assert "Ben 1 promise stands · 1 kept, 0 not" in words.replace("stands1", "stands · 1")
    page = rows.text(client.get(f"/people/{ben.id}"))
    assert "I start every meeting on the minute" in page


def test_a_person_without_promises_has_an_honest_page(client, ben):
    assert "Nothing was due to them yet." in rows.text(client.get(f"/people/{ben.id}"))


def test_a_name_can_be_changed_to_an_alias(app, client, ben):
    fields = {"name": "مريم 🌱", "key": str(uuid4())}
    assert client.post(f"/people/{ben.id}", data=fields).status_code == 303
    with app.app_context():
        assert db.session.get(Person, ben.id).name == "مريم 🌱"


@pytest.mark.parametrize("name", ["", "x" * 10_000, "B\0n", "maria"])
def test_a_name_that_does_not_do_is_said_at_its_field(app, client, dana, ben, name):
    with app.app_context():
        cast.person(dana, "Maria")
    response = client.post(f"/people/{ben.id}", data={"name": name, "key": str(uuid4())})
    assert response.status_code == 422
    assert 'id="name-error"' in response.text
    assert "\0" in name or f'value="{name}"' in response.text


def test_another_leaders_person_is_not_found(app, client, cleo):
    with app.app_context():
        theirs = cast.person(cleo)
    assert client.get(f"/people/{theirs.id}").status_code == 404
    fields = {"name": "Mine", "key": str(uuid4())}
    assert client.post(f"/people/{theirs.id}", data=fields).status_code == 404
    assert "Ben" not in rows.text(client.get("/people"))
