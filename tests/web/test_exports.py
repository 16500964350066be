"""Taking the data along: only with a fresh passkey, as a file, a sheet or a page."""

import io
import json
from uuid import uuid4

import pytest

from habits import archive
from habits.db import db
from habits.models import Answer
from habits.trust.history import Nature, Reply
from tests import cast
from tests.cast import TODAY
from tests.clock import MONDAY
from tests.importers import samples
from tests.web import rows

WAYS = ["/exports", "/exports/history.json", "/exports/ledger.csv", "/exports/page"]


@pytest.fixture
def promise(app, dana):
    with app.app_context():
        row = cast.promise(dana, "<b>On the minute</b>", person_id=cast.person(dana).id)
        db.session.add(
            Answer(
                leader_id=dana.id,
                commitment_id=row.id,
                date=TODAY,
                reply=Reply.BROKEN,
                nature=Nature.MISTAKE,
                note="The train & the rain",
                key="an-answer",
                answered_at=MONDAY,
                recorded_at=MONDAY,
            )
        )
        db.session.commit()
        return row


@pytest.fixture
def fresh(client, dana, promise):
    cast.sign_in(client, dana, fresh=True)
    return client


@pytest.mark.parametrize("way", WAYS)
def test_each_way_asks_for_the_passkey_first(client, dana, promise, way):
    cast.sign_in(client, dana)
    answer = client.get(way)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/confirm?next={way}"


def test_settings_lead_to_it(client, dana):
    cast.sign_in(client, dana)
    assert 'href="/exports"' in client.get("/settings").text


def test_the_history_comes_as_a_file_that_kept_reads(fresh):
    answer = fresh.get("/exports/history.json")
    assert answer.mimetype == "application/json"
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="kept-2026-11-23-history.json"'
    )
    parsed = archive.read(answer.data)
    assert parsed.leader.name == "Dana"
    assert json.loads(answer.data)["answers"][0]["note"] == "The train & the rain"


def test_the_sheet_opens_in_a_spreadsheet(fresh):
    answer = fresh.get("/exports/ledger.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.data.startswith(b"\xef\xbb\xbfdate,line,kind")
    assert "The train & the rain" in answer.text


def test_the_page_says_what_happened_day_by_day(fresh):
    words = rows.text(fresh.get("/exports/page"))
    assert "<b>On the minute</b>" in words
    assert "a mistake, not told yet · “The train & the rain”" in words
    assert "November 2026" in words


def test_the_page_has_the_history_that_came_along_and_does_not_count(fresh):
    sent = {"key": str(uuid4()), "timezone": "Europe/Lisbon"}
    sent["file"] = (io.BytesIO(samples.loop_csv()), "loop.zip")
    way = fresh.post("/imports", data=sent).headers["Location"]
    fresh.post(way, data={"key": str(uuid4()), "counts": "no", "take_0": "yes"})
    words = rows.text(fresh.get("/exports/page"))
    assert "March 2026" in words
    assert "Listen first broken, from before · “Sick”" in words


def test_a_leader_who_has_nothing_yet_gets_honest_pages(client, cleo):
    cast.sign_in(client, cleo, fresh=True)
    for way in WAYS:
        assert client.get(way).status_code == 200
    assert "None was picked yet." in rows.text(client.get("/exports/page"))
