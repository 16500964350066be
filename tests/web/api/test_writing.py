"""What a script writes: once for each key, and refused with words."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from habits.db import db
from habits.models import Answer, Lapse, Person
from habits.trust.history import Nature, Reply
from tests import cast
from tests.cast import TODAY
from tests.web import rows
from tests.web.api.script import Script

KEPT = {"answer": "kept"}
WRONG = [
    {"commitment": "1"}, {"commitment": 1.0}, {"commitment": True}, {"commitment": 0},
    {"commitment": 2**31}, {"commitment": None}, {"answer": "Kept"}, {"answer": None},
    {"answer": ["kept"]}, {"told": "yes"}, {"told": 1}, {"nature": "lie"}, {"nature": {}},
    {"date": "23.11.2026"}, {"date": "0001-01-01"}, {"date": "9999-12-31"}, {"date": 20261123},
    {"note": "x" * 1001}, {"note": "\x00"}, {"note": 1}, {"note": "\ud800"}, {"note": []},
    {"answered_at": "yesterday"}, {"answered_at": "2026-11-23T18:00:00"}, {"other": 1},
    {"key": "in-the-body"},
]  # fmt: skip


def stored(app, model):
    with app.app_context():
        return db.session.query(model).order_by(model.id).all()


def test_an_answer_moves_the_account_as_a_tap_does(app, script, promise, client, dana):
    said = script.post("/answers", KEPT | {"commitment": promise.id}).json
    assert said["promise"]["standing"] == "kept"
    assert said["moved"] > 0
    cast.sign_in(client, dana)
    assert rows.balance(client.get("/")) == said["balance"]


def test_a_broken_promise_bears_what_it_was_and_open_takes_it_back(app, script, promise):
    broken = {"commitment": promise.id, "answer": "broken", "nature": "choice", "note": " Late. "}
    said = script.post("/answers", broken).json["promise"]
    assert (said["standing"], said["nature"], said["told"]) == ("broken", "choice", False)
    assert said["note"] == "Late."
    again = script.post("/answers", {"commitment": promise.id, "answer": "open"}).json["promise"]
    assert (again["standing"], again["nature"], again["note"]) == ("open", None, None)
    assert [row.reply for row in stored(app, Answer)] == [Reply.BROKEN, None]


def test_a_repeat_has_one_effect_and_another_body_is_refused(app, script, promise):
    body = KEPT | {"commitment": promise.id}
    first, repeat = (script.post("/answers", body, key="evening-1") for _ in range(2))
    assert (first.status_code, repeat.status_code) == (200, 200)
    assert first.json["promise"] == repeat.json["promise"]
    assert repeat.json["moved"] == 0
    other = script.post("/answers", body | {"answer": "broken"}, key="evening-1")
    assert (other.status_code, other.json["status"]) == (409, 409)
    assert len(stored(app, Answer)) == 1
    elsewhere = script.post("/lapses", {"nature": "mistake"}, key="evening-1")
    assert elsewhere.status_code == 409
    assert stored(app, Lapse) == []


def test_a_repeat_after_the_day_has_ended_is_still_the_same(app, script, promise, clock):
    answer = KEPT | {"commitment": promise.id}
    first = script.post("/answers", answer, key="evening-1").json["promise"]
    lapse = script.post("/lapses", {"nature": "mistake"}, key="evening-2").json
    clock.advance(days=1)
    repeat = script.post("/answers", answer, key="evening-1")
    assert (repeat.status_code, repeat.json["promise"]) == (200, first)
    assert script.post("/lapses", {"nature": "mistake"}, key="evening-2").json == lapse
    assert (len(stored(app, Answer)), len(stored(app, Lapse))) == (1, 1)


def test_many_at_once_with_one_key_have_one_effect(app, script, promise):
    body = KEPT | {"commitment": promise.id}

    def send(_n):
        return Script(app.test_client(), script.secret).post("/answers", body, key="at-once-1")

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(16)))
    assert {answer.status_code for answer in answers} == {200}
    assert sum(answer.json["moved"] > 0 for answer in answers) == 1
    assert len(stored(app, Answer)) == 1


def test_a_refused_write_leaves_its_key_free(app, script, promise):
    ahead = (TODAY + timedelta(days=1)).isoformat()
    body = KEPT | {"commitment": promise.id}
    refused = script.post("/answers", body | {"date": ahead}, key="evening-2")
    assert (refused.status_code, refused.json["detail"]) == (422, "This day has not begun.")
    assert script.post("/answers", body, key="evening-2").status_code == 200


def test_a_key_of_a_page_and_of_a_script_is_one(app, client, script, promise, dana):
    cast.sign_in(client, dana)
    fields = {"commitment": promise.id, "date": TODAY, "answer": "kept", "key": "the-same-key"}
    client.post("/answers", data=fields)
    body = {"commitment": promise.id, "answer": "broken"}
    assert script.post("/answers", body, key="the-same-key").status_code == 409
    assert script.post("/answers", KEPT | {"commitment": promise.id}, key="the-same-key").json
    assert len(stored(app, Answer)) == 1


def test_a_lapse_is_recorded_once_and_can_be_taken_back(app, script):
    body = {"nature": "choice", "told": True, "person": "Ben", "note": "Said it was done."}
    first, repeat = (script.post("/lapses", body, key="a-lapse-1") for _ in range(2))
    assert (first.status_code, first.json) == (201, repeat.json)
    (row,) = stored(app, Lapse)
    assert (row.nature, row.date, first.json["person"]) == (Nature.CHOICE, TODAY, "Ben")
    assert len(stored(app, Person)) == 1
    fallen = script.get("/account").json["balance"]
    for _ in range(2):
        gone = script.post(f"/lapses/{row.id}/removal", key="taken-back-1")
        assert (gone.status_code, gone.data) == (204, b"")
    assert script.get("/account").json["balance"] > fallen
    assert script.get("/lapses").json["lapses"] == []


def test_another_leaders_things_do_not_exist(app, script, cleo):
    with app.app_context():
        theirs = cast.promise(cleo)
        lapse = Lapse(
            leader_id=cleo.id, date=TODAY, nature=Nature.CHOICE, recorded_at=theirs.created_at
        )
        db.session.add(lapse)
        db.session.commit()
        lapse_id = lapse.id
    for commitment in (theirs.id, 99_999):
        answer = script.post("/answers", KEPT | {"commitment": commitment})
        assert answer.status_code == 404
    for one in (lapse_id, 99_999):
        assert script.post(f"/lapses/{one}/removal").status_code == 404
    assert stored(app, Answer) == []


def test_a_field_that_is_wrong_is_said_and_nothing_is_stored(app, script, promise):
    for wrong in WRONG:
        answer = script.post("/answers", KEPT | {"commitment": promise.id} | wrong)
        assert (answer.status_code, answer.mimetype) == (422, "application/problem+json"), wrong
        assert next(iter(wrong)) in answer.json["detail"], wrong
    assert stored(app, Answer) == []


def test_what_is_no_json_object_of_known_size_is_refused(script, promise):
    client, bearing = script.client, {"Authorization": f"Bearer {script.secret}"}
    named = bearing | {"Idempotency-Key": "a-key-of-mine"}
    as_json = {"content_type": "application/json"}

    def status(**sent):
        return client.post("/api/v1/answers", **({"headers": named} | sent)).status_code

    assert status(data={"commitment": promise.id, "answer": "kept"}) == 415
    assert status(data="{}", content_type="text/plain") == 415
    for body in ("", "{", "nul", "\xff".encode("latin-1"), '{"answer":NaN}', "[" * 100_000,
                 '{"answer":"kept","answer":"kept"}', "1" * 5000):  # fmt: skip
        assert status(data=body, **as_json) == 400, body[:20]
    for body in ("[]", "1", "null", '"kept"', "{}"):
        assert status(data=body, **as_json) == 422, body
    assert status(data=b" " * 300_000, **as_json) == 413
    for key in ("", "short", "x" * 65, "with spaces in it", '"quoted-key"', "schlüssel"):
        headers = bearing | {"Idempotency-Key": key}
        assert status(json={"commitment": 1, "answer": "kept"}, headers=headers) == 400, key
    assert status(json={"commitment": promise.id, "answer": "kept"}, headers=bearing) == 400


def test_what_was_said_offline_counts_from_when_it_was_said(app, script, promise, clock):
    clock.advance(days=9)
    body = KEPT | {"commitment": promise.id, "date": TODAY.isoformat()}
    assert script.post("/answers", body).status_code == 422
    late = script.post("/answers", body | {"answered_at": "2026-11-23T20:00:00+01:00"})
    assert (late.status_code, late.json["promise"]["standing"]) == (200, "kept")


def test_a_body_in_chunks_is_refused_for_its_size_and_not_cut_off(app, script):
    body = b'{"nature": "mistake", "note": "' + b"x" * 300_000 + b'"}'
    answer = script.client.post(
        "/api/v1/lapses",
        input_stream=io.BytesIO(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer {script.secret}", "Idempotency-Key": "a-key-of-mine"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert (answer.status_code, answer.mimetype) == (413, "application/problem+json")


def test_what_has_no_body_names_no_type(script):
    lapse = script.post("/lapses", {"nature": "mistake"}).json["id"]
    answer = script.post(f"/lapses/{lapse}/removal")
    assert (answer.status_code, answer.data) == (204, b"")
    assert "Content-Type" not in answer.headers
