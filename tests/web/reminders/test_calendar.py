"""The same questions as a calendar, by a private link."""

from datetime import date, timedelta

from icalendar import Calendar

from habits import time_off
from habits.db import db
from habits.models import CalendarFeed, Leader
from habits.models.reminders import Kind
from tests import cast
from tests.cast import TODAY
from tests.web.reminders.acts import PAGE, count, save, stored
from tests.web.ways import press


def test_a_feed_shows_its_link_once_and_can_be_revoked(app, signed_in):
    page = press(signed_in, "/calendars")
    link = page.text.partition('readonly value="http://localhost')[2].partition('"')[0]
    assert link.endswith(".ics")
    assert link not in signed_in.get(PAGE).text
    calendar = app.test_client().get(link)
    assert calendar.status_code == 200
    assert calendar.content_type == "text/calendar; charset=utf-8"
    press(signed_in, "/calendars")  # the same key: the link still works, and is not shown again
    assert app.test_client().get(link).status_code == 200
    press(signed_in, "/calendars", key="another-key")
    assert app.test_client().get(link).status_code == 404
    press(signed_in, "/calendars/removal")
    assert count(app, CalendarFeed) == 0


def test_a_guessed_link_is_not_found(client):
    for token in ("x", "%00", "x" * 3000, "..%2f", "é"):
        assert client.get(f"/calendars/{token}.ics").status_code == 404


def events(app, client, key="a-key-of-a-feed") -> dict:
    page = press(client, "/calendars", key=key)
    link = page.text.partition('readonly value="http://localhost')[2].partition('"')[0]
    calendar = Calendar.from_ical(app.test_client().get(link).data)
    return {event["uid"].partition("-")[0]: event for event in calendar.walk("VEVENT")}


def test_the_feed_holds_the_same_questions_at_the_same_moments(app, signed_in):
    save(signed_in, morning="yes")
    found = events(app, signed_in)
    assert set(found) == {"morning", "evening", "week"}
    for kind, row in stored(app).items():
        assert found[kind]["dtstart"].dt == row.due_at
        assert str(found[kind]["dtstart"].dt.tzinfo) == "Europe/Lisbon"
    assert found["evening"]["rrule"]["BYDAY"] == ["MO", "SU"]
    assert [alarm["action"] for alarm in found["evening"].walk("VALARM")] == ["DISPLAY"]
    assert set(events(app, signed_in, key="another-key")) == set(found)


def test_the_feed_leaves_out_what_is_off_and_days_off(app, signed_in, dana, clock):
    with app.app_context():
        time_off.declare(dana, TODAY + timedelta(days=6), TODAY + timedelta(days=8), TODAY, clock())
        db.session.commit()
    save(signed_in, week="")
    found = events(app, signed_in)
    assert set(found) == {"evening"}
    off = [one.dt.date() for one in found["evening"]["exdate"].dts] if not isinstance(
        found["evening"]["exdate"], list
    ) else [one.dts[0].dt.date() for one in found["evening"]["exdate"]]  # fmt: skip
    assert off == [date(2026, 11, 29), date(2026, 11, 30)]


def test_a_time_in_the_night_stands_on_the_next_date(app, signed_in):
    save(signed_in, evening_at="00:30", evening_days=["7"])
    evening = events(app, signed_in)["evening"]
    assert evening["rrule"]["BYDAY"] == ["MO"]
    assert evening["dtstart"].dt == stored(app)[Kind.EVENING].due_at


def test_the_feed_names_no_promise(app, signed_in, dana):
    with app.app_context():
        cast.promise(dana)
        db.session.get(Leader, dana.id).reminder_titles = True
        db.session.commit()
    page = press(signed_in, "/calendars")
    link = page.text.partition('readonly value="http://localhost')[2].partition('"')[0]
    assert "meeting" not in app.test_client().get(link).text
