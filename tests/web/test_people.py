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

pytestmark = pytest.mark.signed_in


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


def test_someone_can_be_added_alone(client):
    added = client.post("/people", data={"name": "  B. ", "key": str(uuid4())})
    assert added.status_code == 303
    page = rows.text(client.get(added.headers["Location"]))
    assert "Nothing was due to them yet." in page
    form = client.get("/commitments/new?person=1").text
    assert 'value="B."' in form


@pytest.mark.parametrize("name", ["", " \u200b ", "x" * 61, "ben", "a\0b"])
def test_a_new_name_that_does_not_do_is_said_at_its_field(client, ben, name):
    response = client.post("/people", data={"name": name, "key": str(uuid4())})
    assert response.status_code == 422
    assert 'id="name-error"' in response.text


def test_the_hint_about_names_is_said_once_and_aliases_offered(client, ben):
    assert "personal data" not in rows.text(client.get("/people"))
    assert "alias or initials" in rows.text(client.get("/people"))


def test_every_form_on_today_that_takes_a_name_offers_those_there_are(app, client, dana, ben):
    with app.app_context():
        cast.promise(dana, person_id=ben.id)
    page = rows.parse(client.get("/"))
    fields = [each for each in page.iter("input") if each.get("name") == "person"]
    assert [each.get("list") for each in fields] == ["people"] * 2
    (names,) = [each for each in page.iter("datalist") if each.get("id") == "people"]
    assert [each.get("value") for each in names] == ["Ben"]


def test_two_that_are_one_are_merged_and_parted_again(app, client, dana, ben):
    with app.app_context():
        twin = cast.person(dana, "Benjamin")
        row = cast.promise(dana, person_id=twin.id)
    merged = client.post(
        f"/people/{twin.id}/merger", data={"into": str(ben.id), "key": str(uuid4())}
    )
    assert merged.headers["Location"] == f"/people/{ben.id}"
    page = client.get(f"/people/{ben.id}")
    assert "They are one now." in rows.text(page)
    assert client.get(f"/people/{twin.id}").status_code == 404
    undo = toast(page)
    assert client.post(undo.pop("action"), data=undo).status_code == 303
    with app.app_context():
        again = db.session.query(Person).filter_by(name="Benjamin").one()
        assert db.session.get(type(row), row.id).person_id == again.id


@pytest.mark.parametrize("into", ["", "itself"])
def test_a_merger_needs_someone_else(client, ben, into):
    fields = {"into": str(ben.id) if into else "", "key": str(uuid4())}
    response = client.post(f"/people/{ben.id}/merger", data=fields)
    assert response.status_code == 422


def test_nobody_is_merged_into_another_leaders_person(app, client, ben, cleo):
    with app.app_context():
        theirs = cast.person(cleo)
    fields = {"into": str(theirs.id), "key": str(uuid4())}
    assert client.post(f"/people/{ben.id}/merger", data=fields).status_code == 404


def test_a_removed_name_is_gone_from_every_page_and_row_until_undone(app, client, dana, ben):
    with app.app_context():
        row = cast.promise(dana, person_id=ben.id)
    client.post(f"/people/{ben.id}/removal", data={"key": str(uuid4())})
    page = client.get("/people")
    undo = toast(page)
    for path in ("/", "/people", "/commitments", f"/commitments/{row.id}", "/weeks/"):
        assert "Ben" not in rows.text(client.get(path)), path
    with app.app_context():
        assert db.session.query(Person).count() == 0
        assert db.session.get(type(row), row.id).title == row.title
    back = client.post(undo.pop("action"), data=undo)
    assert "I start every meeting on the minute" in rows.text(client.get(back.headers["Location"]))


@pytest.mark.parametrize("act", ["removal", "merger"])
def test_removing_and_merging_are_done_once_however_often_they_are_sent(
    app, client, dana, ben, act
):
    with app.app_context():
        twin = cast.person(dana, "Benjamin")
    fields = {"key": str(uuid4())} | ({"into": str(ben.id)} if act == "merger" else {})
    for _again in range(3):
        assert client.post(f"/people/{twin.id}/{act}", data=fields).status_code == 303
    undo = toast(client.get("/people"))
    action, names = undo.pop("action"), []
    for _again in range(3):
        names.append(client.post(action, data=undo).headers["Location"])
    assert len(set(names)) == 1


def test_one_balance_a_person_stands_on_their_page(client, app, dana, ben):
    with app.app_context():
        cast.promise(dana, person_id=ben.id)
    page = rows.parse(client.get(f"/people/{ben.id}"))
    (shown,) = [e for e in page.iter("data") if e.get("id") == "person-balance"]
    assert 0 < float(shown.get("value")) < 50  # a month of silence


def toast(page) -> dict[str, str]:
    """The form that takes the last write back."""
    for form in rows.parse(page).iter("form"):
        if "return" in (form.get("action") or "") and form.get("action").startswith("/people"):
            fields = {i.get("name"): i.get("value") for i in form.iter("input")}
            return fields | {"action": form.get("action")}
    raise AssertionError("nothing can be undone")
