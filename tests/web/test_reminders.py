"""Reminders in the settings: when, how, on which device, and as a calendar."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from icalendar import Calendar

from habits import create_app, reminders, sessions, subscriptions, time_off
from habits.db import db
from habits.models import CalendarFeed, Leader, Reminder, Session, Subscription
from habits.models.reminders import Kind, Outcome
from tests import cast, databases
from tests.cast import TODAY
from tests.push_service import PushService
from tests.web import rows
from tests.web.ways import press

PAGE = "/settings/reminders"
WISH = {
    "morning_at": "07:30",
    "morning_days": ["1", "2", "3", "4", "5"],
    "evening": "yes",
    "evening_at": "21:15",
    "evening_days": ["1", "7"],
    "week": "yes",
    "week_at": "18:00",
    "week_day": "7",
}


@pytest.fixture
def service():
    running = PushService()
    yield running
    running.stop()


@pytest.fixture
def app(database, tmp_path, service, clock):
    config = databases.config(tmp_path, database, push_services=(service.host,))
    app = create_app(config, clock)
    app.test_client_class = cast.Browser
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def signed_in(client, dana):
    cast.sign_in(client, dana)
    return client


def save(client, key="a-key-of-reminders", **changes):
    return client.post(PAGE, data=WISH | {"key": key} | changes)


def turn_on(client, device, key="a-key-of-a-device", **more):
    return client.post("/subscriptions", data=device.subscription() | {"key": key} | more)


def stored(app) -> dict:
    with app.app_context():
        return {row.kind: row for row in db.session.scalars(db.select(Reminder))}


def count(app, model=Subscription) -> int:
    with app.app_context():
        return db.session.query(model).count()


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


def test_turning_on_is_for_this_device_and_shows_it(app, signed_in, service):
    phone = service.device("phone")
    assert turn_on(signed_in, phone).status_code == 303
    page = signed_in.get(PAGE)
    words = rows.text(page)
    assert "Reminders are on for this device." in words
    assert "Test phone" in words
    assert 'data-here="on"' in page.text
    assert f'data-reminded="{sessions.digest(phone.endpoint)}"' in page.text
    assert stored(app)[Kind.EVENING].due_at == datetime(2026, 11, 23, 20, 30, tzinfo=UTC)
    assert turn_on(signed_in, phone).status_code == 303
    assert count(app) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"endpoint": "https://evil.example/push/dana"},
        {"endpoint": "http://169.254.169.254/latest"},
        {"endpoint": ""},
        {"p256dh": "AAAA"},
        {"auth": ""},
        {"endpoint": "\x00"},
    ],
)
def test_a_subscription_that_cannot_be_is_refused_in_words(app, signed_in, service, changes):
    response = turn_on(signed_in, service.device("phone"), **changes)
    assert response.status_code == 422
    assert "This browser's" in rows.text(response)
    assert count(app) == 0


def test_a_mended_subscription_says_nothing_of_itself(app, signed_in, service):
    turn_on(signed_in, service.device("phone"))
    signed_in.get(PAGE)
    turn_on(signed_in, service.device("moved"), key="a-key-of-mending", quietly="yes")
    assert "toast" not in signed_in.get(PAGE).text.partition('id="flash"')[2].partition("</div>")[0]
    with app.app_context():
        assert db.session.scalar(db.select(Subscription)).endpoint.endswith("/moved")


def test_a_browser_that_changed_hands_is_its_new_leaders(app, signed_in, service, cleo):
    turn_on(signed_in, service.device("shared"))
    other = app.test_client()
    cast.sign_in(other, cleo)
    turn_on(other, service.device("shared"))
    with app.app_context():
        assert db.session.scalar(db.select(Subscription)).leader_id == cleo.id


def test_a_leader_has_at_most_twenty_devices(app, signed_in, dana, service, clock):
    with app.app_context():
        for number in range(subscriptions.MOST):
            token = sessions.start(dana, f"Phone {number}", clock())
            db.session.flush()
            place = subscriptions.Place(f"https://x/{number}", b"", b"")
            subscriptions.keep(dana, sessions.find(token, clock()), place, clock())
        db.session.commit()
    response = turn_on(signed_in, service.device("one more"))
    assert response.status_code == 422
    response = turn_on(signed_in, service.device("phone"))
    assert "20 devices at most" in rows.text(response)


def test_signing_out_ends_it_and_so_does_turning_off(app, signed_in, service):
    turn_on(signed_in, service.device("phone"))
    assert press(signed_in, "/subscriptions/removal").status_code == 303
    assert count(app) == 0
    assert "data-reminded" not in signed_in.get(PAGE).text
    turn_on(signed_in, service.device("phone"), key="another-key")
    press(signed_in, "/sign-out")
    assert count(app) == 0


def test_a_device_can_be_removed_from_another(app, signed_in, dana, service, clock):
    phone = app.test_client()
    cast.sign_in(phone, dana)
    turn_on(phone, service.device("phone"))
    with app.app_context():
        row = db.session.scalar(db.select(Subscription.id))
    assert press(signed_in, f"/subscriptions/{row}/removal").status_code == 303
    assert count(app) == 0
    with app.app_context():
        assert {row.reminded for row in db.session.scalars(db.select(Session))} == {None}
    assert press(signed_in, f"/subscriptions/{row}/removal").status_code == 404


def test_a_test_is_sent_and_what_became_of_it_is_said(app, signed_in, service):
    phone = service.device("phone")
    turn_on(signed_in, phone)
    press(signed_in, "/subscriptions/tests")
    (payload,) = service.to(phone)
    assert payload["notification"]["navigate"] == "http://localhost/settings/reminders"
    assert service.messages[0].headers["TTL"] == "300"
    words = rows.text(signed_in.get(PAGE))
    assert "It should be here within a minute." in words
    assert "Last: today, 6:00" in words
    press(signed_in, "/subscriptions/tests")
    assert len(service.messages) == 1  # the same key


def test_a_test_that_was_refused_says_why(signed_in, service):
    turn_on(signed_in, service.device("phone"))
    service.replies.append((403, {}))
    press(signed_in, "/subscriptions/tests")
    assert "It did not go: the push service refused it" in rows.text(signed_in.get(PAGE))


def test_tests_are_limited_and_need_a_device(signed_in, service):
    press(signed_in, "/subscriptions/tests")
    assert "Turn reminders on for this device first." in rows.text(signed_in.get(PAGE))
    turn_on(signed_in, service.device("phone"))
    statuses = [
        press(signed_in, "/subscriptions/tests", key=f"a-test-{n:04}").status_code
        for n in range(11)
    ]
    assert statuses == [303] * 10 + [429]


def test_what_became_of_the_last_one_is_shown(app, signed_in, service, clock):
    turn_on(signed_in, service.device("phone"))
    with app.app_context():
        row = db.session.scalar(db.select(Reminder).where(Reminder.kind == Kind.EVENING))
        row.tried_at, row.came_to = clock() - timedelta(days=1), Outcome.NOTHING
        db.session.commit()
    assert "Last: yesterday, 6:00" in rows.text(signed_in.get(PAGE))
    assert "there was nothing to say" in rows.text(signed_in.get(PAGE))


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
    assert "You are asked again today, 9:00" in rows.text(signed_in.get("/"))


def test_late_in_the_evening_there_is_no_tonight(signed_in, clock):
    clock.now = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
    assert "Tonight" not in rows.text(signed_in.get("/nudges/new"))
    response = press(signed_in, "/nudges", later="tonight")
    assert response.status_code == 422
    assert "In an hour is the latest." in rows.text(response)
    assert press(signed_in, "/nudges", later="never").status_code == 422


def test_an_hour_counts_from_the_tap_however_late_it_arrives(app, signed_in, clock):
    said = {"answered_at": "2026-11-23T12:00:00Z", "sent_at": "2026-11-23T12:20:00Z"}
    press(signed_in, "/nudges", later="hour", **said)
    assert stored(app)[Kind.NUDGE].due_at == clock() + timedelta(minutes=40)


def test_a_feed_shows_its_link_once_and_can_be_revoked(app, signed_in):
    page = press(signed_in, "/calendars")
    link = page.text.partition('readonly value="http://localhost')[2].partition('"')[0]
    assert link.endswith(".ics")
    assert link not in signed_in.get(PAGE).text
    calendar = app.test_client().get(link)
    assert (calendar.status_code, calendar.mimetype) == (200, "text/calendar")
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


def test_a_reminded_device_finds_the_way_to_later_on_today(app, signed_in, dana, service):
    with app.app_context():
        cast.promise(dana)
    assert "/nudges/new" not in signed_in.get("/").text
    turn_on(signed_in, service.device("phone"))
    assert "/nudges/new" in signed_in.get("/").text


def test_reminders_of_a_leader_survive_no_deleted_leader(app, signed_in, dana, service):
    turn_on(signed_in, service.device("phone"))
    press(signed_in, "/calendars")
    with app.app_context():
        db.session.execute(db.delete(Leader).where(Leader.id == dana.id))
        db.session.commit()
        assert reminders.due(datetime(2027, 1, 1, tzinfo=UTC), 10) == []
    assert (count(app), count(app, CalendarFeed)) == (0, 0)
