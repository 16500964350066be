"""What is promised to mend a lapse: owed, done, and gone with a lapse that is taken back."""

from datetime import timedelta
from uuid import uuid4

import pytest

from habits.db import db
from habits.models import Commitment
from tests import cast
from tests.cast import TODAY
from tests.web import rows
from tests.web.test_questions import undo

pytestmark = pytest.mark.signed_in

LAPSE = {"date": TODAY.isoformat(), "nature": "choice", "told": "yes", "person": "Ben"}
TITLE = "I name Ben's part in front of all"


def post(client, path, **fields):
    return client.post(path, data={"key": str(uuid4())} | fields)


def repairs(app) -> list:
    with app.app_context():
        return db.session.query(Commitment).all()


def test_a_lapse_can_carry_a_repair_that_is_owed_and_then_done(app, client, dana, clock):
    fields = {
        "date": TODAY.isoformat(),
        "nature": "choice",
        "told": "yes",
        "person": "Ben",
        "repair": "I name Ben's part in front of all",
    }
    assert post(client, "/lapses", **fields).status_code == 303
    lapsed = rows.balance(client.get("/"))
    assert "Repairs owed: I name Ben's part in front of all (Tuesday)" in rows.text(client.get("/"))
    assert "Repairs owed" in rows.text(client.get("/people/1"))
    assert "1 repair owed" in rows.text(client.get("/people"))
    clock.advance(days=1)
    page = client.get("/")
    assert "repair of a lapse · for Ben" in rows.text(page)
    with app.app_context():
        row = db.session.query(Commitment).one()
        assert (row.pillar.value, row.once_on) == ("character", TODAY + timedelta(days=1))
    kept = {
        "commitment": str(row.id),
        "date": row.once_on.isoformat(),
        "answer": "kept",
        "answered_at": "2026-11-24T18:00:00Z",
    }
    assert post(client, "/answers", **kept).status_code == 303
    assert "Repairs owed" not in rows.text(client.get("/people/1"))
    assert "repair done: “I name Ben's part in front of all”" in rows.text(client.get("/account"))
    assert rows.balance(client.get("/")) > lapsed


def test_the_repair_of_a_lapse_changes_nothing_that_was_charged(app, client, dana):
    fields = {"date": TODAY.isoformat(), "nature": "choice", "told": "yes"}
    post(client, "/lapses", **fields)
    charged = rows.balance(client.get("/account"))
    other = app.test_client()
    with app.app_context():
        eve = cast.leader("Eve")
    cast.sign_in(other, eve)
    post(other, "/lapses", **fields, repair="I apologise")
    assert rows.balance(other.get("/account")) == charged


def test_a_repair_too_long_is_said_at_its_field(client):
    fields = {"date": TODAY.isoformat(), "nature": "choice", "told": "yes"}
    response = post(client, "/lapses", **fields, repair="x" * 121)
    assert response.status_code == 422
    assert 'id="lapse-repair-error"' in response.text


def test_a_lapse_taken_back_takes_its_repair_along_and_undo_brings_both(app, client):
    post(client, "/lapses", **LAPSE, repair=TITLE)
    charged = rows.balance(client.get("/"))
    post(client, "/lapses/1/removal")
    assert repairs(app) == []
    undo(client, "/account")
    assert rows.balance(client.get("/")) == charged
    (again,) = repairs(app)
    assert (again.title, again.once_on) == (TITLE, TODAY + timedelta(days=1))
    assert f"Repairs owed: {TITLE} (Tuesday)" in rows.text(client.get("/"))
    post(client, "/lapses/1/removal")
    assert f"taken back, and so is its repair: “{TITLE}”." in rows.text(client.get("/account"))


def test_a_repair_that_was_done_stays_when_its_lapse_is_taken_back(app, client, clock):
    post(client, "/lapses", **LAPSE, repair=TITLE)
    clock.advance(days=1)
    (row,) = repairs(app)
    post(client, "/answers", commitment=row.id, date=row.once_on.isoformat(), answer="kept")
    post(client, "/lapses/1/removal")
    assert "The lapse is taken back." in rows.text(client.get("/account"))
    assert [each.id for each in repairs(app)] == [row.id]
