"""kept tick: what is due is sent once, when it is of use."""

from datetime import UTC, datetime, time, timedelta

from habits import reminders
from habits.db import db
from habits.models import Subscription
from habits.models.leaders import Leader
from habits.models.reminders import Outcome
from tests import cast
from tests.cli.tick.acts import EVENING, ask, promised, stored, subscribe


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


def test_a_reminder_that_cannot_be_worked_out_stops_no_other(
    dana, phone, service, ticker, clock, caplog
):
    cleo = cast.leader("Cleo")
    hers = subscribe(cleo, service.device("cleo"), clock())
    for leader in (dana, cleo):
        promised(leader)
    dana.timezone = "Mars/Olympus"
    db.session.commit()
    clock.now = EVENING
    assert ticker.run() == 1
    assert len(service.to(hers)) == 1
    assert "a reminder failed" in caplog.text
