"""Commitments: in own words, their page, and each way to change and end one."""

import html
import re
from datetime import timedelta
from uuid import uuid4

import pytest

from habits import ledger
from habits.db import db
from habits.models import Commitment, Leader
from habits.trust.history import CadenceKind, Pillar, Reply
from tests import cast
from tests.cast import TODAY
from tests.clock import MONDAY
from tests.web import rows

pytestmark = pytest.mark.signed_in

YESTERDAY = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)


def terms(**changes):
    fields = {
        "key": str(uuid4()),
        "title": "I call back the same day",
        "intention": "so that nobody waits",
        "pillar": "character",
        "kind": "daily",
        "days": ["1", "2", "3", "4", "5"],
        "times": "3",
        "on": "",
        "person": "",
    }
    return {**fields, **changes}


def press(client, path, **fields):
    return client.post(path, data={"key": str(uuid4()), **fields})


def stored(app):
    with app.app_context():
        return db.session.query(Commitment).order_by(Commitment.id).all()


def answer(app, leader, row, day, reply=Reply.KEPT, note=None):
    with app.app_context():
        said = ledger.Said(row.id, day, reply, key=str(uuid4()), answered_at=MONDAY, note=note)
        ledger.record(db.session.get(Leader, leader.id), said, TODAY, MONDAY)
        db.session.commit()


def test_with_nothing_promised_it_points_to_the_library(client):
    page = client.get("/commitments")
    assert "Nothing is promised right now." in rows.text(page)
    assert 'href="/commitments/library"' in page.text


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"kind": "daily"}, (CadenceKind.DAILY, None, None, None)),
        ({"kind": "weekdays", "days": ["7", "1"]}, (CadenceKind.WEEKDAYS, [1, 7], None, None)),
        ({"kind": "per_week", "times": "6"}, (CadenceKind.PER_WEEK, None, 6, None)),
        ({"kind": "once", "on": "2026-11-24"}, (CadenceKind.ONCE, None, None, TOMORROW)),
    ],
    ids=["daily", "weekdays", "per week", "once"],
)
def test_own_words_are_picked_with_each_cadence(app, client, fields, kept):
    assert client.post("/commitments", data=terms(person="Ben", **fields)).status_code == 303
    row = stored(app)[0]
    assert (row.kind, row.weekdays, row.times, row.once_on) == kept
    assert row.person_id


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 10_000}, "title"),
        ({"title": "I call\0back"}, "title"),
        ({"intention": "x" * 201}, "intention"),
        ({"person": "x" * 61}, "person"),
        ({"pillar": ""}, "pillar"),
        ({"pillar": "charm"}, "pillar"),
        ({"kind": ""}, "kind"),
        ({"kind": "hourly"}, "kind"),
        ({"kind": "weekdays", "days": []}, "days"),
        ({"kind": "weekdays", "days": ["8"]}, "days"),
        ({"kind": "per_week", "times": "7"}, "times"),
        ({"kind": "per_week", "times": ""}, "times"),
        ({"kind": "once", "on": "2026-02-30"}, "on"),
        ({"kind": "once", "on": ""}, "on"),
        ({"kind": "once", "on": "2026-11-22"}, "on"),
        ({"kind": "once", "on": "9999-12-31"}, "on"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_the_rest_is_kept(app, client, fields, at):
    response = client.post("/commitments", data=terms(**{"intention": "so that 🌱", **fields}))
    assert response.status_code == 422
    assert f'id="{at}-error"' in response.text
    if at not in ("intention",):
        assert "so that 🌱" in response.text
    if at == "title" and "\0" not in fields["title"] and fields["title"]:
        assert fields["title"] in response.text
    assert stored(app) == []


@pytest.mark.parametrize(
    "title", ["🌱👩🏽‍💻 gardens", "أبدأ كل اجتماع في الدقيقة", '<b>bold</b> & "quoted"', "x" * 120]
)
def test_any_words_of_people_are_kept_as_they_are(client, title):
    client.post("/commitments", data=terms(title=title))
    page = client.get("/commitments").text
    assert title in html.unescape(page)
    assert "<b>bold" not in page


def test_a_sixth_is_refused_with_its_reason(app, client):
    for number in range(5):
        client.post("/commitments", data=terms(title=f"Number {number}"))
    response = client.post("/commitments", data=terms(title="Number six"))
    assert response.status_code == 422
    assert "Five standing commitments are the most" in rows.text(response)
    assert 'value="Number six"' in response.text
    assert len(stored(app)) == 5


def test_a_form_sent_twice_makes_one_and_with_other_words_is_refused(app, client):
    fields = terms()
    assert client.post("/commitments", data=fields).status_code == 303
    assert client.post("/commitments", data=fields).status_code == 303
    assert client.post("/commitments", data={**fields, "title": "Else"}).status_code == 409
    assert len(stored(app)) == 1


@pytest.mark.parametrize("fields", [{"key": ""}, {"key": "short"}, {"leader_id": "2"}])
def test_a_form_without_a_key_or_with_an_unknown_field_is_malformed(client, fields):
    assert client.post("/commitments", data=terms(**fields)).status_code == 400


def test_a_starter_can_be_reworded_before_it_is_picked(app, client):
    page = client.get("/commitments/new?starter=3")
    assert 'value="I move a date before it is due, never after"' in page.text
    client.post("/commitments", data=terms(starter="3", occasion="yes"))
    row = stored(app)[0]
    assert (row.library_id, row.occasion) == (3, True)
    assert row.ask
    assert client.get("/commitments/new?starter=16").status_code == 404


def test_the_page_shows_calendar_streak_and_notes(app, client, dana, promise):
    answer(app, dana, promise, YESTERDAY, note="The call ran <long>.")
    page = client.get(f"/commitments/{promise.id}")
    words = rows.text(page)
    assert "The call ran <long>." in words
    assert "Sunday 22 November: kept" in page.text
    assert f'href="/days/{YESTERDAY}"' in page.text
    assert f"/commitments/{promise.id}?month=2026-10" in page.text


def test_an_earlier_month_can_be_opened(client, promise):
    page = client.get(f"/commitments/{promise.id}?month=2026-10")
    assert "Saturday 31 October: silent" in page.text
    assert "?month=2026-11" in page.text


@pytest.mark.parametrize("month", ["2026-13", "26-1", "x", "0000-01", "1800-01"])
def test_a_month_that_is_none_is_not_found(client, promise, month):
    assert client.get(f"/commitments/{promise.id}?month={month}").status_code == 404


def test_new_words_show_at_once(app, client, promise):
    fields = terms(title="I am there on the minute")
    response = client.post(f"/commitments/{promise.id}", data=fields)
    assert response.location == f"/commitments/{promise.id}"
    assert stored(app)[0].title == "I am there on the minute"


def test_a_standing_one_is_not_offered_to_become_one_of_a_single_date(client, promise):
    assert 'value="once"' not in client.get(f"/commitments/{promise.id}/edit").text
    fields = terms(kind="once", on=str(TOMORROW))
    response = client.post(f"/commitments/{promise.id}", data=fields)
    assert response.status_code == 422
    assert 'id="kind-error"' in response.text


def test_another_cadence_begins_tomorrow_and_is_shown_as_one(app, client, promise):
    response = client.post(f"/commitments/{promise.id}", data=terms(kind="per_week", times="2"))
    old, new = stored(app)
    assert response.location == f"/commitments/{new.id}"
    assert (old.retired_on, new.picked_on, new.continues_id) == (TODAY, TOMORROW, old.id)
    page = rows.text(client.get(f"/commitments/{old.id}"))
    assert "How it changed" in page
    assert "2 times a week" in page
    assert client.get("/commitments").text.count('class="line"') == 1


def test_an_edit_of_what_was_changed_meanwhile_is_stale_and_keeps_what_was_typed(client, promise):
    client.post(f"/commitments/{promise.id}", data=terms(kind="per_week", times="2"))
    fields = terms(title="Typed in the other tab")
    response = client.post(f"/commitments/{promise.id}", data=fields)
    assert response.status_code == 409
    assert 'value="Typed in the other tab"' in response.text
    action = re.search(r'<form method="post" action="(/commitments/\d+)"', response.text)[1]
    key = re.search(r'name="key" value="([^"]+)"', response.text)[1]
    again = client.post(action, data={**fields, "kind": "per_week", "times": "2", "key": key})
    assert again.status_code == 303


def test_a_wrong_edit_keeps_what_was_typed(app, client, promise):
    response = client.post(f"/commitments/{promise.id}", data=terms(title="", intention="kept"))
    assert response.status_code == 422
    assert 'id="title-error"' in response.text
    assert "kept</textarea>" in response.text
    assert stored(app)[0].title == promise.title


def test_retiring_says_so_and_can_be_undone_from_the_toast(app, client, promise):
    response = press(client, f"/commitments/{promise.id}/retirement")
    page = client.get(response.location)
    assert "Retired. It still counts today." in rows.text(page)
    assert stored(app)[0].retired_on == TODAY
    undo = _undo(page.text)
    assert client.post(undo.pop("action"), data=undo).status_code == 303
    assert stored(app)[0].retired_on is None


def test_what_is_retired_can_be_brought_back(app, client, dana):
    with app.app_context():
        old = cast.promise(dana, retired_on=YESTERDAY)
    assert "Bring back" in rows.text(client.get("/commitments"))
    press(client, f"/commitments/{old.id}/return")
    row = stored(app)[1]
    assert (row.picked_on, row.continues_id) == (TODAY, old.id)


def test_bringing_a_sixth_back_says_why_not(app, client, dana):
    with app.app_context():
        old = cast.promise(dana, retired_on=YESTERDAY)
        for number in range(5):
            cast.promise(dana, f"Number {number}")
    response = press(client, f"/commitments/{old.id}/return")
    assert response.status_code == 422
    assert "Five standing commitments are the most" in rows.text(response)


def test_removing_can_be_undone(app, client):
    fields = terms(title="By mistake", kind="weekdays", days=["2", "4"], person="Ben")
    client.post("/commitments", data=fields)
    row = stored(app)[0]
    page = client.get(press(client, f"/commitments/{row.id}/removal").location)
    assert stored(app) == []
    undo = _undo(page.text)
    assert client.post(undo.pop("action"), data=undo).status_code == 303
    back = stored(app)[0]
    assert (back.title, back.weekdays, back.person_id) == ("By mistake", [2, 4], row.person_id)


def test_what_was_answered_cannot_be_removed(app, client, dana, promise):
    answer(app, dana, promise, TODAY)
    assert "Remove it" not in client.get(f"/commitments/{promise.id}").text
    response = press(client, f"/commitments/{promise.id}/removal")
    assert response.status_code == 422
    assert "Retire it instead" in rows.text(response)


def test_a_removal_sent_twice_is_done_once_and_a_second_one_finds_nothing(client):
    client.post("/commitments", data=terms())
    fields = {"key": str(uuid4())}
    path = "/commitments/1/removal"
    assert [client.post(path, data=fields).status_code for _ in range(2)] == [303, 303]
    assert press(client, path).status_code == 404


def test_the_order_is_changed_without_script(app, client, dana):
    with app.app_context():
        first, second = cast.promise(dana, "First"), cast.promise(dana, "Second")
    assert client.get("/commitments?order=1").text.count("/position") == 2
    press(client, f"/commitments/{second.id}/position", way="up")
    page = client.get("/commitments").text
    assert page.index("Second") < page.index("First")
    assert press(client, f"/commitments/{first.id}/position", way="left").status_code == 400


def test_a_repair_and_what_is_promised_once_stand_apart(app, client, dana, promise):
    with app.app_context():
        cast.promise(
            dana,
            "I apologise",
            kind=CadenceKind.ONCE,
            once_on=TOMORROW,
            picked_on=TOMORROW,
            retired_on=TOMORROW,
            repairs_id=promise.id,
            pillar=Pillar.COMPETENCY,
        )
    words = rows.text(client.get("/commitments"))
    assert "Promised once" in words
    assert "on Tuesday 24 November" in words


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/commitments/{}"),
        ("get", "/commitments/{}/edit"),
        ("post", "/commitments/{}"),
        ("post", "/commitments/{}/retirement"),
        ("post", "/commitments/{}/return"),
        ("post", "/commitments/{}/removal"),
        ("post", "/commitments/{}/position"),
    ],
)
def test_another_leaders_commitment_is_not_found(app, client, cleo, method, path):
    with app.app_context():
        row = cast.promise(cleo)
    way = {"way": "up"} if path.endswith("position") else {}
    fields = terms() if path.endswith("{}") else {"key": str(uuid4()), **way}
    url = path.format(row.id)
    response = client.get(url) if method == "get" else client.post(url, data=fields)
    assert response.status_code == 404
    assert stored(app)[0].retired_on is None


@pytest.mark.parametrize("number", ["0", "2147483648", "99999999999", "-1", "one"])
def test_what_is_no_id_is_not_found(client, number):
    assert client.get(f"/commitments/{number}").status_code == 404


def _undo(page):
    form = re.search(r'<div class="toast" data-undo>.*?</form>', page, re.DOTALL)[0]
    fields = dict(re.findall(r'name="([^"]*)" value="([^"]*)"', form))
    return {"action": re.search(r'action="([^"]+)"', form)[1]} | {
        name: html.unescape(value) for name, value in fields.items()
    }
