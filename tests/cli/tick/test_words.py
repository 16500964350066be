"""kept tick: what a reminder says, if there is something to say."""

from datetime import timedelta

from habits import reminders, time_off
from habits.db import db
from habits.models.commitments import TITLE_LENGTH
from habits.models.reminders import Kind, Outcome
from habits.trust.history import Reply
from tests.cast import TODAY
from tests.cli.tick.acts import EVENING, MORNING, SUNDAY, answer, ask, promised, stored


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


def test_titles_are_shown_only_where_the_leader_wants_them(dana, phone, service, ticker, clock):
    promise = promised(dana)
    dana.reminder_titles = True
    db.session.commit()
    clock.now = EVENING
    ticker.run()
    assert service.to(phone)[0]["notification"]["title"] == promise.title


def test_titles_of_any_script_and_length_fit_a_message(dana, phone, service, ticker, clock):
    for _ in range(4):
        promised(dana, "\N{GRINNING FACE}" * TITLE_LENGTH)
    dana.reminder_titles = True
    db.session.commit()
    clock.now = EVENING + timedelta(days=3)
    assert ticker.run() == 1
    shown = service.to(phone)[0]["notification"]
    assert shown["body"].count("\N{GRINNING FACE}") == 3 * TITLE_LENGTH


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
