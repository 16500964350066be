"""Asked later: in an hour or tonight, once."""

from datetime import UTC, datetime, timedelta

from habits.models.reminders import Kind
from tests import cast
from tests.web import rows
from tests.web.reminders.acts import stored, turn_on
from tests.web.ways import press


def test_later_is_in_an_hour_or_tonight_and_once(app, signed_in, clock):
    page = rows.text(signed_in.get("/nudges/new"))
    assert "Tonight at 9:00" in page
    press(signed_in, "/nudges", later="hour")
    assert stored(app)[Kind.NUDGE].due_at == clock() + timedelta(hours=1)
    clock.advance(minutes=5)
    press(signed_in, "/nudges", later="hour")  # the same key
    assert stored(app)[Kind.NUDGE].due_at == clock() + timedelta(minutes=55)
    press(signed_in, "/nudges", later="tonight", key="another-key")
    assert stored(app)[Kind.NUDGE].due_at == datetime(2026, 11, 23, 21, tzinfo=UTC)
    assert "You will be asked again: today, 9:00" in rows.text(signed_in.get("/"))


def test_late_in_the_evening_there_is_no_tonight(signed_in, clock):
    clock.now = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
    assert "Tonight" not in rows.text(signed_in.get("/nudges/new"))
    response = press(signed_in, "/nudges", later="tonight")
    assert response.status_code == 422
    assert "Choose “In an hour” instead." in rows.text(response)
    assert press(signed_in, "/nudges", later="never").status_code == 422


def test_an_hour_counts_from_the_tap_however_late_it_arrives(app, signed_in, clock):
    said = {"answered_at": "2026-11-23T12:00:00Z", "sent_at": "2026-11-23T12:20:00Z"}
    press(signed_in, "/nudges", later="hour", **said)
    assert stored(app)[Kind.NUDGE].due_at == clock() + timedelta(minutes=40)


def test_a_reminded_device_finds_the_way_to_later_on_today(app, signed_in, dana, service):
    with app.app_context():
        cast.promise(dana)
    assert "/nudges/new" not in signed_in.get("/").text
    turn_on(signed_in, service.device("phone"))
    assert "/nudges/new" in signed_in.get("/").text
