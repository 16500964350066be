"""kept tick: each device gets its copy, and its push service is heeded."""

from datetime import timedelta

import pytest
from py_vapid import Vapid02

from habits import sessions, subscriptions
from habits.db import db
from habits.models import Session, Subscription
from habits.models.reminders import Outcome
from tests.cli.tick.acts import EVENING, SUNDAY, answer, promised, stored, subscribe


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


def test_who_is_asked_two_things_at_once_has_the_second_wait_as_well(
    dana, phone, service, ticker, clock
):
    promised(dana)
    service.replies.append((429, {"Retry-After": "120"}))
    clock.now = SUNDAY + timedelta(hours=3)  # the week's question at six, the evening's later
    assert ticker.run() == 0
    assert len(service.messages) == 1
    clock.advance(minutes=2)
    assert ticker.run() == 1


def test_a_question_that_waits_is_not_lost_over_the_next(dana, phone, service, ticker, clock):
    promised(dana)
    service.replies.append((429, {"Retry-After": str(int(timedelta(hours=3).total_seconds()))}))
    clock.now = SUNDAY
    assert ticker.run() == 0
    clock.advance(hours=3)
    assert ticker.run() == 2
    titles = {payload["notification"]["title"] for payload in service.to(phone)[1:]}
    assert titles == {"Your week is ready to read", "4 promises are open"}


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


def test_the_vapid_header_is_kepts_own(app, dana, phone, service, ticker, clock):
    promised(dana)
    clock.now = EVENING
    ticker.run()
    header = service.messages[0].headers["Authorization"]
    assert Vapid02.verify(header.replace(", ", ","))  # RFC 8292 has the space
    assert header.endswith(f"k={app.extensions['vapid'].public}")
