"""How a round is opened, named, waited for, closed early, ended and taken up again."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from habits import pulses
from habits.db import db
from habits.models import Invitation, Round
from tests.web import rows
from tests.web.pulse import SPREAD, WEEK, answer, ask, links, open_round, stood


@pytest.mark.parametrize("people", ["5", "0", "61", "-6", "six", "9" * 30, ""])
def test_five_invitations_are_too_few_and_what_was_typed_stays(app, inside, people):
    response = open_round(inside, people)
    assert response.status_code == 422
    assert 'id="invited-error"' in response.text
    assert 'value="The night shift"' in response.text
    with app.app_context():
        assert db.session.query(Round).count() == 0


@pytest.mark.parametrize("group", ["", "  ", "x" * 61, "a\0b"])
def test_a_round_needs_a_name_for_its_group(inside, group):
    response = open_round(inside, 6, group)
    assert response.status_code == 422
    assert 'id="group-error"' in response.text


def test_a_round_is_opened_once_however_often_it_is_sent(app, inside):
    key = str(uuid4())
    assert {open_round(inside, key=key).headers["Location"] for _ in range(3)} == {
        "/people/pulses/1"
    }
    with app.app_context():
        assert db.session.query(Invitation).count() == 12


def test_there_is_one_round_in_four_weeks(app, inside, clock):
    open_round(inside)
    clock.now += timedelta(days=27)
    assert open_round(inside).status_code == 422
    assert "can open on Monday 21 December. " in rows.text(inside.get("/people/pulses"))
    clock.now += timedelta(hours=23)
    assert "can open on Monday 21 December, 6:01 PM. " in rows.text(inside.get("/people/pulses"))
    assert open_round(inside).status_code == 422
    clock.now += timedelta(hours=1)
    assert open_round(inside).status_code == 303


@pytest.mark.parametrize("way", ["too few", "ended"])
def test_a_round_that_came_to_nothing_is_waited_for_and_says_so_and_why(inside, app, clock, way):
    """Else almost the same people could be asked again until it shows who of them answers."""
    why = "A round that came to nothing counts, too: almost the same people asked again"
    assert "waits four weeks from the opening of this one" in rows.text(
        inside.get("/people/pulses/new")
    )
    ask(app, inside, *SPREAD[:4])
    assert why not in rows.text(inside.get("/people/pulses"))
    if way == "ended":
        inside.post("/people/pulses/1/withdrawal", data={"key": str(uuid4())})
    clock.now += WEEK
    for page in ("/people/pulses", "/people/pulses/1", "/people/pulses/new"):
        words = rows.text(inside.get(page))
        assert "The next round can open on Monday 21 December." in words
        assert why in words
    refused = open_round(inside)
    assert refused.status_code == 422
    assert "The next round can open on Monday 21 December." in rows.text(refused)
    clock.now += 3 * WEEK
    for page in ("/people/pulses", "/people/pulses/1", "/people/pulses/new"):
        assert "The next round can open" not in rows.text(inside.get(page))
    assert open_round(inside).status_code == 303


def test_a_round_that_was_published_needs_no_such_words(app, inside, clock):
    ask(app, inside, *SPREAD[:6])
    assert "The next round can open" not in stood(inside, clock)
    assert "came to nothing counts" not in rows.text(inside.get("/people/pulses"))


def test_an_ended_round_shows_nothing_and_can_be_taken_up_again(app, inside, clock):
    ask(app, inside, *SPREAD[:6])
    late = links(inside)[7]
    key = {"key": str(uuid4())}
    inside.post("/people/pulses/1/withdrawal", data=key)
    ended = rows.text(inside.get("/people/pulses/1"))
    assert "never shown" in ended
    assert "Open it again" in ended
    assert app.test_client().get(late).status_code == 410
    inside.post("/people/pulses/1/return", data={"key": str(uuid4())})
    assert answer(app, late, 4).status_code == 303
    clock.now += WEEK
    assert "What to make of it" in rows.text(inside.get("/people/pulses/1"))
    late_end = inside.post("/people/pulses/1/withdrawal", data={"key": str(uuid4())})
    assert late_end.status_code == 303
    assert "What to make of it" in rows.text(inside.get("/people/pulses/1"))


def test_a_slip_in_the_name_of_a_group_can_be_mended_while_it_is_asked(app, inside):
    ask(app, inside, *SPREAD[:4])
    stranger = app.test_client()
    nameless = inside.post("/people/pulses/1", data={"key": str(uuid4()), "group": " "})
    assert nameless.status_code == 422
    assert "Say who you are asking." in rows.text(nameless)
    named = {"key": str(uuid4()), "group": "The day  shift"}
    assert inside.post("/people/pulses/1", data=named).status_code == 303
    assert "“The day shift”" in rows.text(stranger.get(links(inside)[7]))
    assert len(links(inside)) == 12


def test_an_early_close_is_said_a_day_ahead_and_shows_nothing_sooner(app, inside, clock):
    ask(app, inside, *SPREAD[:5])
    last = links(inside)[5]
    inside.post("/people/pulses/1/closing", data={"key": str(uuid4())})
    assert "Closes early, on Tuesday 24 November, 6:00 PM" in rows.text(
        inside.get("/people/pulses/1")
    )
    assert "on Tuesday 24 November, 6:00 PM at the latest" in rows.text(app.test_client().get(last))
    assert "mixed" not in stood(inside, clock, timedelta(hours=23))
    assert answer(app, last, 4).status_code == 303
    assert "What to make of it" in stood(inside, clock, timedelta(hours=1))
    assert answer(app, links_of_closed(app)[6], 4).status_code == 410


def test_an_early_close_can_be_taken_back_and_is_refused_on_the_last_day(app, inside, clock):
    open_round(inside)
    inside.post("/people/pulses/1/closing", data={"key": str(uuid4())})
    inside.post("/people/pulses/1/closing/removal", data={"key": str(uuid4())})
    assert "Open until Monday 30 November, 6:00 PM" in rows.text(inside.get("/people/pulses/1"))
    assert "Close it early" not in stood(inside, clock, timedelta(days=6))
    inside.post("/people/pulses/1/closing", data={"key": str(uuid4())})
    page = rows.text(inside.get("/people/pulses/1"))
    assert "It closes by itself within a day." in page
    assert "Open until Monday 30 November, 6:00 PM" in page


def test_a_round_whose_secret_was_changed_says_so_and_can_go_on(app, inside, clock):
    ask(app, inside, *SPREAD[:6])
    url = links(inside)[7]
    kept = app.extensions["kept"]
    app.extensions["kept"] = replace(kept, secret="another secret of this host: 0123456789")
    assert "KEPT_SECRET" in rows.text(inside.get("/people/pulses/1"))
    assert "cannot be read any more" in rows.text(inside.get("/people/pulses"))
    assert inside.get("/people").status_code == inside.get("/account").status_code == 200
    response = answer(app, url, 4)
    assert (response.status_code, "Nothing was counted now" in response.text) == (410, True)
    with app.app_context():
        pulses.settle(app.extensions["kept"].secret, clock.now + WEEK)
        db.session.commit()
    assert "KEPT_SECRET" in stood(inside, clock)
    app.extensions["kept"] = kept
    assert "What to make of it" in rows.text(inside.get("/people/pulses/1"))


def links_of_closed(app) -> list[str]:
    with app.app_context():
        row = db.session.query(Round).one()
        return [f"/pulse/{token}" for token in pulses.tokens(row, app.extensions["kept"].secret)]
