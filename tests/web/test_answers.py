"""One tap: stored once, shown at once, refused with words."""

from datetime import timedelta
from uuid import uuid4

import pytest

from habits.db import db
from habits.models import Answer, Commitment, Leader
from habits.trust.history import CadenceKind, Nature, Pillar, Reply
from tests import cast
from tests.cast import TODAY
from tests.web import rows

pytestmark = pytest.mark.signed_in

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def tap(client, commitment, reply="kept", day=TODAY, headers=HTMX, **more):
    fields = {"commitment": commitment.id, "date": day, "answer": reply, "key": str(uuid4())}
    return client.post("/answers", data=fields | more, headers=headers)


def stored(app):
    with app.app_context():
        return db.session.query(Answer).order_by(Answer.id).all()


def test_the_row_the_balance_and_the_streak_come_in_one_answer(client, promise):
    before = rows.balance(client.get("/"))
    response = tap(client, promise)
    assert response.status_code == 200
    assert rows.row(response, promise).get("data-answer") == "kept"
    assert rows.balance(response) > before
    assert rows.streak(response) == 1


def test_a_screen_reader_hears_what_a_tap_changed(client, promise):
    heard = [tap(client, promise, reply).text for reply in ("kept", "broken", "", "released")]
    assert 'id="announcer"' in heard[0]
    assert ">Kept. Balance 48.0, up 0.3 today<" in heard[0]
    assert ">Broken. Balance 4" in heard[1]
    assert ", down " in heard[1]
    assert ">Taken back. Balance 47.7, unchanged today<" in heard[2]
    assert ">Released. Balance 47.7, unchanged today<" in heard[3]


def test_without_script_a_tap_leads_back_to_the_page(client, promise):
    fields = rows.form_of(rows.row(client.get("/"), promise, str(TODAY)), "kept")
    response = client.post("/answers", data=fields)
    assert (response.status_code, response.location) == (303, "/")
    assert rows.row(client.get("/"), promise, str(TODAY)).get("data-answer") == "kept"


def test_a_double_tap_is_one_answer(app, client, promise):
    fields = rows.form_of(rows.row(client.get("/"), promise, str(TODAY)), "kept")
    first, second = (client.post("/answers", data=fields, headers=HTMX) for _ in range(2))
    assert rows.balance(first) == rows.balance(second)
    assert len(stored(app)) == 1


def test_a_key_with_another_answer_is_a_conflict(app, client, promise):
    key = str(uuid4())
    tap(client, promise, key=key)
    assert tap(client, promise, "broken", key=key).status_code == 409
    assert len(stored(app)) == 1


def test_broken_is_a_mistake_not_told_until_more_is_said(app, client, promise):
    response = tap(client, promise, "broken")
    assert "A mistake, not told yet." in rows.text(response)
    tap(client, promise, "broken", nature="choice", told="yes", note="I left early.")
    latest = stored(app)[-1]
    assert (latest.nature, latest.told, latest.note) == (Nature.CHOICE, True, "I left early.")


def test_owning_up_gives_most_of_it_back(client, promise):
    unsaid = rows.balance(tap(client, promise, "broken"))
    told = rows.balance(tap(client, promise, "broken", told="yes"))
    assert told > unsaid


def test_a_repair_becomes_a_promise_for_tomorrow(app, client, promise):
    tap(client, promise, "broken", told="yes", repair="I apologise to Ben in person")
    with app.app_context():
        repair = db.session.query(Commitment).filter_by(repairs_id=promise.id).one()
        assert repair.kind is CadenceKind.ONCE
        assert repair.once_on == TODAY + timedelta(days=1)
        assert (repair.repairs_date, repair.pillar) == (TODAY, Pillar.CHARACTER)


def test_a_repair_sent_twice_is_one_promise(app, client, promise):
    key = str(uuid4())
    for _ in range(2):
        tap(client, promise, "broken", key=key, repair="I apologise to Ben in person")
    with app.app_context():
        assert db.session.query(Commitment).filter_by(repairs_id=promise.id).count() == 1


def test_a_repair_stands_under_tomorrow_at_once_and_is_asked_for_once(app, client, dana):
    with app.app_context():
        promise = cast.promise(dana, picked_on=TODAY)
    tap(client, promise, "broken")
    response = tap(client, promise, "broken", nature="mistake", repair="I apologise to Ben")
    assert "Tomorrow" in rows.text(response)
    assert rows.row(response, promise).get("data-mended") == "I apologise to Ben"  # for its sheet
    assert "I apologise to Ben" in rows.text(response).partition("Tomorrow")[2]
    again = tap(client, promise, "broken", nature="choice", repair="I apologise again")
    assert "I apologise again" not in rows.text(again)
    with app.app_context():
        assert db.session.query(Commitment).filter_by(repairs_id=promise.id).count() == 1


def test_released_counts_neither_way(client, promise):
    before = rows.balance(client.get("/"))
    assert rows.balance(tap(client, promise, "released", release="them")) == before
    assert "They released me." in client.get(f"/days/{TODAY}/{promise.id}").text


def test_taking_back_opens_the_row(client, promise):
    before = rows.balance(client.get("/"))
    tap(client, promise)
    response = tap(client, promise, "")
    assert rows.row(response, promise).get("data-answer") == "open"
    assert rows.balance(response) == before


def test_a_late_answer_says_what_it_changed(client, promise):
    response = tap(client, promise, day=TODAY - timedelta(days=5))
    assert "Wednesday, answered late: +" in rows.text(response)
    assert "answered late" in rows.text(response)


def test_taking_a_late_answer_back_is_not_called_an_answer(client, promise):
    day = TODAY - timedelta(days=2)
    tap(client, promise, day=day)
    words = rows.text(tap(client, promise, "", day=day))
    assert "Saturday, taken back: \N{MINUS SIGN}" in words


def test_without_script_a_late_answer_says_what_it_changed_on_the_next_page(client, promise):
    response = tap(client, promise, day=TODAY - timedelta(days=2), headers=None)
    assert (response.status_code, response.location) == (303, "/")
    assert "Saturday, answered late: +" in rows.text(client.get("/"))


def test_without_script_broken_on_an_earlier_day_leads_to_its_sheet(client, promise):
    day = TODAY - timedelta(days=2)
    response = tap(client, promise, "broken", day=day, headers=None)
    assert response.location == f"/days/{day}/{promise.id}"
    assert "Have you told them?" in rows.text(client.get(response.location))
    refined = tap(client, promise, "broken", day=day, headers=None, nature="choice")
    assert refined.location == "/"


def test_an_offline_answer_is_given_when_the_device_says(app, client, promise, clock):
    given = clock.now - timedelta(hours=5)
    skewed = timedelta(days=2)
    tap(
        client,
        promise,
        answered_at=(given + skewed).isoformat(),
        sent_at=(clock.now + skewed).isoformat(),
    )
    assert stored(app)[0].answered_at == given


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"date": "2026-02-30"}, 422),
        ({"date": "tomorrow"}, 422),
        ({"date": "20261123"}, 422),
        ({"date": ""}, 422),
        ({"date": TODAY + timedelta(days=1)}, 422),
        ({"date": TODAY - timedelta(days=8)}, 422),
        ({"date": "9999-12-31"}, 422),
        ({"date": "0001-01-01"}, 422),
        ({"commitment": ""}, 404),
        ({"commitment": "0"}, 404),
        ({"commitment": "99999999999999999999"}, 404),
        ({"commitment": "1; drop table answers"}, 404),
        ({"answer": "perhaps"}, 400),
        ({"nature": "crime"}, 422),
        ({"told": "perhaps"}, 422),
        ({"note": "x" * 10_000}, 422),
        ({"note": "a\x00b"}, 422),
        ({"repair": "x" * 10_000}, 422),
        ({"key": ""}, 400),
        ({"key": "x" * 65}, 400),
        ({"key": "<script>"}, 400),
        ({"leader_id": "2"}, 400),
        ({"answered_at": "yesterday"}, 200),
        ({"note": "\N{SLIGHTLY SMILING FACE} \N{HEBREW LETTER ALEF}\u202e"}, 200),
    ],
)
def test_what_is_malformed_is_refused_and_stored_nowhere(app, client, promise, changes, status):
    fields = {"commitment": promise.id, "date": TODAY, "answer": "broken", "key": str(uuid4())}
    response = client.post("/answers", data=fields | changes, headers=HTMX)
    assert response.status_code == status
    assert len(stored(app)) == (1 if status == 200 else 0)


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "3000-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_refused_however_the_week_begins(app, client, promise, day):
    with app.app_context():
        db.session.query(Leader).update({"week_start": 7})
        db.session.commit()
    assert tap(client, promise, "kept", day).status_code == 422
    assert not stored(app)


def test_a_refusal_keeps_what_was_typed_and_says_why(client, promise):
    note = "I said " + "x" * 1000
    response = tap(client, promise, "broken", note=note)
    assert response.status_code == 422
    assert note in response.text
    assert "At most 1000 characters." in response.text
    without_script = tap(client, promise, "broken", headers=None, note=note)
    assert note in without_script.text


def test_a_refusal_that_no_field_can_say_stands_below(client, promise):
    response = tap(client, promise, day=TODAY - timedelta(days=8))
    assert response.status_code == 422
    assert "This day is fixed: answers can be given for seven days." in rows.text(response)


@pytest.mark.parametrize(
    ("taps", "corrected"),
    [
        ([("broken", {}), ("broken", {"nature": "choice"})], False),  # the sheet says what it was
        ([("broken", {}), ("", {}), ("broken", {})], False),
        ([("kept", {}), ("", {}), ("broken", {})], True),
        ([("broken", {"nature": "choice"}), ("broken", {"nature": "mistake"})], True),
    ],
)
def test_the_ledger_shows_what_says_something_else(client, promise, clock, taps, corrected):
    for reply, more in taps:
        tap(client, promise, reply, **more)
        clock.advance(minutes=1)
    assert ("corrected" in rows.text(client.get("/account"))) is corrected


def test_a_strangers_commitment_is_not_there(app, client, cleo):
    with app.app_context():
        cleos = cast.promise(cleo)
    assert tap(client, cleos).status_code == 404
    assert tap(client, cleos, headers=None).status_code == 404
    assert stored(app) == []


def test_signed_out_a_tap_is_refused_and_shows_the_way_in(app, promise):
    client = app.test_client()
    response = tap(client, promise)
    assert response.status_code == 401
    assert response.headers["HX-Redirect"].startswith("/sign-in")
    assert stored(app) == []


def test_fifty_parallel_taps_with_one_key_are_one_answer(app, dana, promise):
    from concurrent.futures import ThreadPoolExecutor

    key = str(uuid4())

    def one(_):
        client = app.test_client()
        cast.sign_in(client, dana)
        return tap(client, promise, key=key).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = set(pool.map(one, range(50)))
    assert statuses == {200}
    assert [answer.reply for answer in stored(app)] == [Reply.KEPT]


def test_a_kept_promise_can_bear_a_note(app, client, promise):
    tap(client, promise)
    tap(client, promise, note="Ben noticed.")
    assert stored(app)[-1].note == "Ben noticed."
    assert "Ben noticed." in client.get(f"/days/{TODAY}/{promise.id}").text


def test_no_two_forms_of_a_row_share_a_key(client, promise):
    forms = [f for f in rows.row(client.get("/"), promise).iter("form") if f.get("data-answers")]
    keys = [i.get("value") for f in forms for i in f.iter("input") if i.get("name") == "key"]
    assert len(keys) == len(set(keys)) == len(forms)
