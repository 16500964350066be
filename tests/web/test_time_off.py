"""Time off through its page: declared, confirmed over answers, ended, withdrawn."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from habits import ledger
from habits.db import db
from habits.models import Answer, Leader, TimeOff
from habits.trust.history import Reply
from tests.cast import TODAY
from tests.clock import MONDAY
from tests.web import rows

pytestmark = pytest.mark.signed_in


def declare(client, first, last, **fields):
    days = {"first": str(TODAY + timedelta(days=first)), "last": str(TODAY + timedelta(days=last))}
    return client.post("/time-off", data={"key": str(uuid4()), **days, **fields})


def press(client, path):
    return client.post(path, data={"key": str(uuid4())})


def keep_today(app, leader, promise):
    with app.app_context():
        said = ledger.Said(promise.id, TODAY, Reply.KEPT, key="kept-today", answered_at=MONDAY)
        ledger.record(db.session.get(Leader, leader.id), said, TODAY, MONDAY)
        db.session.commit()


def stored(app):
    with app.app_context():
        return db.session.query(TimeOff).one_or_none()


def test_it_is_listed_with_when_it_was_declared(client):
    assert declare(client, 1, 3).status_code == 303
    words = rows.text(client.get("/time-off"))
    assert "24 Nov 2026 to 26 Nov 2026" in words
    assert "declared on 23 Nov 2026" in words


@pytest.mark.parametrize(
    ("first", "last", "at"),
    [
        ("2026-11-24", "2026-11-23", "last"),
        ("2026-02-30", "2026-11-23", "first"),
        ("", "", "first"),
        ("2026-11-24\0", "2026-11-24", "first"),
        ("2026-11-01", "2026-11-02", "first"),
        ("2026-11-24", "9999-12-31", "last"),
        ("0001-01-01", "0001-01-01", "first"),
    ],
)
def test_impossible_dates_are_said_at_their_field(app, client, first, last, at):
    fields = {"first": first, "last": last, "key": str(uuid4())}
    response = client.post("/time-off", data=fields)
    assert response.status_code == 422
    assert f'id="{at}-error"' in response.text
    assert f'value="{first.rstrip(chr(0))}"' in response.text
    assert stored(app) is None


def test_over_kept_answers_it_asks_first_and_then_withdraws_them(app, client, dana, promise):
    keep_today(app, dana, promise)
    asked = declare(client, 0, 2)
    assert asked.status_code == 200
    assert promise.title in asked.text
    assert stored(app) is None
    fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]+)"', asked.text))
    fields = {name: fields[name] for name in ("key", "first", "last")}
    for _twice in range(2):
        assert client.post("/time-off", data={**fields, "over": "yes"}).status_code == 303
    assert stored(app) is not None
    with app.app_context():
        assert [row.reply for row in db.session.query(Answer).order_by(Answer.id)] == ["kept", None]


def test_undo_brings_the_answers_back(app, client, dana, promise):
    keep_today(app, dana, promise)
    page = client.get(declare(client, 0, 2, over="yes").location).text
    action, key = re.search(r'data-undo>.*?action="([^"]+)".*?value="([^"]+)"', page, re.S).groups()
    assert client.post(action, data={"key": key}).status_code == 303
    with app.app_context():
        latest = db.session.query(Answer).order_by(Answer.id.desc()).first()
        assert latest.reply is Reply.KEPT
    assert stored(app).withdrawn_at is not None


def test_coming_back_early_ends_it_yesterday(app, client):
    declare(client, -2, 5)
    press(client, f"/time-off/{stored(app).id}/end")
    assert stored(app).last == TODAY - timedelta(days=1)


def test_ending_what_does_not_run_is_refused(app, client):
    declare(client, 1, 5)
    assert press(client, f"/time-off/{stored(app).id}/end").status_code == 422


def test_a_page_after_an_absence_offers_the_whole_stretch(client, promise):
    words = rows.text(client.get("/time-off"))
    assert "Nothing was answered from Saturday 24 October to Sunday 22 November" in words
    assert declare(client, -30, -1).status_code == 303


def test_another_leaders_time_off_is_not_found(app, client, cleo):
    with app.app_context():
        row = TimeOff(leader_id=cleo.id, first=TODAY, last=TODAY, declared_at=MONDAY)
        db.session.add(row)
        db.session.commit()
    for way in ("withdrawal", "end"):
        assert press(client, f"/time-off/{row.id}/{way}").status_code == 404
    assert stored(app).withdrawn_at is None
