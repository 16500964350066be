"""Reminders on a device: turned on and off, tried and removed."""

from datetime import UTC, datetime

import pytest

from habits import reminders, sessions, subscriptions
from habits.db import db
from habits.models import CalendarFeed, Leader, Session, Subscription
from habits.models.reminders import Kind
from tests import cast
from tests.web import rows
from tests.web.reminders.acts import PAGE, count, stored, turn_on
from tests.web.ways import press


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
    assert "this browser's" in rows.text(response).lower()
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
    assert "The test may not arrive: the push service refused it" in rows.text(signed_in.get(PAGE))


def test_tests_are_limited_and_need_a_device(signed_in, service):
    press(signed_in, "/subscriptions/tests")
    assert "Turn reminders on for this device first." in rows.text(signed_in.get(PAGE))
    turn_on(signed_in, service.device("phone"))
    statuses = [
        press(signed_in, "/subscriptions/tests", key=f"a-test-{n:04}").status_code
        for n in range(11)
    ]
    assert statuses == [303] * 10 + [429]


def test_reminders_of_a_leader_survive_no_deleted_leader(app, signed_in, dana, service):
    turn_on(signed_in, service.device("phone"))
    press(signed_in, "/calendars")
    with app.app_context():
        db.session.execute(db.delete(Leader).where(Leader.id == dana.id))
        db.session.commit()
        assert reminders.due(datetime(2027, 1, 1, tzinfo=UTC), 10) == []
    assert (count(app), count(app, CalendarFeed)) == (0, 0)
