"""What a leader sees of a round: nothing while it is open, then as much as may be shown."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from habits import exports, ledger, pulses
from habits.db import db
from habits.models import Leader
from habits.trust.history import Reply
from tests import cast
from tests.cast import TODAY
from tests.clock import MONDAY
from tests.web import rows
from tests.web.pulse import SPREAD, WEEK, answer, ask, links, open_round, stood


@pytest.mark.parametrize("answers", [0, 4])
def test_fewer_than_five_answers_show_nothing_but_that(app, inside, clock, answers):
    ask(app, inside, *SPREAD[:answers])
    words = stood(inside, clock)
    assert "Too few to be anonymous; ask in person instead." in words
    assert "mostly" not in words
    assert "%" not in words
    assert not re.search(rf"\b{answers}\b", words)


@pytest.mark.parametrize(("answers", "band"), [(5, "mixed"), (9, "mixed")])
def test_five_to_nine_answers_are_shown_in_words(app, inside, clock, answers, band):
    ask(app, inside, *SPREAD[:answers])
    words = stood(inside, clock)
    assert words.count(band) >= 5
    assert "%" not in words


@pytest.mark.parametrize("answers", [10, 12])
def test_ten_or_more_are_shown_as_a_number_with_its_interval(app, inside, clock, answers):
    ask(app, inside, *SPREAD[:answers])
    words = stood(inside, clock)
    yes = sum(box >= 3 for box in SPREAD[:answers])
    assert words.count(f"{round(100 * (yes + 1) / (answers + 2))}%") >= 5
    assert words.count("likely between") == 5
    assert "No question stands out" in words


@pytest.mark.parametrize("answers", [5, 10, 12])
def test_when_all_agree_it_is_said_to_be_mostly_so(app, inside, clock, answers):
    ask(app, inside, *[4] * answers)
    words = stood(inside, clock)
    assert words.count("mostly yes") == 5
    assert "%" not in words


def test_an_item_that_too_many_cannot_say_is_left_out(app, inside, clock):
    open_round(inside)
    for number, url in enumerate(links(inside)[:8]):
        answer(app, url, 3, 4, 2, 3, 5 if number < 4 else 4)
    words = stood(inside, clock)
    assert "They can believe you" in words
    assert "They would follow by choice" not in words


def test_one_strength_one_gap_and_one_promise_to_make_next(app, inside, clock):
    open_round(inside)
    for url in links(inside)[:6]:
        answer(app, url, 4, 1, 3, 3, 3)
    words = stood(inside, clock)
    verdict = words.partition("Strongest")[2].partition("Promise it")[0]
    assert verdict.startswith("What you take on is done wellThe gapYou have their good in mind")
    assert "One promise to make next“I put a teammate's interest before mine”" in verdict
    page = inside.get("/people/pulses/1").text
    starter = re.search(r"/commitments/new\?starter=\d+", page)[0]
    assert "interest before mine" in inside.get(starter).text
    with app.app_context():
        db.session.query(Leader).one().locale = "fr"
        db.session.commit()
    assert "« Je fais passer" in rows.text(inside.get("/people/pulses/1"))


def test_less_than_half_is_said_to_be_a_partial_view(app, inside, clock):
    ask(app, inside, *SPREAD[:5])
    assert "A partial view" in stood(inside, clock)


def test_while_it_is_open_nothing_changes_but_the_time(app, inside, clock):
    open_round(inside)
    urls = links(inside)  # and the word that it is open is read
    before = [inside.get(path).text for path in ("/people/pulses/1", "/people/pulses", "/people")]
    for url in urls[:6]:
        answer(app, url, 4)
    after = [inside.get(path).text for path in ("/people/pulses/1", "/people/pulses", "/people")]
    assert [blank(page) for page in before] == [blank(page) for page in after]


def test_the_next_round_says_about_the_same_unless_the_intervals_part(app, inside, clock):
    ask(app, inside, *[0] * 10, 4)
    clock.now += timedelta(days=28)
    open_round(inside)
    for url, box in zip(links(inside, 2), [4] * 10 + [0], strict=False):
        answer(app, url, box, 4 if box else 0, 0 if box else 4, box, box)
    clock.now += WEEK
    words = rows.text(inside.get("/people/pulses/2"))
    assert words.count("higher than before") == 4
    assert words.count("about the same as before") == 1
    assert "higher than before" in rows.text(inside.get("/people/pulses"))


def test_too_few_answers_offer_the_questions_to_ask_in_person(app, inside, dana, clock):
    with app.app_context():
        ben = cast.person(dana)
        cast.promise(dana, person_id=ben.id, ask="Do my meetings start when I say?")
    open_round(inside)
    assert "Do my meetings start when I say?" in stood(inside, clock)


def test_a_published_round_draws_the_circles_the_chain_and_the_week(app, inside, dana, clock):
    with app.app_context():
        keep(dana)
    assert "not asked yet" in rows.text(inside.get("/account"))
    assert "Not asked yet" in rows.text(inside.get("/people"))
    ask(app, inside, *SPREAD[:7])
    clock.now += WEEK
    people = rows.text(inside.get("/people"))
    assert "Sweet spot: mixed." in people
    assert "Asked whether they would follow by choice, they said: mixed." in rows.text(
        inside.get("/account")
    )
    week = rows.text(inside.get("/weeks/"))
    assert "Answers to your pulse from The night shift. Sweet spot: mixed." in week


def test_the_chain_does_not_call_unasked_what_too_few_answered(app, inside, dana, clock):
    with app.app_context():
        cast.promise(dana)
    ask(app, inside, *SPREAD[:4])
    assert "follow by choice: not asked yet." in rows.text(inside.get("/account"))
    clock.now += WEEK
    assert "follow by choice: not enough answers yet." in rows.text(inside.get("/account"))


def test_where_all_say_the_same_neither_link_is_called_the_weaker(app, inside, dana, clock):
    with app.app_context():
        keep(dana)
    ask(app, inside, *[1] * 12)
    clock.now += WEEK
    assert "come across alike: neither is the weaker link" in rows.text(inside.get("/people"))


@pytest.mark.parametrize(("answers", "numbers"), [(4, 0), (7, 0), (12, 15)])
def test_the_export_says_of_a_round_what_its_page_shows_and_no_more(
    app, inside, dana, clock, answers, numbers
):
    ask(app, inside, *SPREAD[:answers])
    assert exported(app, dana) == []  # while it is open
    words = stood(inside, clock)
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
