"""Time off: where it may lie, what it withdraws, and the whole stretch of an absence."""

from datetime import timedelta

import pytest

from habits import absences, ledger, time_off
from habits.book import whole_book
from habits.db import db
from habits.models import Answer, Lapse, Leader
from habits.problems import Refused, Unknown
from habits.trust.history import Nature, Reply
from tests import cast
from tests.cast import TODAY
from tests.clock import MONDAY


def ago(days):
    return TODAY - timedelta(days=days)


@pytest.fixture
def leader(app, dana):
    with app.app_context():
        yield db.session.get(Leader, dana.id)


@pytest.fixture
def promise(leader):
    return cast.promise(leader, picked_on=ago(40))


def say(leader, promise, day, reply=Reply.KEPT, today=None, key=None):
    """Answer as of that very day, unless `today` says when."""
    today = today or day
    at = MONDAY - (TODAY - today)
    said = ledger.Said(promise.id, day, reply, key=key or f"key-{day}", answered_at=at)
    ledger.record(leader, said, today, at)


def live(leader, promise, first, last):
    """Keep the promise on each day from `first` to `last` days ago."""
    for days in range(first, last - 1, -1):
        say(leader, promise, ago(days))


def declare(leader, first, last, today=TODAY):
    return time_off.declare(leader, first, last, today, MONDAY - (TODAY - today))


def balance(leader, today=TODAY):
    return whole_book(leader, today).state.balance


def test_ahead_it_makes_nothing_due(leader, promise):
    declare(leader, TODAY, TODAY + timedelta(days=3))
    assert whole_book(leader, TODAY).by_date[TODAY].promises == ()


def test_it_reaches_back_seven_days_and_no_further(leader, promise):
    live(leader, promise, 40, 8)
    assert declare(leader, ago(7), ago(7))
    with pytest.raises(Refused) as refused:
        declare(leader, ago(8), ago(8))
    assert refused.value.field == "first"


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [(0, -1, "last"), (0, 367, "last"), (-8, 500, "last")],
    ids=["ends before it begins", "more than a year ahead", "far too long"],
)
def test_odd_ranges_are_refused(leader, promise, first, last, field):
    with pytest.raises(Refused) as refused:
        declare(leader, TODAY + timedelta(days=first), TODAY + timedelta(days=last))
    assert refused.value.field == field


def test_over_a_broken_promise_it_is_refused(leader, promise):
    say(leader, promise, ago(2), Reply.BROKEN)
    with pytest.raises(Refused, match="broken"):
        declare(leader, ago(3), TODAY)


def test_a_broken_answer_that_was_taken_back_is_no_hindrance(leader, promise):
    say(leader, promise, ago(2), Reply.BROKEN)
    say(leader, promise, ago(2), None, today=ago(1), key="taken-back")
    assert declare(leader, ago(2), ago(2))


def test_over_a_lapse_it_is_refused(leader, promise):
    lapse = Lapse(
        leader_id=leader.id, date=ago(1), nature=Nature.CHOICE, told=False, recorded_at=MONDAY
    )
    db.session.add(lapse)
    db.session.flush()
    with pytest.raises(Refused, match="lapse"):
        declare(leader, ago(1), TODAY)


def test_over_kept_answers_it_asks_first_and_changes_nothing(leader, promise):
    say(leader, promise, ago(1))
    with pytest.raises(time_off.Answered) as asked:
        declare(leader, ago(2), TODAY)
    assert [answer.date for answer in asked.value.answers] == [ago(1)]
    assert time_off.of(leader) == []


def test_then_it_withdraws_them(leader, promise):
    say(leader, promise, ago(1))
    time_off.declare_over_answers(leader, ago(2), TODAY, TODAY, MONDAY, "the-key")
    book = whole_book(leader, TODAY)
    assert book.answers[promise.id, ago(1)].reply is None
    assert book.plan.stray_answers() == ()


def test_withdrawing_it_brings_the_answers_back(leader, promise):
    say(leader, promise, ago(1))
    before = balance(leader)
    row = time_off.declare_over_answers(leader, ago(2), TODAY, TODAY, MONDAY, "the-key")
    assert balance(leader) != before
    time_off.withdraw(leader, row, TODAY, MONDAY)
    assert balance(leader) == before
    assert db.session.query(Answer).count() == 3


def test_days_that_are_off_already_are_refused(leader, promise):
    declare(leader, TODAY, TODAY + timedelta(days=5))
    with pytest.raises(Refused):
        declare(leader, TODAY + timedelta(days=1), TODAY + timedelta(days=2))


def test_coming_back_early_makes_today_due_again(leader, promise):
    row = declare(leader, ago(3), TODAY + timedelta(days=5))
    time_off.end(row, TODAY)
    assert row.last == ago(1)
    assert len(whole_book(leader, TODAY).by_date[TODAY].promises) == 1
    with pytest.raises(Refused):
        time_off.end(row, TODAY)


def test_what_touches_fixed_days_stays(leader, promise):
    row = declare(leader, ago(12), ago(10), today=ago(12))
    with pytest.raises(Refused):
        time_off.withdraw(leader, row, TODAY, MONDAY)


def test_on_return_an_absence_is_taken_off_as_a_whole(leader, promise):
    live(leader, promise, 40, 25)
    before = balance(leader, ago(25))
    assert absences.wholly_silent_stretch(leader, TODAY) == (ago(24), ago(1))
    declare(leader, ago(24), ago(1))
    assert ledger.verify(leader, TODAY) == []
    assert whole_book(leader, TODAY).before.balance == before


@pytest.mark.parametrize(
    ("first", "last"), [(20, 1), (24, 15), (26, 1)], ids=["later", "earlier", "too far"]
)
def test_a_part_of_it_is_refused(leader, promise, first, last):
    live(leader, promise, 40, 25)
    with pytest.raises(Refused):
        declare(leader, ago(first), ago(last))


def test_the_days_of_the_window_may_be_left_out(leader, promise):
    live(leader, promise, 40, 25)
    assert declare(leader, ago(24), ago(8))


def test_for_seven_days_after_the_return_it_is_still_possible(leader, promise):
    live(leader, promise, 40, 25)
    live(leader, promise, 7, 0)
    assert absences.wholly_silent_stretch(leader, TODAY) == (ago(24), ago(8))
    assert declare(leader, ago(24), ago(8))


def test_eight_days_after_the_return_it_is_too_late(leader, promise):
    live(leader, promise, 40, 25)
    live(leader, promise, 8, 0)
    assert absences.wholly_silent_stretch(leader, TODAY) is None
    with pytest.raises(Refused):
        declare(leader, ago(24), ago(9))


def test_the_return_is_when_it_was_answered_not_the_day_that_was(leader, promise):
    live(leader, promise, 40, 25)
    for days in range(7, -1, -1):
        say(leader, promise, ago(days), today=TODAY)
    assert absences.wholly_silent_stretch(leader, TODAY) == (ago(24), ago(8))


def test_taking_an_absence_off_is_undone_on_the_same_day(leader, promise):
    live(leader, promise, 40, 25)
    before = balance(leader)
    row = declare(leader, ago(24), ago(1))
    time_off.withdraw(leader, row, TODAY, MONDAY)
    assert balance(leader) == before
    assert ledger.verify(leader, TODAY) == []


def test_a_leader_who_was_never_away_has_no_stretch(leader, promise):
    live(leader, promise, 40, 0)
    assert absences.wholly_silent_stretch(leader, TODAY) is None


def test_days_that_are_only_open_are_no_absence(leader, promise):
    live(leader, promise, 40, 4)
    assert absences.wholly_silent_stretch(leader, TODAY) is None


def test_a_leader_without_commitments_has_no_stretch(leader):
    assert absences.wholly_silent_stretch(leader, TODAY) is None


def test_who_never_answered_was_away_from_the_first_day_on(leader, promise):
    assert absences.wholly_silent_stretch(leader, TODAY) == (ago(40), ago(1))


def test_another_leaders_time_off_is_unknown(cleo, leader):
    row = time_off.declare(cleo, TODAY, TODAY, TODAY, MONDAY)
    with pytest.raises(Unknown):
        time_off.find(leader, row.id)
