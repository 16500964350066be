"""What is promised to mend something: owed, done, and gone once there is nothing to mend."""

from datetime import timedelta
from uuid import uuid4

import pytest

from habits import ledger
from habits.db import db
from habits.models import Commitment, Leader
from habits.trust.history import CadenceKind
from tests import cast
from tests.cast import TODAY
from tests.web import rows
from tests.web.test_answers import tap
from tests.web.test_questions import undo

pytestmark = pytest.mark.signed_in

LAPSE = {"date": TODAY.isoformat(), "nature": "choice", "told": "yes", "person": "Ben"}
TITLE = "I name Ben's part in front of all"


def post(client, path, **fields):
    return client.post(path, data={"key": str(uuid4())} | fields)


def repairs(app) -> list:
    with app.app_context():
        return db.session.query(Commitment).order_by(Commitment.id).all()


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


@pytest.mark.parametrize("of", ["promise", "lapse"])
def test_a_repair_is_promised_for_the_first_day_that_is_not_off(app, client, dana, of):
    """On a day off nothing can be answered, so there it would be lost."""
    with app.app_context():
        row = cast.promise(dana)
    off = [(TODAY + timedelta(days=n)).isoformat() for n in (1, 3)]
    post(client, "/time-off", first=off[0], last=off[1])
    if of == "promise":
        tap(client, row, "broken", repair=TITLE)
    else:
        post(client, "/lapses", **LAPSE, repair=TITLE)
    assert repairs(app)[-1].once_on == TODAY + timedelta(days=4)
    assert f"{TITLE} (Friday)" in rows.text(client.get("/"))


def test_a_repair_whose_day_is_taken_off_is_owed_no_more(app, client, dana):
    post(client, "/lapses", **LAPSE, repair=TITLE)
    assert "Repairs owed" in rows.text(client.get("/people/1"))
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    post(client, "/time-off", first=tomorrow, last=tomorrow)
    assert "Repairs owed" not in rows.text(client.get("/people/1"))


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


@pytest.fixture
def mended(client, promise):
    """A promise broken today, with a repair for tomorrow."""
    said = {"nature": "choice", "told": "yes", "note": "I left early."}
    tap(client, promise, "broken", repair=TITLE, **said)
    return promise


@pytest.mark.parametrize("reply", ["kept", "released", ""])
def test_a_repair_goes_when_its_promise_was_not_broken_after_all(app, client, mended, reply):
    assert f"Repairs owed: {TITLE} (Tuesday)" in rows.text(client.get("/"))
    response = tap(client, mended, reply)
    assert f"Its repair is taken back, too: “{TITLE}”." in rows.text(response)
    assert "Repairs owed" not in rows.text(response)
    assert rows.row(response, mended).get("data-mended") is None
    assert TITLE not in client.get("/").text
    assert [row.id for row in repairs(app)] == [mended.id]


def test_undo_of_that_brings_the_answer_and_its_repair_back(app, client, mended):
    charged = rows.balance(client.get("/"))
    tap(client, mended, "kept", headers={})
    undo(client, "/")
    page = client.get("/")
    assert rows.balance(page) == charged
    row = rows.row(page, mended, str(TODAY))
    assert (row.get("data-nature"), row.get("data-told")) == ("choice", "yes")
    assert (row.get("data-note"), row.get("data-mended")) == ("I left early.", TITLE)
    assert f"Repairs owed: {TITLE} (Tuesday)" in rows.text(page)


def test_undo_on_the_repairs_own_day_leaves_it_on_that_day(app, client, mended, clock):
    clock.advance(days=1)
    day = repairs(app)[1].once_on
    tap(client, mended, "kept", headers={})
    undo(client, "/")
    assert repairs(app)[1].once_on == day


def test_a_repair_has_no_repair_of_its_own(app, client, mended, clock):
    clock.advance(days=1)
    repair = repairs(app)[1]
    tap(client, repair, "broken", repair.once_on, repair="I try once more")
    assert len(repairs(app)) == 2


def test_a_repair_that_another_one_mends_stays(app, client, mended, clock):
    """As only a file brings it."""
    clock.advance(days=1)
    repair = repairs(app)[1]
    with app.app_context():
        cast.promise(
            db.session.get(Leader, repair.leader_id),
            "I try once more",
            kind=CadenceKind.ONCE,
            picked_on=repair.once_on,
            once_on=repair.once_on + timedelta(days=1),
            repairs_id=repair.id,
            repairs_date=repair.once_on,
        )
    assert tap(client, mended, "kept").status_code == 200
    assert repair.id in [row.id for row in repairs(app)]


def test_the_repair_of_a_kept_promise_is_never_silent(app, client, dana, mended, clock):
    """Neither the account nor the person's can be charged for what nobody is owed any more."""
    tap(client, mended, "kept")
    clock.advance(days=6)
    assert TITLE not in rows.text(client.get("/account"))
    with app.app_context():
        leader = db.session.get(Leader, dana.id)
        assert ledger.verify(leader, TODAY + timedelta(days=6)) == []


def test_a_repair_that_was_done_stays_when_its_promise_is_corrected(app, client, mended, clock):
    clock.advance(days=1)
    _promise, repair = repairs(app)
    tap(client, repair, "kept", repair.once_on)
    response = tap(client, mended, "kept")
    assert "taken back" not in rows.text(response)
    assert repair.id in [row.id for row in repairs(app)]
    assert f"repair done: “{TITLE}”" in rows.text(client.get("/account"))


def test_a_repair_answered_and_taken_back_goes_like_one_never_answered(app, client, mended, clock):
    clock.advance(days=1)
    repair = repairs(app)[1]
    tap(client, repair, "kept", repair.once_on)
    tap(client, repair, "", repair.once_on)
    tap(client, mended, "kept")
    assert [row.id for row in repairs(app)] == [mended.id]


def test_an_older_answer_that_comes_late_moves_no_repair(app, client, mended, clock):
    tap(client, mended, "kept", answered_at="2026-11-23T08:00:00Z")
    assert len(repairs(app)) == 2
    clock.advance(hours=1)
    tap(client, mended, "kept")
    tap(client, mended, "broken", answered_at="2026-11-23T09:00:00Z", repair=TITLE)
    assert len(repairs(app)) == 1


def test_more_said_of_a_broken_promise_leaves_its_repair(app, client, mended):
    response = tap(client, mended, "broken", nature="mistake")
    assert rows.row(response, mended).get("data-mended") == TITLE
    assert len(repairs(app)) == 2


def test_a_kept_answer_that_comes_long_after_refolds_without_the_repair(
    app, client, dana, mended, clock
):
    """Given offline in time, it arrives when the repair is silent and its day is fixed."""
    clock.advance(days=20)
    client.get("/")
    tap(client, mended, "kept", TODAY, answered_at="2026-11-24T08:00:00Z")
    assert len(repairs(app)) == 1
    with app.app_context():
        leader = db.session.get(Leader, dana.id)
        assert ledger.verify(leader, TODAY + timedelta(days=20)) == []


def test_what_a_promise_looks_like_after_its_repair_went_is_as_if_there_had_been_none(
    app, client, mended
):
    kept = rows.balance(tap(client, mended, "kept"))
    tap(client, mended, "broken")
    assert rows.balance(tap(client, mended, "kept")) == kept
    assert len(repairs(app)) == 1
