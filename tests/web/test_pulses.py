"""The leader's side of the pulse: a round is opened, closed, and shown as far as it may be."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from habits import exports, ledger, pulses
from habits.db import db
from habits.models import Invitation, Leader, Round
from habits.trust.history import Reply
from tests import cast
from tests.cast import TODAY
from tests.clock import MONDAY
from tests.web import rows
from tests.web.pulse import SPREAD, WEEK, answer, ask, links, open_round, stood


@pytest.fixture
def leading(app, dana):
    client = app.test_client()
    cast.sign_in(client, dana)
    return client


@pytest.mark.parametrize("answers", [0, 4])
def test_fewer_than_five_answers_show_nothing_but_that(app, leading, clock, answers):
    ask(app, leading, *SPREAD[:answers])
    words = stood(leading, clock)
    assert "Too few to be anonymous; ask in person instead." in words
    assert "mostly" not in words
    assert "%" not in words
    assert not re.search(rf"\b{answers}\b", words)


@pytest.mark.parametrize(("answers", "band"), [(5, "mixed"), (9, "mixed")])
def test_five_to_nine_answers_are_shown_in_words(app, leading, clock, answers, band):
    ask(app, leading, *SPREAD[:answers])
    words = stood(leading, clock)
    assert words.count(band) >= 5
    assert "%" not in words


@pytest.mark.parametrize("answers", [10, 12])
def test_ten_or_more_are_shown_as_a_number_with_its_interval(app, leading, clock, answers):
    ask(app, leading, *SPREAD[:answers])
    words = stood(leading, clock)
    yes = sum(box >= 3 for box in SPREAD[:answers])
    assert words.count(f"{round(100 * (yes + 1) / (answers + 2))}%") >= 5
    assert words.count("likely between") == 5
    assert "No question stands out" in words


@pytest.mark.parametrize("answers", [5, 10, 12])
def test_when_all_agree_it_is_said_to_be_mostly_so(app, leading, clock, answers):
    ask(app, leading, *[4] * answers)
    words = stood(leading, clock)
    assert words.count("mostly yes") == 5
    assert "%" not in words


def test_an_item_that_too_many_cannot_say_is_left_out(app, leading, clock):
    open_round(leading)
    for number, url in enumerate(links(leading)[:8]):
        answer(app, url, 3, 4, 2, 3, 5 if number < 4 else 4)
    words = stood(leading, clock)
    assert "They can believe you" in words
    assert "They would follow by choice" not in words


def test_one_strength_one_gap_and_one_promise_to_make_next(app, leading, clock):
    open_round(leading)
    for url in links(leading)[:6]:
        answer(app, url, 4, 1, 3, 3, 3)
    words = stood(leading, clock)
    verdict = words.partition("Strongest")[2].partition("Promise it")[0]
    assert verdict.startswith("What you take on is done wellThe gapYou have their good in mind")
    assert "One promise to make next“I put a teammate's interest before mine”" in verdict
    page = leading.get("/people/pulses/1").text
    starter = re.search(r"/commitments/new\?starter=\d+", page)[0]
    assert "interest before mine" in leading.get(starter).text
    with app.app_context():
        db.session.query(Leader).one().locale = "fr"
        db.session.commit()
    assert "« Je fais passer" in rows.text(leading.get("/people/pulses/1"))


def test_less_than_half_is_said_to_be_a_partial_view(app, leading, clock):
    ask(app, leading, *SPREAD[:5])
    assert "A partial view" in stood(leading, clock)


def test_while_it_is_open_nothing_changes_but_the_time(app, leading, clock):
    open_round(leading)
    urls = links(leading)  # and the word that it is open is read
    before = [leading.get(path).text for path in ("/people/pulses/1", "/people/pulses", "/people")]
    for url in urls[:6]:
        answer(app, url, 4)
    after = [leading.get(path).text for path in ("/people/pulses/1", "/people/pulses", "/people")]
    assert [blank(page) for page in before] == [blank(page) for page in after]


def test_the_next_round_says_about_the_same_unless_the_intervals_part(app, leading, clock):
    ask(app, leading, *[0] * 10, 4)
    clock.now += timedelta(days=28)
    open_round(leading)
    for url, box in zip(links(leading, 2), [4] * 10 + [0], strict=False):
        answer(app, url, box, 4 if box else 0, 0 if box else 4, box, box)
    clock.now += WEEK
    words = rows.text(leading.get("/people/pulses/2"))
    assert words.count("higher than before") == 4
    assert words.count("about the same as before") == 1
    assert "higher than before" in rows.text(leading.get("/people/pulses"))


@pytest.mark.parametrize("people", ["5", "0", "61", "-6", "six", "9" * 30, ""])
def test_five_invitations_are_too_few_and_what_was_typed_stays(app, leading, people):
    response = open_round(leading, people)
    assert response.status_code == 422
    assert 'id="invited-error"' in response.text
    assert 'value="The night shift"' in response.text
    with app.app_context():
        assert db.session.query(Round).count() == 0


@pytest.mark.parametrize("group", ["", "  ", "x" * 61, "a\0b"])
def test_a_round_needs_a_name_for_its_group(leading, group):
    response = open_round(leading, 6, group)
    assert response.status_code == 422
    assert 'id="group-error"' in response.text


def test_a_round_is_opened_once_however_often_it_is_sent(app, leading):
    key = str(uuid4())
    assert {open_round(leading, key=key).headers["Location"] for _ in range(3)} == {
        "/people/pulses/1"
    }
    with app.app_context():
        assert db.session.query(Invitation).count() == 12


def test_there_is_one_round_in_four_weeks(app, leading, clock):
    open_round(leading)
    clock.now += timedelta(days=27)
    assert open_round(leading).status_code == 422
    assert "can open on Monday 21 December. " in rows.text(leading.get("/people/pulses"))
    clock.now += timedelta(hours=23)
    assert "can open on Monday 21 December, 6:01 PM. " in rows.text(leading.get("/people/pulses"))
    assert open_round(leading).status_code == 422
    clock.now += timedelta(hours=1)
    assert open_round(leading).status_code == 303


@pytest.mark.parametrize("way", ["too few", "ended"])
def test_a_round_that_came_to_nothing_is_waited_for_and_says_so_and_why(leading, app, clock, way):
    """Else almost the same people could be asked again until it shows who of them answers."""
    why = "A round that came to nothing counts, too: almost the same people asked again"
    assert "waits four weeks from the opening of this one" in rows.text(
        leading.get("/people/pulses/new")
    )
    ask(app, leading, *SPREAD[:4])
    assert why not in rows.text(leading.get("/people/pulses"))
    if way == "ended":
        leading.post("/people/pulses/1/withdrawal", data={"key": str(uuid4())})
    clock.now += WEEK
    for page in ("/people/pulses", "/people/pulses/1", "/people/pulses/new"):
        words = rows.text(leading.get(page))
        assert "The next round can open on Monday 21 December." in words
        assert why in words
    refused = open_round(leading)
    assert refused.status_code == 422
    assert "The next round can open on Monday 21 December." in rows.text(refused)
    clock.now += 3 * WEEK
    for page in ("/people/pulses", "/people/pulses/1", "/people/pulses/new"):
        assert "The next round can open" not in rows.text(leading.get(page))
    assert open_round(leading).status_code == 303


def test_a_round_that_was_published_needs_no_such_words(app, leading, clock):
    ask(app, leading, *SPREAD[:6])
    assert "The next round can open" not in stood(leading, clock)
    assert "came to nothing counts" not in rows.text(leading.get("/people/pulses"))


def test_an_ended_round_shows_nothing_and_can_be_taken_up_again(app, leading, clock):
    ask(app, leading, *SPREAD[:6])
    late = links(leading)[7]
    key = {"key": str(uuid4())}
    leading.post("/people/pulses/1/withdrawal", data=key)
    ended = rows.text(leading.get("/people/pulses/1"))
    assert "never shown" in ended
    assert "Open it again" in ended
    assert app.test_client().get(late).status_code == 410
    leading.post("/people/pulses/1/return", data={"key": str(uuid4())})
    assert answer(app, late, 4).status_code == 303
    clock.now += WEEK
    assert "What to make of it" in rows.text(leading.get("/people/pulses/1"))
    late_end = leading.post("/people/pulses/1/withdrawal", data={"key": str(uuid4())})
    assert late_end.status_code == 303
    assert "What to make of it" in rows.text(leading.get("/people/pulses/1"))


def test_a_slip_in_the_name_of_a_group_can_be_mended_while_it_is_asked(app, leading):
    ask(app, leading, *SPREAD[:4])
    stranger = app.test_client()
    nameless = leading.post("/people/pulses/1", data={"key": str(uuid4()), "group": " "})
    assert nameless.status_code == 422
    assert "Say who you are asking." in rows.text(nameless)
    named = {"key": str(uuid4()), "group": "The day  shift"}
    assert leading.post("/people/pulses/1", data=named).status_code == 303
    assert "“The day shift”" in rows.text(stranger.get(links(leading)[7]))
    assert len(links(leading)) == 12


def test_too_few_answers_offer_the_questions_to_ask_in_person(app, leading, dana, clock):
    with app.app_context():
        ben = cast.person(dana)
        cast.promise(dana, person_id=ben.id, ask="Do my meetings start when I say?")
    open_round(leading)
    assert "Do my meetings start when I say?" in stood(leading, clock)


def test_an_early_close_is_said_a_day_ahead_and_shows_nothing_sooner(app, leading, clock):
    ask(app, leading, *SPREAD[:5])
    last = links(leading)[5]
    leading.post("/people/pulses/1/closing", data={"key": str(uuid4())})
    assert "Closes early, on Tuesday 24 November, 6:00 PM" in rows.text(
        leading.get("/people/pulses/1")
    )
    assert "on Tuesday 24 November, 6:00 PM at the latest" in rows.text(app.test_client().get(last))
    assert "mixed" not in stood(leading, clock, timedelta(hours=23))
    assert answer(app, last, 4).status_code == 303
    assert "What to make of it" in stood(leading, clock, timedelta(hours=1))
    assert answer(app, links_of_closed(app)[6], 4).status_code == 410


def test_an_early_close_can_be_taken_back_and_is_refused_on_the_last_day(app, leading, clock):
    open_round(leading)
    leading.post("/people/pulses/1/closing", data={"key": str(uuid4())})
    leading.post("/people/pulses/1/closing/removal", data={"key": str(uuid4())})
    assert "Open until Monday 30 November, 6:00 PM" in rows.text(leading.get("/people/pulses/1"))
    assert "Close it early" not in stood(leading, clock, timedelta(days=6))
    leading.post("/people/pulses/1/closing", data={"key": str(uuid4())})
    page = rows.text(leading.get("/people/pulses/1"))
    assert "It closes by itself within a day." in page
    assert "Open until Monday 30 November, 6:00 PM" in page


def test_a_round_whose_secret_was_changed_says_so_and_can_go_on(app, leading, clock):
    ask(app, leading, *SPREAD[:6])
    url = links(leading)[7]
    kept = app.extensions["kept"]
    app.extensions["kept"] = replace(kept, secret="another secret of this host: 0123456789")
    assert "KEPT_SECRET" in rows.text(leading.get("/people/pulses/1"))
    assert "cannot be read any more" in rows.text(leading.get("/people/pulses"))
    assert leading.get("/people").status_code == leading.get("/account").status_code == 200
    response = answer(app, url, 4)
    assert (response.status_code, "Nothing was counted now" in response.text) == (410, True)
    with app.app_context():
        pulses.settle(app.extensions["kept"].secret, clock.now + WEEK)
        db.session.commit()
    assert "KEPT_SECRET" in stood(leading, clock)
    app.extensions["kept"] = kept
    assert "What to make of it" in rows.text(leading.get("/people/pulses/1"))


def test_a_published_round_draws_the_circles_the_chain_and_the_week(app, leading, dana, clock):
    with app.app_context():
        keep(dana)
    assert "not asked yet" in rows.text(leading.get("/account"))
    assert "Not asked yet" in rows.text(leading.get("/people"))
    ask(app, leading, *SPREAD[:7])
    clock.now += WEEK
    people = rows.text(leading.get("/people"))
    assert "Sweet spot: mixed." in people
    assert "Asked whether they would follow by choice, they said: mixed." in rows.text(
        leading.get("/account")
    )
    week = rows.text(leading.get("/weeks/"))
    assert "Answers to your pulse from The night shift. Sweet spot: mixed." in week


def test_the_chain_does_not_call_unasked_what_too_few_answered(app, leading, dana, clock):
    with app.app_context():
        cast.promise(dana)
    ask(app, leading, *SPREAD[:4])
    assert "follow by choice: not asked yet." in rows.text(leading.get("/account"))
    clock.now += WEEK
    assert "follow by choice: not enough answers yet." in rows.text(leading.get("/account"))


def test_where_all_say_the_same_neither_link_is_called_the_weaker(app, leading, dana, clock):
    with app.app_context():
        keep(dana)
    ask(app, leading, *[1] * 12)
    clock.now += WEEK
    assert "come across alike: neither is the weaker link" in rows.text(leading.get("/people"))


def links_of_closed(app) -> list[str]:
    with app.app_context():
        row = db.session.query(Round).one()
        return [f"/pulse/{token}" for token in pulses.tokens(row, app.extensions["kept"].secret)]


@pytest.mark.parametrize(("answers", "numbers"), [(4, 0), (7, 0), (12, 15)])
def test_the_export_says_of_a_round_what_its_page_shows_and_no_more(
    app, leading, dana, clock, answers, numbers
):
    ask(app, leading, *SPREAD[:answers])
    assert exported(app, dana) == []  # while it is open
    words = stood(leading, clock)
    with app.app_context():
        pulses.settle(app.extensions["kept"].secret, clock.now)
        db.session.commit()
    said = exported(app, dana)
    assert len(said) == (1 if answers >= 5 else 0)
    for each in said:
        assert set(each) == {"group", "opened_at", "closed_at", "invited", "partial", "items"}
        found = [
            number for item in each["items"] for number in item.values() if isinstance(number, int)
        ]
        assert len(found) == numbers
        assert all(f"{number}%" in words for number in found)
        assert numbers or {item["band"] for item in each["items"]} == {"mixed"}


def exported(app, leader) -> list[dict]:
    with app.app_context():
        return exports.document(db.session.get(Leader, leader.id)).get("pulses", [])


def keep(leader) -> None:
    """Two promises a day, kept for a week and a day."""
    for title in ("I listen", "I am on time"):
        row = cast.promise(leader, title, picked_on=TODAY - WEEK, intention="so that all can plan")
        for back in range(8):
            day = TODAY - timedelta(days=back)
            said = ledger.Said(row.id, day, Reply.KEPT, str(uuid4()), MONDAY)
            ledger.record(leader, said, TODAY, MONDAY)
    db.session.commit()


def blank(page: str) -> str:
    return re.sub(r'name="key" value="[^"]+"', "", page)
