"""kept tick: what is due is sent once, to who can read it, if there is something to say."""

from datetime import UTC, datetime, time, timedelta

import pytest
from py_vapid import Vapid02

from habits import create_app, ledger, reminders, sessions, subscriptions, time_off
from habits.cli.tick import Ticker
from habits.db import db
from habits.models import Reminder, Session, Subscription
from habits.models.leaders import Leader
from habits.models.reminders import Kind, Outcome
from habits.reminders import Wish
from habits.trust.history import Reply
from tests import cast, databases
from tests.cast import TODAY
from tests.push_service import PushService

EVENING = datetime(2026, 11, 23, 20, 30, tzinfo=UTC)  # half past eight in Lisbon
MORNING = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 29, 18, 0, tzinfo=UTC)


@pytest.fixture
def service():
    running = PushService()
    yield running
    running.stop()


@pytest.fixture
def config(database, tmp_path, service):
    return databases.config(tmp_path, database, push_services=(service.host,))


@pytest.fixture
def app(config, clock):
    app = create_app(config, clock)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def dana(app):
    return cast.leader("Dana")


@pytest.fixture
def phone(app, dana, service, clock):
    """Dana's phone, on which reminders are on."""
    return subscribe(dana, service.device("phone"), clock())


@pytest.fixture
def ticker(app):
    ticker = Ticker(app)
    yield ticker
    ticker.post.carrier.close()


def subscribe(leader, device, now):
    token = sessions.start(leader, "Chrome on Android", now)
    db.session.flush()
    place = subscriptions.Place(device.endpoint, device.public, device.auth)
    subscriptions.keep(leader, sessions.find(token, now), place, now)
    reminders.start(leader, now)
    db.session.commit()
    return device


def ask(leader, now, **days_by_kind):
    """Ask each of these kinds on these weekdays, at its usual time, and nothing else."""
    rows = reminders.of(leader)
    wishes = [
        Wish(kind, kind in days_by_kind, reminders.time_of(leader, rows[kind]),
             days_by_kind.get(kind, []))
        for kind in reminders.ASKED
    ]  # fmt: skip
    reminders.save(leader, wishes, now)
    db.session.commit()


def promised(leader, title="I start every meeting on the minute"):
    """A daily promise, made today."""
    return cast.promise(leader, title, picked_on=TODAY)


def answer(leader, promise, now, reply=Reply.KEPT, day=TODAY):
    said = ledger.Said(promise.id, day, reply, f"key-{promise.id}-{day}-{now:%H%M}", now)
    ledger.record(leader, said, day, now)
    db.session.commit()


def stored(kind=Kind.EVENING) -> Reminder:
    db.session.expire_all()
    return db.session.scalar(db.select(Reminder).where(Reminder.kind == kind))


def test_in_the_evening_an_open_promise_is_asked_about_with_two_buttons(
    dana, phone, service, ticker, clock
):
    promise = promised(dana)
    clock.now = EVENING
    assert ticker.run() == 1
    (payload,) = service.to(phone)
    shown = payload["notification"]
    assert payload["web_push"] == 8030
    assert payload["app_badge"] == shown["app_badge"] == 1
    assert (shown["title"], shown["body"]) == ("1 promise is open", "Was it kept?")
    assert shown["navigate"] == "http://localhost/"
    assert shown["icon"].startswith("http://localhost/static/")
    assert [one["title"] for one in shown["actions"]] == ["Kept", "Broken", "In an hour"]
    sends = shown["data"]["sends"]
    assert shown["data"]["leader"] == dana.opaque
    assert sends["kept"]["url"] == "http://localhost/answers"
    assert sends["kept"]["fields"] | {"key": ""} == {
        "commitment": str(promise.id), "date": "2026-11-23", "answer": "kept", "key": ""
    }  # fmt: skip
    assert sends["kept"]["fields"]["key"] != sends["broken"]["fields"]["key"]
    assert promise.title not in str(payload)


def test_the_message_says_how_long_it_is_of_use_and_what_it_replaces(
    dana, phone, service, ticker, clock
):
    promised(dana)
    clock.now = EVENING
    ticker.run()
    headers = service.messages[0].headers
    assert headers["TTL"] == str(int(timedelta(hours=6.5).total_seconds()))  # the day ends at 3
    assert headers["Urgency"] == "high"
    assert headers["Topic"] == "evening"
    assert headers["Content-Encoding"] == "aes128gcm"


def test_nobody_is_asked_before_it_is_time_or_twice(dana, phone, service, ticker, clock):
    promised(dana)
    clock.now = EVENING - timedelta(seconds=1)
    assert ticker.run() == 0
    clock.now = EVENING
    assert ticker.run() == 1
    clock.advance(hours=3)
    assert ticker.run() == 0
    assert stored().due_at == EVENING + timedelta(days=1)
    clock.now = EVENING + timedelta(days=1)
    assert ticker.run() == 1
    assert len(service.to(phone)) == 2


def test_titles_are_shown_only_where_the_leader_wants_them(dana, phone, service, ticker, clock):
    promise = promised(dana)
    dana.reminder_titles = True
    db.session.commit()
    clock.now = EVENING
    ticker.run()
    assert service.to(phone)[0]["notification"]["title"] == promise.title


def test_several_are_answered_with_one_button_or_opened(dana, phone, service, ticker, clock):
    promises = [promised(dana, f"I do {n}") for n in range(3)]
    clock.now = EVENING
    ticker.run()
    shown = service.to(phone)[0]["notification"]
    assert (shown["title"], shown["body"]) == ("3 promises are open", "Were they kept?")
    assert [one["title"] for one in shown["actions"]][:2] == ["All kept", "Open"]
    assert shown["data"]["sends"]["kept"]["fields"]["promises"] == " ".join(
        f"{one.id}:2026-11-23" for one in promises
    )


def test_what_is_still_open_from_yesterday_counts(dana, phone, service, ticker, clock):
    promised(dana)
    clock.now = EVENING + timedelta(days=1)
    ticker.run()
    assert service.to(phone)[0]["notification"]["title"] == "2 promises are open"


def test_with_nothing_open_nothing_is_sent_and_it_is_said_why(dana, phone, service, ticker, clock):
    promise = promised(dana)
    answer(dana, promise, clock())
    clock.now = EVENING
    assert ticker.run() == 0
    assert service.messages == []
    assert stored().came_to is Outcome.NOTHING
    clock.now = EVENING + timedelta(days=1)
    assert ticker.run() == 1


def test_it_is_decided_when_it_is_sent(dana, phone, service, ticker, clock):
    promise = promised(dana)
    clock.now = EVENING
    answer(dana, promise, clock(), Reply.BROKEN)
    assert ticker.run() == 0


def test_during_time_off_it_is_quiet(dana, phone, service, ticker, clock):
    promised(dana)
    time_off.declare(dana, TODAY, TODAY + timedelta(days=6), TODAY, clock())
    db.session.commit()
    ask(dana, clock(), morning=[2], evening=[1], week=[7])
    for instant in (EVENING, MORNING, SUNDAY):
        clock.now = instant
        assert ticker.run() == 0
    assert {stored(kind).came_to for kind in reminders.ASKED} == {Outcome.OFF}
    assert service.messages == []


def test_the_morning_names_what_is_due(dana, phone, service, ticker, clock):
    promised(dana)
    ask(dana, clock(), morning=[2])
    clock.now = MORNING
    assert ticker.run() == 1
    shown = service.to(phone)[0]["notification"]
    assert (shown["title"], shown["body"]) == ("What will you keep today?", "1 promise for today.")
    assert shown["tag"] == "morning"


def test_the_week_is_read_where_anything_was_due_in_it(dana, phone, service, ticker, clock):
    ask(dana, clock(), week=[7])
    clock.now = SUNDAY
    assert ticker.run() == 0
    assert stored(Kind.WEEK).came_to is Outcome.NOTHING
    promised(dana)
    clock.now = SUNDAY + timedelta(days=7)
    assert ticker.run() == 1
    shown = service.to(phone)[0]["notification"]
    assert shown["navigate"] == "http://localhost/weeks/2026-W49"


def test_one_nudge_comes_later_and_offers_no_other(dana, phone, service, ticker, clock):
    promised(dana)
    clock.now = EVENING
    ticker.run()
    reminders.nudge(dana, reminders.Later.HOUR, clock(), clock())
    db.session.commit()
    clock.advance(minutes=59)
    assert ticker.run() == 0
    clock.advance(minutes=1)
    assert ticker.run() == 1
    shown = service.to(phone)[1]["notification"]
    assert shown["tag"] == "evening"
    assert [one["action"] for one in shown["actions"]] == ["kept", "broken"]
    clock.advance(hours=1)
    assert ticker.run() == 0


def test_each_device_gets_its_own_copy(dana, phone, service, ticker, clock):
    laptop = subscribe(dana, service.device("laptop"), clock())
    promised(dana)
    clock.now = EVENING
    ticker.run()
    copies = [service.to(device) for device in (phone, laptop)]
    assert copies[0] == copies[1]
    assert len(service.messages) == 2


def test_a_device_that_is_signed_out_or_left_alone_for_long_is_reminded_no_more(
    dana, phone, service, ticker, clock
):
    promised(dana)
    clock.now = EVENING + timedelta(days=91)
    assert ticker.run() == 0
    sessions.end_all(dana)
    db.session.commit()
    assert db.session.scalar(db.select(Subscription)) is None
    assert service.messages == []


def test_without_a_device_it_sleeps_until_one_is_turned_on(dana, phone, service, ticker, clock):
    promised(dana)
    sessions.end_all(dana)
    db.session.commit()
    clock.now = EVENING
    ticker.run()
    assert stored().due_at is None
    clock.now = EVENING + timedelta(hours=20)
    again = subscribe(dana, service.device("another"), clock())
    clock.now = EVENING + timedelta(days=1)
    assert ticker.run() == 1
    assert len(service.to(again)) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_forgotten_and_its_session_knows(
    dana, phone, service, ticker, clock, status
):
    promised(dana)
    service.replies.append((status, {}))
    clock.now = EVENING
    assert ticker.run() == 0
    assert db.session.scalar(db.select(Subscription)) is None
    assert db.session.scalar(db.select(Session)).reminded == subscriptions.LOST
    assert stored().came_to is Outcome.GONE


@pytest.mark.parametrize(
    ("status", "said", "waits"),
    [
        (429, "120", timedelta(minutes=2)),
        (503, "3600", timedelta(hours=1)),
        (500, None, timedelta(minutes=5)),
        (429, "Mon, 23 Nov 2026 20:40:00 GMT", timedelta(minutes=10)),
        (429, "0", timedelta(minutes=5)),
        (503, "soon", timedelta(minutes=5)),
        (503, "9" * 30, timedelta(minutes=5)),
    ],
)
def test_a_busy_push_service_is_left_alone_as_long_as_it_asks(
    dana, phone, service, ticker, clock, status, said, waits
):
    promised(dana)
    service.replies.append((status, {"Retry-After": said} if said else {}))
    clock.now = EVENING
    assert ticker.run() == 0
    assert stored().came_to is Outcome.WAITING
    clock.now = EVENING + waits - timedelta(seconds=1)
    assert ticker.run() == 0
    assert len(service.messages) == 1
    clock.now = EVENING + waits
    assert ticker.run() == 1
    clock.advance(hours=2)
    assert ticker.run() == 0
    assert len(service.messages) == 2


def test_what_waited_is_decided_anew_and_dropped_once_it_is_late(
    dana, phone, service, ticker, clock
):
    promise = promised(dana)
    service.replies.append((503, {"Retry-After": "600"}))
    clock.now = EVENING
    ticker.run()
    answer(dana, promise, clock())
    clock.advance(minutes=10)
    assert ticker.run() == 0
    service.replies.append((503, {"Retry-After": "86400"}))
    clock.now = EVENING + timedelta(days=1)
    ticker.run()
    clock.now = EVENING + timedelta(days=2) - timedelta(seconds=1)
    assert ticker.run() == 0
    assert len(service.messages) == 2


@pytest.mark.parametrize("status", [400, 401, 403, 413, 302])
def test_a_refusal_is_for_the_host_and_keeps_the_device(
    dana, phone, service, ticker, clock, caplog, status
):
    promised(dana)
    service.replies.append((status, {"Location": f"http://{service.host}/elsewhere"}))
    clock.now = EVENING
    assert ticker.run() == 0
    assert str(status) in caplog.text
    assert phone.endpoint not in caplog.text
    assert stored().came_to is Outcome.REFUSED
    assert len(service.messages) == 1
    assert db.session.scalar(db.select(Subscription)) is not None


def test_a_service_that_cannot_be_reached_is_tried_again(dana, phone, service, ticker, clock):
    promised(dana)
    service.stop()
    clock.now = EVENING
    assert ticker.run() == 0
    assert stored().came_to is Outcome.WAITING


def test_after_a_night_without_a_ticker_only_what_is_of_use_is_sent(
    dana, phone, service, ticker, clock
):
    promised(dana)
    clock.now = EVENING + timedelta(hours=6)
    assert ticker.run() == 1  # the same evening, in Lisbon half past two
    clock.now = EVENING + timedelta(days=1, hours=8)
    assert ticker.run() == 0
    assert stored().came_to is Outcome.LATE
    clock.now = EVENING + timedelta(days=9, minutes=1)
    assert ticker.run() == 1  # one for all that were missed
    assert len(service.messages) == 2
    assert stored().due_at == EVENING + timedelta(days=10)


def test_moving_the_time_or_the_zone_moves_what_is_due_and_asks_once_a_day(
    dana, phone, service, ticker, clock
):
    promised(dana)
    ask(dana, clock(), evening=[*range(1, 8)])
    dana.ask_at = time(21)
    reminders.reckon(dana, clock())
    assert stored().due_at == EVENING + timedelta(minutes=30)
    db.session.commit()
    clock.now = EVENING + timedelta(minutes=30)
    assert ticker.run() == 1
    leader = db.session.get(Leader, dana.id)
    leader.timezone = "America/New_York"  # where it is four in the afternoon of the same day
    reminders.reckon(leader, clock())
    db.session.commit()
    assert stored().due_at == datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


def test_of_two_that_see_the_same_moment_one_takes_it(dana, phone, clock):
    (seen,) = reminders.due(EVENING, 10)
    assert reminders.claim(*seen, EVENING) is not None
    db.session.commit()
    assert reminders.claim(*seen, EVENING) is None


def test_one_fault_stops_no_other_reminder(app, dana, phone, service, ticker, clock, monkeypatch):
    cleo = cast.leader("Cleo")
    hers = subscribe(cleo, service.device("cleo"), clock())
    for leader in (dana, cleo):
        promised(leader)
    db.session.execute(
        db.update(Subscription).where(Subscription.leader_id == dana.id).values(p256dh=b"broken")
    )
    db.session.commit()
    clock.now = EVENING
    for _ in range(2):
        ticker.run_safely(lambda: False)
    assert len(service.to(hers)) == 1


def test_the_vapid_header_is_kepts_own(app, dana, phone, service, ticker, clock):
    promised(dana)
    clock.now = EVENING
    ticker.run()
    header = service.messages[0].headers["Authorization"]
    assert Vapid02.verify(header.replace(", ", ","))  # RFC 8292 has the space
    assert header.endswith(f"k={app.extensions['vapid'].public}")
