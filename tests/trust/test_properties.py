"""What every implementation of the account has to show."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from habits.days import week_first
from habits.trust.fold import first_day, fold
from habits.trust.history import Pillar
from habits.trust.plan import Plan, Standing

from .histories import (
    CHARACTER,
    CHOICE,
    COMPETENCY,
    DECEPTION,
    HONEST,
    KEPT,
    NASTY,
    NOTHING,
    RELEASED,
    TOLD,
    UNTOLD,
    answer,
    commitment,
    history,
    on,
    records,
)

TOLERANCE = 1e-9
TWO_WITHDRAWALS = (1 - 0.06 * 1.5) ** 2


@settings(max_examples=150, deadline=None)
@given(records())
def test_trust_stays_between_0_and_100_and_character_under_its_ceiling(record):
    for day in fold(*record):
        state = day.state
        assert 0 <= state.character <= state.ceiling <= 100
        assert 0 <= state.competency <= 100
        assert 0 <= state.balance <= 100


@settings(max_examples=150, deadline=None)
@given(records(), st.randoms(use_true_random=False))
def test_the_order_of_the_lists_moves_nothing(record, chance):
    made, today = record
    shuffled = replace(
        made,
        **{
            name: tuple(chance.sample(getattr(made, name), len(getattr(made, name))))
            for name in ("commitments", "answers", "lapses", "time_off")
        },
    )
    assert [d.state for d in fold(shuffled, today)] == [d.state for d in fold(made, today)]


@settings(max_examples=150, deadline=None)
@given(records())
def test_what_comes_after_today_moves_nothing(record):
    made, today = record
    assert fold(made.until(today), today) == fold(made, today)


@settings(max_examples=120, deadline=None)
@given(records())
def test_refolding_from_any_day_gives_the_same_bit_for_bit(record):
    made, today = record
    days = fold(made, today)
    for at, day in enumerate(days[:-1], start=1):
        assert fold(_since(made, days[at].date), today, day.state) == days[at:]


@settings(max_examples=100, deadline=None)
@given(records())
def test_a_time_off_day_without_a_lapse_leaves_all_state_as_it_was(record):
    made, today = record
    plan = Plan(made)
    for day in fold(plan, today):
        if any(t.first <= day.date <= t.last for t in made.time_off) and not day.lapses:
            assert day.state == replace(day.before, date=day.date)
            assert not day.entries


@settings(max_examples=150, deadline=None)
@given(records())
def test_the_ledger_of_a_day_adds_up_to_its_change(record):
    for day in fold(*record):
        for pillar in Pillar:
            before, after = (getattr(s, pillar.value) for s in (day.before, day.state))
            changes = [e.trust_change for e in day.entries if e.pillar is pillar]
            assert sum(changes) == pytest.approx(after - before, abs=TOLERANCE)
        total = sum(entry.balance_change for entry in day.entries)
        assert total == pytest.approx(day.state.balance - day.before.balance, abs=TOLERANCE)


@settings(max_examples=100, deadline=None)
@given(records())
def test_a_persons_account_is_the_fold_of_what_bears_that_person(record):
    made, today = record
    for person in ("Ana", "Bo", "Nobody"):
        theirs = made.for_person(person)
        assert {c.person for c in theirs.commitments} <= {person}
        assert theirs.time_off == made.time_off
        days = fold(theirs, today)
        assert all(promise.commitment.person == person for d in days for promise in d.promises)
        assert all(lapse.person == person for d in days for lapse in d.lapses)
        if person == "Nobody":
            assert days == []


@settings(max_examples=100, deadline=None)
@given(records())
def test_there_is_a_day_for_each_date_from_the_first_to_today(record):
    made, today = record
    first = first_day(made, today)
    dates = [day.date for day in fold(made, today)]
    if first is None:
        assert dates == []
    else:
        assert dates == [first + timedelta(days=n) for n in range((today - first).days + 1)]


@pytest.mark.parametrize("days", [1, 30, 100])
def test_five_perfect_promises_a_pillar_count_as_one(days):
    one, five = (_perfect(n, days) for n in (1, 5))
    assert [d.state.balance for d in fold(one, on(days))] == [
        d.state.balance for d in fold(five, on(days))
    ]


LADDERS = {
    CHARACTER: (KEPT, RELEASED, TOLD, UNTOLD, CHOICE, DECEPTION),
    COMPETENCY: (KEPT, RELEASED, TOLD, UNTOLD),
}


@settings(max_examples=250, deadline=None)
@given(records(moods=(HONEST, NASTY), absences=0), st.data())
def test_a_better_answer_is_never_worse_without_a_wholly_silent_day(record, data):
    made, today = record
    rungs, silence = _ladder(made, today, data)
    assume(not any(_wholly_silent(day) for days in [*rungs, silence] for day in days))
    _check_order(rungs, silence, 1.0)


@settings(max_examples=250, deadline=None)
@given(records(moods=(HONEST,), absences=1), st.data())
def test_around_one_absence_an_order_turns_by_at_most_two_withdrawals(record, data):
    # absences that follow one another can end on different days, and so turn it by more
    made, today = record
    rungs, silence = _ladder(made, today, data)
    event(f"absent: {any(day.state.absent for day in silence)}")
    _check_order(rungs, silence, TWO_WITHDRAWALS)


def _since(made, day):
    """What the storage holds for resuming on `day`: nothing before its week."""
    edge = week_first(day, made.week_start)
    return replace(
        made,
        commitments=tuple(
            c for c in made.commitments if c.retired_on is None or c.retired_on >= edge
        ),
        answers=tuple(
            a
            for a in made.answers
            if a.date >= edge
            and not any(
                c.id == a.commitment and c.retired_on is not None and c.retired_on < edge
                for c in made.commitments
            )
        ),
        lapses=tuple(lapse for lapse in made.lapses if lapse.date >= edge),
        time_off=tuple(t for t in made.time_off if t.last >= edge),
    )


def _perfect(promises, days):
    picked = [commitment(f"{pillar}{n}", pillar) for pillar in Pillar for n in range(promises)]
    return history(picked, [answer(c.id, day) for c in picked for day in range(1, days + 1)])


def _ladder(made, today, data):
    """The days of one history, one promise of it answered in each way, best first; and silent."""
    plan = Plan(made)
    promises = [
        promise
        for day in fold(plan, today)
        for promise in day.promises
        if plan.due_anyway(promise.commitment, day.date)
    ]
    assume(promises)
    chosen = data.draw(st.sampled_from(promises))
    ladder = LADDERS[chosen.commitment.pillar]
    rungs = [fold(_answered(made, chosen, said), today) for said in ladder]
    is_old = (today - chosen.date).days > 3
    silence = fold(_answered(made, chosen, NOTHING), today) if is_old else rungs[-1]
    return rungs, silence


def _answered(made, promise, said):
    name, day = promise.commitment.id, promise.date
    others = tuple(a for a in made.answers if (a.commitment, a.date) != (name, day))
    return replace(made, answers=others if said is NOTHING else (*others, answer(name, day, said)))


def _wholly_silent(day):
    return (
        bool(day.promises)
        and not day.lapses
        and all(promise.standing is Standing.SILENT for promise in day.promises)
    )


def _check_order(rungs, silence, mercy):
    untold = rungs[3]
    for better, worse in [*pairwise(rungs), (untold, silence)]:
        for high, low in zip(better, worse, strict=True):
            for pillar in ("character", "competency"):
                above, below = getattr(high.state, pillar), getattr(low.state, pillar)
                assert above >= below * mercy - TOLERANCE, (high.date, pillar)
