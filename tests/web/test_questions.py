"""One question to one person, and commitments that they know of: neither moves a number."""

from uuid import uuid4

import pytest

from habits.db import db
from habits.models import Commitment, Question
from tests import cast
from tests.cast import TODAY
from tests.web import rows

pytestmark = pytest.mark.signed_in

ASK = "Do my meetings start when I say?"
WEEK = "/weeks/2026-W48"


@pytest.fixture
def promise(app, dana):
    """To Ben, since a month."""
    with app.app_context():
        ben = cast.person(dana)
        return cast.promise(
            dana, person_id=ben.id, ask=ASK, intention="so that nobody waits for me"
        )


def post(client, path, **fields):
    return client.post(path, data={"key": str(uuid4())} | fields)


def note(client, promise, heard="partly", **more):
    return post(client, "/questions", commitment=str(promise.id), heard=heard, **more)


def undo(client, path) -> str:
    """Take back what the toast on this page offers to; returns where that leads."""
    page = rows.parse(client.get(path))
    (form,) = [
        form
        for form in page.iter("form")
        if any("Undo" in "".join(button.itertext()) for button in form.iter("button"))
    ]
    fields = {i.get("name"): i.get("value") for i in form.iter("input")}
    response = client.post(form.get("action"), data=fields)
    assert response.status_code == 303
    return response.headers["Location"]


def test_what_was_heard_stands_on_the_persons_page_and_moves_nothing(client, promise):
    before = rows.balance(client.get("/"))
    assert "Not asked yet" in rows.text(client.get("/people/1"))
    assert note(client, promise, line="When we are alone.").headers["Location"] == "/people/1"
    page = rows.text(client.get("/people/1"))
    assert ASK in page
    assert "Partly: When we are alone." in page
    assert rows.balance(client.get("/")) == before


def test_the_newest_answer_counts_and_can_be_taken_back(client, promise):
    note(client, promise, "not_yet")
    note(client, promise, "seen")
    page = rows.text(client.get("/people/1"))
    assert "They see it23 Nov 2026" in page.replace(" 23", "23")
    assert "Asked in person: 1 see it, 0 partly, 0 not yet." in page
    client.get("/people/1")
    note(client, promise, "partly")
    undo(client, "/people/1")
    assert "Asked in person: 1 see it, 0 partly, 0 not yet." in rows.text(client.get("/people/1"))


@pytest.mark.parametrize("wrong", [{"heard": ""}, {"heard": "loved"}, {"line": "x" * 501}])
def test_what_is_no_answer_is_said_at_its_field_and_nothing_is_lost(client, promise, wrong):
    response = note(client, promise, **({"line": "Kind words"} | wrong))
    assert response.status_code == 422
    assert "-error" in response.text
    assert wrong.get("line", "Kind words") in response.text


def test_it_is_noted_once_however_often_it_is_sent(app, client, promise):
    key = str(uuid4())
    for _again in range(3):
        note(client, promise, key=key)
    with app.app_context():
        assert db.session.query(Question).count() == 1


def test_a_promise_to_nobody_has_no_question(app, client, dana):
    with app.app_context():
        row = cast.promise(dana)
    assert client.get(f"/questions/new?commitment={row.id}").status_code == 404
    assert client.get("/questions/new?commitment=x").status_code == 404
    assert client.get("/questions/new").status_code == 404


def test_own_words_make_a_question_of_their_own(app, client, dana):
    with app.app_context():
        ben = cast.person(dana)
        cast.promise(dana, "I listen", person_id=ben.id)
    assert "I promised you: ‘I listen’. Do you see it?" in rows.text(client.get("/people/1"))


def test_the_weeks_end_asks_one_and_shows_what_was_heard(client, promise, clock):
    assert "Ask one" not in rows.text(client.get(WEEK))  # it is Monday
    clock.advance(days=6)
    page = rows.text(client.get(WEEK))
    assert "Ask Ben aloud:" in page
    assert ASK in page
    done = note(client, promise, "not_yet", week="2026-W48")
    assert done.headers["Location"] == WEEK
    page = rows.text(client.get(WEEK))
    assert "Not yet" in page
    assert "Ask Ben aloud:" not in page


def test_what_is_taken_back_on_the_weeks_page_leads_back_to_it(client, promise, clock):
    clock.advance(days=6)
    note(client, promise, week="2026-W48")
    assert undo(client, WEEK) == WEEK
    assert undo(client, WEEK) == WEEK
    assert "Noted again." in rows.text(client.get(WEEK))


def test_the_question_goes_to_whom_was_asked_longest_ago(app, client, dana, promise, clock):
    with app.app_context():
        cleo = cast.person(dana, "Maria")
        cast.promise(dana, "I listen", person_id=cleo.id, position=1)
    note(client, promise)
    clock.advance(days=6)
    assert "Ask Maria aloud:" in rows.text(client.get(WEEK))


def test_a_forged_week_is_refused_and_nothing_noted(app, client, promise):
    assert note(client, promise, week="2026-W99").status_code == 400
    with app.app_context():
        assert db.session.query(Question).count() == 0


def test_who_was_told_knows_and_today_says_so(app, client, promise):
    before = rows.balance(client.get("/"))
    assert "Starting today: I start every meeting on the minute, so that nobody waits" in (
        client.get("/people/1").text
    )
    post(client, "/announcements", commitment=str(promise.id))
    page = client.get("/")
    assert "for Ben, so that nobody waits for me · Ben knows" in rows.text(page)
    assert rows.balance(page) == before
    post(client, f"/announcements/{promise.id}/removal")
    assert "Ben knows" not in rows.text(client.get("/"))


def test_a_full_stop_of_the_leaders_own_does_not_stand_twice(app, client, promise):
    with app.app_context():
        row = db.session.get(Commitment, promise.id)
        row.title, row.intention = "I call back within a day.", "so that you can plan. "
        db.session.commit()
    assert "Starting today: I call back within a day, so that you can plan. Tell me" in (
        rows.text(client.get("/people/1"))
    )


def test_nobody_is_told_of_a_promise_to_nobody(app, client, dana):
    with app.app_context():
        row = cast.promise(dana)
    post(client, "/announcements", commitment=str(row.id))
    with app.app_context():
        assert db.session.get(Commitment, row.id).announced_on is None


def test_a_successor_is_known_to_the_same_person_only(app, client, promise):
    post(client, "/announcements", commitment=str(promise.id))
    fields = {
        "title": "I start every meeting on the minute",
        "intention": "",
        "pillar": "character",
        "kind": "per_week",
        "times": "3",
        "person": "Ben",
    }
    made = post(client, f"/commitments/{promise.id}", **fields).headers["Location"]
    with app.app_context():
        row = db.session.get(Commitment, int(made.rpartition("/")[2]))
        assert row.id != promise.id
        assert row.announced_on == TODAY
    post(client, made, **(fields | {"person": "Maria"}))
    with app.app_context():
        assert db.session.get(Commitment, row.id).announced_on is None
