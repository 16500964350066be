"""Which promises are due on a day, and how each stands."""

from dataclasses import replace
from datetime import timedelta
from itertools import islice

import pytest
from hypothesis import given, settings

from habits.trust.history import Cadence, Pillar
from habits.trust.plan import Plan, Standing

from .histories import COMPETENCY, KEPT, RELEASED, TOLD, answer, commitment, history, on, records

THRICE = Cadence.per_week(3)


def due_days(made, days=range(1, 15)):
    """The days, counted from Monday the first, that have a promise."""
    plan = Plan(made)
    return [day for day in days if plan.promises(on(day), on(60))]


def test_a_promise_is_due_from_the_day_it_is_picked_to_the_day_it_is_retired():
    assert due_days(history([commitment("a", picked=3, retired=5)])) == [3, 4, 5]


def test_weekdays_and_once_are_due_on_their_days():
    assert due_days(history([commitment("a", cadence=Cadence.weekdays({1, 7}))])) == [1, 7, 8, 14]
    assert due_days(history([commitment("a", cadence=Cadence.once(on(4)))])) == [4]
    assert due_days(history([commitment("a", cadence=Cadence.once(on(4)), picked=5)])) == []


def test_nothing_is_due_on_time_off_however_it_overlaps():
    made = history([commitment("a")], time_off=[(2, 6), (3, 4), (7, 7), (12, 12)])
    assert due_days(made) == [1, 8, 9, 10, 11, 13, 14]


def test_times_a_week_is_due_when_it_can_no_longer_be_postponed():
    assert due_days(history([commitment("a", cadence=THRICE)])) == [5, 6, 7, 12, 13, 14]


def test_an_answer_of_any_kind_postpones_the_rest_of_the_week():
    picked = [commitment("a", cadence=THRICE)]
    assert due_days(history(picked, [answer("a", 1)]), range(1, 8)) == [1, 6, 7]
    assert due_days(history(picked, [answer("a", 1, TOLD)]), range(1, 8)) == [1, 6, 7]
    # a release on a day on which it was not due is no promise of that day
    assert due_days(history(picked, [answer("a", 1, RELEASED)]), range(1, 8)) == [6, 7]
    # on a day on which it is due anyway it is one
    assert due_days(history(picked, [answer("a", 6, RELEASED)]), range(1, 8)) == [5, 6, 7]


def test_more_answers_than_asked_for_are_promises_too():
    answers = [answer("a", day) for day in range(1, 7)]
    made = history([commitment("a", cadence=Cadence.per_week(1))], answers)
    assert due_days(made, range(1, 8)) == [1, 2, 3, 4, 5, 6]


def test_a_week_picked_late_asks_for_fewer():
    # picked on Saturday: ceil(3 * 2 / 7) = 1
    made = history([commitment("a", cadence=THRICE, picked=6)])
    assert due_days(made, range(1, 8)) == [7]
    assert due_days(history(made.commitments, [answer("a", 6)]), range(1, 8)) == [6]


def test_time_off_and_retirement_do_not_lessen_a_week():
    picked = [commitment("a", cadence=Cadence.per_week(2))]
    assert due_days(history(picked, time_off=[(6, 7)]), range(1, 8)) == []
    assert due_days(history(picked, time_off=[(1, 5)]), range(1, 8)) == [6, 7]
    retired = [commitment("a", cadence=Cadence.per_week(2), retired=6)]
    assert due_days(history(retired), range(1, 8)) == [6]


def test_answers_that_cannot_be_due_do_not_count_for_the_week():
    picked = [commitment("a", cadence=THRICE, picked=3)]
    strays = [answer("a", 1), answer("a", 2), answer("a", 4)]
    made = history(picked, strays, time_off=[(4, 4)])
    assert Plan(made).stray_answers() == tuple(strays)
    assert due_days(made, range(1, 8)) == due_days(history(picked, time_off=[(4, 4)]), range(1, 8))


def test_the_week_begins_where_the_leader_says():
    made = history([commitment("a", cadence=Cadence.per_week(1))], week_start=7)
    assert due_days(made) == [6, 13]


def test_a_promise_is_open_for_three_days_and_silent_after():
    plan = Plan(history([commitment("a")]))
    standings = [plan.promises(on(1), on(today))[0].standing for today in range(1, 7)]
    assert standings == [Standing.OPEN] * 4 + [Standing.SILENT] * 2


def test_promises_stand_in_the_order_of_the_commitments():
    plan = Plan(history([commitment("b"), commitment("a")], [answer("a", 1), answer("b", 1)]))
    found = plan.promises(on(1), on(1))
    assert [(p.commitment.id, p.standing, p.counted) for p in found] == [
        ("b", Standing.KEPT, True),
        ("a", Standing.KEPT, True),
    ]


def test_what_may_be_kept_but_need_not_is_optional():
    picked = [commitment("a", cadence=THRICE), commitment("b")]
    plan = Plan(history(picked, [answer("a", 1), answer("a", 3, RELEASED)]))
    (one,) = plan.optional(on(2), on(10))
    assert (one[0].id, one[1], one[2]) == ("a", 1, 3)
    assert plan.optional(on(1), on(10)) == ()
    assert [found[1] for found in plan.optional(on(4), on(10))] == [2]
    assert plan.optional(on(7), on(10)) == ()  # due
    assert [found[1] for found in plan.optional(on(4), on(2))] == [1]


def test_a_release_on_a_day_it_was_not_due_can_be_shown():
    plan = Plan(history([commitment("a", cadence=THRICE)], [answer("a", 1, RELEASED)]))
    (shown,) = plan.uncounted(on(1))
    assert (shown.commitment.id, shown.standing, shown.counted) == ("a", Standing.RELEASED, False)
    assert plan.promises(on(1), on(1)) == plan.optional(on(1), on(1)) == ()
    assert plan.uncounted(on(2)) == ()


def test_due_says_whether_an_answer_or_the_calendar_made_it_so():
    plan = Plan(history([commitment("a", cadence=THRICE)], [answer("a", 1)]))
    assert plan.due("a", on(1))
    assert not plan.due_anyway("a", on(1))
    assert plan.due_anyway(plan.history.commitments[0], on(7))
    assert plan.can_be_due("a", on(2))
    assert not plan.can_be_due("a", on(0))


def test_a_history_that_contradicts_itself_is_refused():
    with pytest.raises(ValueError, match="same id"):
        Plan(history([commitment("a"), commitment("a", COMPETENCY)]))
    with pytest.raises(ValueError, match="two answers"):
        Plan(history([commitment("a")], [answer("a", 1), answer("a", 1, TOLD)]))
    with pytest.raises(ValueError, match="no commitment"):
        Plan(history([], [answer("a", 1)]))


@settings(max_examples=150, deadline=None)
@given(records())
def test_the_days_ahead_are_those_of_a_record_in_which_all_is_kept(record):
    made, today = record
    plan, days = Plan(made.until(today)), 40
    ahead = list(islice(plan.ahead(today), days))
    kept = made.until(today)
    for at in range(1, days + 1):
        day = today + timedelta(days=at)
        promises = Plan(kept).promises(day, day)
        answers = tuple(answer(p.commitment.id, day, KEPT) for p in promises)
        kept = replace(kept, answers=kept.answers + answers)
        pillars = {promise.commitment.pillar for promise in promises}
        assert ahead[at - 1] == tuple(pillar in pillars for pillar in Pillar)
