"""Picking from the library: quick on a phone, both pillars, why and for whom, when to ask."""

import re
from datetime import time
from uuid import uuid4

import pytest

from habits.db import db
from habits.models import Commitment, Leader, Person
from habits.trust.history import CadenceKind, Pillar
from tests.cast import TODAY
from tests.web import rows

pytestmark = pytest.mark.signed_in

PACK = ["1", "9", "29"]


def picks(starters=PACK, **changes):
    fields = {"starter": list(starters), "key": str(uuid4())}
    for starter in starters:
        fields |= {f"intention_{starter}": "so that it holds", f"person_{starter}": ""}
    return fields | changes


def picked(app):
    with app.app_context():
        return db.session.query(Commitment).order_by(Commitment.id).all()


def test_the_first_time_it_says_why_both_pillars_are_needed(client):
    words = rows.text(client.get("/commitments/library?first=1"))
    assert "near 71" in words
    assert "Three is a good start; five on one day is the most." in words


def test_it_offers_39_starters_and_three_packs(client):
    page = client.get("/commitments/library").text
    assert len(re.findall('type="checkbox" name="starter"', page)) == 39
    assert [name in page for name in ("New in the role", "Remote team")] == [True, True]
    assert "I put right what I broke" not in page


def test_what_was_chosen_is_asked_for_its_intention_with_a_suggestion(client):
    page = client.get("/commitments/picks?starter=1&starter=29")
    assert "so that people can plan around my word" in page.text
    assert 'name="person_29"' in page.text
    assert "of one pillar" not in page.text


def test_one_pillar_alone_is_pointed_out(client):
    assert "of one pillar" in rows.text(client.get("/commitments/picks?starter=1&starter=9"))


def test_nothing_chosen_is_said_beside_the_button(client):
    response = client.get("/commitments/picks")
    assert response.status_code == 422
    assert "Tick at least one." in rows.text(response)
    assert "autofocus" in response.text  # the button may lie below the screen


def test_a_sixth_for_one_day_is_said_before_anything_is_typed(client):
    too_many = "on one day; five is the most"
    six = "/commitments/picks?" + "&".join(f"starter={each}" for each in (1, 2, 3, 4, 5, 6))
    assert f"That would be 6 {too_many}" in rows.text(client.get(six))
    client.post("/commitments/picks", data=picks())
    assert too_many not in rows.text(client.get("/commitments/picks?starter=2&starter=3"))
    assert too_many in rows.text(client.get("/commitments/picks?starter=2&starter=3&starter=4"))


def test_one_form_picks_them_all_and_then_asks_when_to_ask(app, client):
    response = client.post("/commitments/picks", data=picks(person_29="Ben"))
    assert (response.status_code, response.location) == (303, "/commitments/asking")
    made = picked(app)
    assert [(row.library_id, row.picked_on) for row in made] == [(n, TODAY) for n in (1, 9, 29)]
    assert {row.intention for row in made} == {"so that it holds"}
    assert (made[2].pillar, made[2].kind) == (Pillar.COMPETENCY, CadenceKind.WEEKDAYS)
    assert made[2].occasion
    assert made[2].ask
    with app.app_context():
        assert db.session.get(Person, made[2].person_id).name == "Ben"


def test_sent_twice_it_picks_once(app, client):
    fields = picks()
    first, second = (client.post("/commitments/picks", data=fields) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert len(picked(app)) == 3


def test_one_that_holds_already_is_not_picked_twice(app, client):
    client.post("/commitments/picks", data=picks())
    client.post("/commitments/picks", data=picks(["1", "2"]))
    assert [row.library_id for row in picked(app)] == [1, 9, 29, 2]
    assert "promised already" in client.get("/commitments/library").text


def test_an_unticked_one_is_left_out(app, client):
    client.post("/commitments/picks", data=picks(starter=["9"]))
    assert [row.library_id for row in picked(app)] == [9]


def test_six_for_one_day_are_refused_whole_and_nothing_typed_is_lost(app, client):
    six = ["1", "2", "3", "4", "5", "6"]
    fields = picks(six, intention_4="so that my word is mine", person_4="Zoë 🌱")
    response = client.post("/commitments/picks", data=fields)
    assert response.status_code == 422
    assert "That would be 6 on one day; five is the most." in rows.text(response)
    assert "so that my word is mine" in response.text
    assert 'value="Zoë 🌱"' in response.text
    assert picked(app) == []
    again = client.post("/commitments/picks", data={**fields, "starter": six[:5]})
    assert again.status_code == 303
    assert len(picked(app)) == 5


@pytest.mark.parametrize("bad", ["x" * 10_000, "a\0b", "\x07"])
def test_a_bad_intention_is_said_at_its_field(app, client, bad):
    response = client.post("/commitments/picks", data=picks(intention_9=bad))
    assert response.status_code == 422
    assert 'id="intention_9-error"' in response.text
    assert picked(app) == []


@pytest.mark.parametrize("starter", ["16", "41", "0", "x", "99999999999", "１"])
def test_a_starter_that_cannot_be_picked_is_not_found(client, starter):
    assert client.get("/commitments/picks", query_string={"starter": starter}).status_code == 404
    assert client.post("/commitments/picks", data=picks([starter])).status_code == 404


def test_an_unknown_field_is_malformed(client):
    assert client.post("/commitments/picks", data=picks(admin="1")).status_code == 400


def test_the_evening_time_is_stored_and_leads_to_today(app, client, dana):
    page = rows.text(client.get("/commitments/asking"))
    assert "Kept asks on every device where you turn reminders on." in page
    response = client.post("/commitments/asking", data={"ask_at": "21:15", "key": str(uuid4())})
    assert (response.status_code, response.location) == (303, "/")
    with app.app_context():
        assert db.session.get(Leader, dana.id).ask_at == time(21, 15)


def test_asking_leads_to_reminders_where_they_are_wanted(client):
    fields = {"ask_at": "21:15", "then": "reminders", "key": str(uuid4())}
    assert client.post("/commitments/asking", data=fields).location == "/settings/reminders"


@pytest.mark.parametrize("bad", ["", "25:00", "9", "21:60", "21:15\0", "٢١:١٥"])
def test_what_is_no_time_is_said_at_its_field(client, bad):
    response = client.post("/commitments/asking", data={"ask_at": bad, "key": str(uuid4())})
    assert response.status_code == 422
    assert 'id="ask_at-error"' in response.text


def test_once_asked_the_next_picks_lead_to_the_list(client):
    client.post("/commitments/asking", data={"ask_at": "21:15", "key": str(uuid4())})
    response = client.post("/commitments/picks", data=picks())
    assert response.location == "/commitments"
    assert "3 promised from today." in rows.text(client.get("/commitments"))


def test_picking_needs_someone_signed_in(app):
    stranger = app.test_client()
    assert stranger.post("/commitments/picks", data=picks()).status_code == 401
