"""Bringing a file: refused at its field, looked at before anything is written, undone."""

import io
import re
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from habits import imports
from habits.db import db
from habits.models import Commitment, Import
from habits.trust.history import Pillar
from tests import cast
from tests.importers import samples
from tests.web import rows

pytestmark = pytest.mark.signed_in


def send(client, data: bytes, key=None, **fields):
    fields = {"key": key or str(uuid4()), "timezone": "Europe/Lisbon"} | fields
    return client.post("/imports", data=fields | {"file": (io.BytesIO(data), "my file.zip")})


def taken(number: int) -> dict[str, str]:
    """The first commitments of a file, wanted."""
    return {f"take_{place}": "yes" for place in range(number)}


def count(app, model) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model))


def test_it_is_found_from_settings(client):
    assert 'href="/imports/new"' in client.get("/settings").text
    assert "Nothing is written before you have seen it." in rows.text(client.get("/imports/new"))


def test_a_file_is_looked_at_then_written_then_undone(app, client):
    looked = send(client, samples.loop_csv())
    assert looked.status_code == 303
    assert count(app, Commitment) == 0
    page = client.get(looked.headers["Location"])
    words = rows.text(page)
    assert "Listen first" in words
    assert "1 kept, 1 broken, 1 released" in words
    assert "2 Mar 2026 to 5 Mar 2026" in words
    fields = {"key": str(uuid4()), "counts": "no", "take_0": "yes", "pillar_0": "character"}
    done = client.post(looked.headers["Location"], data=fields | {"intention_0": "so that …"})
    assert done.status_code == 303
    with app.app_context():
        (row,) = db.session.scalars(select(Commitment))
        assert (row.pillar, row.intention) == (Pillar.CHARACTER, "so that …")
    again = client.post(looked.headers["Location"], data=fields | {"intention_0": "so that …"})
    assert again.status_code == 303
    assert count(app, Commitment) == 1
    shown = client.get(f"/commitments/{row.id}?month=2026-03")
    assert "Thursday 5 March: kept, from before" in shown.text
    assert "my file.zip" in rows.text(client.get("/imports/new"))
    undo = client.post(f"{looked.headers['Location']}/removal", data={"key": str(uuid4())})
    assert undo.status_code == 303
    assert count(app, Commitment) == 0
    assert "This import was undone." in rows.text(client.get(looked.headers["Location"]))


def test_what_was_not_understood_is_said_in_the_leaders_words(client):
    files = {
        "Habits.csv": samples.LOOP_HABITS + "x,Broken,YES_NO,,,1,1,,,,,false\n",
        "009 Nobody/Checkmarks.csv": samples.LOOP_MARKS,
    }
    words = rows.text(client.get(send(client, samples.zipped(files)).headers["Location"]))
    assert "2 lines were not understood" in words
    assert "Habits.csv, line 6: “x, Broken, YES_NO, , , 1, 1, , , , , false”" in words
    assert "009 Nobody/Checkmarks.csv belongs to no habit in the file: left out." in words
    nameless = {"habits": [{"name": "", "records": []}, {"name": "Walk", "records": []}]}
    way = send(client, samples.as_json(nameless)).headers["Location"]
    assert "habits[0] has no name." in rows.text(client.get(way))
    way = send(client, samples.loop_db(version=26)).headers["Location"]
    assert "of a newer Loop (version 26)" in rows.text(client.get(way))


def test_the_same_post_twice_reads_the_file_once(app, client):
    key = str(uuid4())
    first, second = (send(client, samples.loop_csv(), key) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert count(app, Import) == 1
    assert send(client, samples.loop_db(), key).status_code == 409


def test_what_cannot_be_read_is_said_at_the_field(app, client):
    for data in (b"", b"hello", b"PK\x03\x04", b'{"format": "kept-history"}'):
        answer = send(client, data)
        assert answer.status_code == 422
        assert 'id="file-error"' in answer.text
    answer = client.post("/imports", data={"key": str(uuid4()), "timezone": "Europe/Lisbon"})
    assert "Choose a file." in rows.text(answer)
    assert send(client, samples.loop_csv(), timezone="Nowhere").status_code == 422
    assert count(app, Import) == 0


def test_what_cannot_be_read_is_named_and_the_chosen_zone_stays_in_sight(client):
    answer = send(client, b"hello", timezone="Asia/Tokyo")
    assert "“my file.zip” cannot be imported: it is none that Kept can read" in rows.text(answer)
    assert 'value="Asia/Tokyo" selected' in answer.text
    assert '<details class="fold" open>' in answer.text


def test_a_file_that_brings_nothing_new_offers_nothing_to_write(client):
    way = send(client, samples.loop_csv()).headers["Location"]
    client.post(way, data={"key": str(uuid4()), "counts": "no"} | taken(4))
    again = client.get(send(client, samples.loop_csv()).headers["Location"])
    assert "All of this is here already." in rows.text(again)
    assert "3 are here already" in rows.text(again)
    assert ">Import<" not in again.text


def test_lapses_and_time_off_in_a_history_are_seen_before_they_come(client):
    only = {name: samples.KEPT[name] for name in ("format", "version", "lapses", "time_off")}
    data = samples.as_json(only | {"leader": {"week_start": 1}})
    way = send(client, data).headers["Location"]
    words = rows.text(client.get(way))
    assert "Nothing is written yet." in words
    assert "1 lapse outside a promise comes with it." in words
    assert "1 time off comes with it." in words
    client.post(way, data={"key": str(uuid4()), "counts": "yes"})
    assert "All of this is here already." in rows.text(
        client.get(send(client, data).headers["Location"])
    )


def test_what_was_written_or_undone_is_not_written_again(client):
    way = send(client, samples.loop_csv()).headers["Location"]
    client.post(way, data={"key": str(uuid4()), "counts": "no"} | taken(4))
    assert client.post(way, data={}).status_code == 303
    client.post(f"{way}/removal", data={"key": str(uuid4())})
    answer = client.post(way, data={"key": str(uuid4())} | taken(4))
    assert answer.headers["Location"] == way


def test_what_is_too_large_is_said_and_the_limit_is_this_routes_alone(client):
    for size in (6 * 2**20 + 1, 20 * 2**20):
        answer = send(client, b" " * size)
        assert answer.status_code in (413, 422)
        assert "Choose a file of at most 6 MB." in rows.text(answer)
    assert client.post("/settings", data="x" * 300_000).status_code == 413


def test_bad_choices_lose_nothing_that_was_typed(app, client):
    way = send(client, samples.loop_csv()).headers["Location"]
    fields = {"key": str(uuid4()), "take_0": "yes", "pillar_0": "character", "counts": "yes"}
    answer = client.post(way, data=fields | {"intention_0": "x" * 201})
    assert answer.status_code == 422
    assert "x" * 201 in answer.text
    assert re.search(r'name="pillar_0" value="character" checked', answer.text)
    assert client.post(way, data=fields | {"pillar_99": "character"}).status_code == 400
    assert count(app, Commitment) == 0


def test_a_kill_in_the_middle_changes_nothing(app, client, monkeypatch):
    way = send(client, samples.loop_csv()).headers["Location"]
    fields = {"key": str(uuid4()), "take_0": "yes", "counts": "yes"}

    def die(*_):
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(imports.writing_in.ledger, "refold", die)
        with pytest.raises(SystemExit):
            client.post(way, data=fields)
    assert count(app, Commitment) == 0
    assert client.post(way, data=fields).status_code == 303
    assert count(app, Commitment) == 1


def test_a_kept_history_offers_its_settings_to_a_new_account(app, client):
    way = send(client, samples.as_json(samples.KEPT)).headers["Location"]
    assert 'name="settings" value="yes" checked' in client.get(way).text
    fields = {"key": str(uuid4()), "counts": "yes", "settings": "yes"}
    fields |= {f"take_{n}": "yes" for n in range(3)}
    assert client.post(way, data=fields).status_code == 303
    page = client.get("/settings").text
    assert 'value="Europe/Berlin" selected' in page
    assert 'value="20:30' in client.get("/settings/reminders").text


def test_another_leaders_file_is_not_found(app, client, cleo):
    way = send(client, samples.loop_csv()).headers["Location"]
    stranger = app.test_client()
    cast.sign_in(stranger, cleo)
    assert stranger.get(way).status_code == 404
    assert stranger.post(way, data={"key": str(uuid4())}).status_code == 404
