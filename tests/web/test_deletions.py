"""Deleting everything: the passkey and a word first, and then nothing is left."""

import re
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from habits import recovery
from habits.db import Base, db
from habits.models import Attempt, Lapse, Leader, Passkey, Telling
from habits.trust.history import Nature
from tests import cast
from tests.cast import TODAY
from tests.clock import MONDAY
from tests.databases import on_sqlite
from tests.importers import samples
from tests.web import rows
from tests.web.test_imports import send

WORD = "delete"
SECRET = "Words that nobody shall find again"


@pytest.fixture
def fresh(app, dana):
    with app.app_context():
        ben = cast.person(dana, "Benedikt")
        promise = cast.promise(dana, SECRET, person_id=ben.id)
        lapse = Lapse(leader_id=dana.id, date=TODAY, nature=Nature.CHOICE, recorded_at=MONDAY)
        db.session.add(lapse)
        db.session.flush()
        cast.promise(dana, "I repair it", repairs_lapse_id=lapse.id, continues_id=promise.id)
        cast.promise(dana, "Another", repairs_id=promise.id, repairs_date=TODAY)
        db.session.add_all(
            (
                Telling(leader_id=dana.id, lapse_id=lapse.id, date=TODAY, told_at=MONDAY),
                Passkey(
                    leader_id=dana.id, credential_id=b"dana", public_key=b"", name="Phone",
                    created_at=MONDAY, last_used_at=MONDAY,
                ),
            )
        )  # fmt: skip
        recovery.renew(dana, "a secret that only tests know: 0123456789", MONDAY)
        db.session.commit()
    client = app.test_client()
    cast.sign_in(client, dana, fresh=True)
    send(client, samples.loop_csv())
    return client


def delete(client, word=WORD):
    return client.post("/deletions", data={"key": str(uuid4()), "word": word})


def left(app, leader_id: int) -> dict:
    with app.app_context():
        return {
            table.name: count
            for table in Base.metadata.sorted_tables
            if "leader_id" in table.columns
            and (count := len(db.session.execute(
                select(table).where(table.c.leader_id == leader_id)).all()))
        }  # fmt: skip


def test_it_asks_for_the_passkey_first(client, dana):
    cast.sign_in(client, dana)
    assert client.get("/deletions/new").headers["Location"].startswith("/confirm")
    assert delete(client).headers["Location"].startswith("/confirm")
    assert client.get("/settings").status_code == 200


def test_settings_lead_to_it_and_it_says_what_stays(app, fresh, tmp_path):
    assert 'href="/deletions/new"' in fresh.get("/settings").text
    assert "No copy of the database is stored beside it." in rows.text(fresh.get("/deletions/new"))
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "kept-20261120T180000Z-before-0002.db").touch()
    words = rows.text(fresh.get("/deletions/new"))
    assert "1 copy of the database is kept beside it, from 20 Nov 2026" in words


@pytest.mark.parametrize("word", ["", "no", "delete it", "x" * 5000, "\0"])
def test_without_the_word_nothing_happens(app, fresh, dana, word):
    before = left(app, dana.id)
    answer = delete(fresh, word)
    assert answer.status_code == 422
    assert 'id="word-error"' in answer.text
    assert left(app, dana.id) == before


def test_all_of_it_is_gone_at_once_and_only_that(app, fresh, dana, cleo):
    with app.app_context():
        cast.promise(cleo, "Cleo's own", person_id=cast.person(cleo, "Zoe").id)
    assert len(left(app, dana.id)) > 8
    theirs = left(app, cleo.id)
    other = app.test_client()
    cast.sign_in(other, dana)
    answer = delete(fresh, " Delete ")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert left(app, dana.id) == {}
    assert left(app, cleo.id) == theirs
    with app.app_context():
        assert [row.name for row in db.session.scalars(select(Leader))] == ["Cleo"]
        named = db.session.scalars(select(Attempt.bucket))
        assert not [bucket for bucket in named if bucket.endswith(f":{dana.id}")]
    assert "Everything of yours is deleted here." in fresh.get("/").text
    for client in (fresh, other):
        assert client.get("/settings").status_code == 302


@on_sqlite
def test_no_page_of_the_file_holds_it_any_longer(app, fresh, tmp_path):
    with app.app_context():
        db.session.execute(text("SELECT 1"))
        db.session.rollback()
    delete(fresh)
    files = [path.read_bytes() for path in tmp_path.glob("kept.db*")]
    assert files
    assert not [one for one in files if re.search(SECRET.encode() + b"|Benedikt", one)]
