"""When a leader is asked: shown, saved, refused and moved."""

from datetime import UTC, datetime, time, timedelta

import pytest

from habits.db import db
from habits.models import Leader, Reminder
from habits.models.reminders import Kind, Outcome
from tests import cast
from tests.web import rows
from tests.web.reminders.acts import PAGE, WISH, save, stored, turn_on
from tests.web.ways import press


def test_a_new_leader_finds_the_evening_that_picking_asked_for(app, client, dana):
    with app.app_context():
        db.session.get(Leader, dana.id).ask_at = time(19, 45)
        db.session.commit()
    cast.sign_in(client, dana)
    page = client.get(PAGE).text
    assert 'name="evening_at" value="19:45"' in page
    assert 'name="evening" value="yes" checked' in page
    assert 'name="morning" value="yes">' in page
    assert stored(app) == {}


def test_times_and_days_are_saved_and_shown_again_with_what_comes_next(app, signed_in):
    assert save(signed_in).status_code == 303
    found = stored(app)
    assert found[Kind.MORNING].due_at is None
    assert found[Kind.EVENING].due_at == datetime(2026, 11, 23, 21, 15, tzinfo=UTC)
    assert found[Kind.WEEK].due_at == datetime(2026, 11, 29, 18, 0, tzinfo=UTC)
    with app.app_context():
        assert db.session.scalar(db.select(Leader)).ask_at == time(21, 15)
    words = rows.text(signed_in.get(PAGE))
    assert "Next: today, 9:15" in words
    assert "Next: Sunday, 6:00" in words


@pytest.mark.parametrize(
    ("field", "value"),
    [(f"{kind}_at", bad) for kind in ("morning", "evening", "week") for bad in ("", "25:00", "x")]
    + [("evening_days", bad) for bad in ([], ["8"], ["x"], ["٣"])]
    + [("week_day", bad) for bad in ("", "0", "8", "9" * 400)]
    + [("evening", "perhaps"), ("titles", "\x00")],
)
def test_what_cannot_be_is_refused_at_its_field(app, signed_in, field, value):
    response = save(signed_in, **{"morning_at": "06:10"} | {field: value})
    assert response.status_code == 422
    assert 'class="error"' in response.text
    if field != "morning_at":
        assert 'value="06:10"' in response.text
    assert stored(app) == {}


def test_unknown_fields_and_a_missing_key_are_a_400(signed_in):
    assert save(signed_in, admin="1").status_code == 400
    assert signed_in.post(PAGE, data=WISH).status_code == 400


def test_a_repeat_changes_nothing_and_another_body_is_refused(app, signed_in):
    save(signed_in)
    save(signed_in, key="another-key", evening_at="20:00")
    assert save(signed_in).status_code == 303
    with app.app_context():
        assert db.session.scalar(db.select(Leader)).ask_at == time(20)
    assert save(signed_in, evening_at="19:00").status_code == 409


def test_moving_to_another_zone_moves_what_is_due(app, signed_in):
    save(signed_in)
    press(signed_in, "/settings/time-zone", timezone="Asia/Tokyo")
    assert stored(app)[Kind.EVENING].due_at == datetime(2026, 11, 29, 12, 15, tzinfo=UTC)


def test_what_became_of_the_last_one_is_shown(app, signed_in, service, clock):
    turn_on(signed_in, service.device("phone"))
    with app.app_context():
        row = db.session.scalar(db.select(Reminder).where(Reminder.kind == Kind.EVENING))
        row.tried_at, row.came_to = clock() - timedelta(days=1), Outcome.NOTHING
        db.session.commit()
    assert "Last: yesterday, 6:00" in rows.text(signed_in.get(PAGE))
    assert "there was nothing to say" in rows.text(signed_in.get(PAGE))
