"""What would come of it: the forecast says what the fold then shows."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from habits.trust.fold import fold
from habits.trust.forecast import (
    HORIZON,
    Level,
    day_stake,
    days_to,
    level,
    next_level,
    project,
    stakes,
)
from habits.trust.history import Cadence, Lapse, Nature
from habits.trust.plan import Plan, Standing

from .histories import (
    CHARACTER,
    COMPETENCY,
    KEPT,
    UNTOLD,
    answer,
    commitment,
    history,
    on,
    records,
)

BOTH = (commitment("x", CHARACTER), commitment("a", COMPETENCY))


def steady(days):
    return history(BOTH, [answer(c.id, day) for c in BOTH for day in range(1, days + 1)])


def keep_on(made, today, days):
    """The same record after some more days on which everything due was kept."""
    for n in range(1, days + 1):
        day = today + timedelta(days=n)
        due = Plan(made).promises(day, day)
        made = replace(
            made, answers=made.answers + tuple(answer(p.commitment.id, day, KEPT) for p in due)
        )
    return made


@settings(max_examples=100, deadline=None)
@given(records(), st.integers(0, 20))
def test_a_projection_is_what_keeping_everything_comes_to(record, days):
    made, today = record
    made = keep_what_is_open(made.until(today), today)
    now = fold(made, today)
    assume(now)
    later = fold(keep_on(made, today, days), today + timedelta(days=days))[-1].state
    assert project(now[-1].state, made, today, days) == pytest.approx(later.balance, abs=1e-9)


def keep_what_is_open(made, today):
    """The same record without open promises: on the way they would become silent."""
    while opened := [
        promise
        for day in fold(made, today)
        for promise in day.promises
        if promise.standing is Standing.OPEN
    ]:
        one = opened[0]
        made = replace(made, answers=(*made.answers, answer(one.commitment.id, one.date)))
    return made


@settings(max_examples=60, deadline=None)
@given(records())
def test_a_stake_is_what_such_a_lapse_would_cost(record):
    made, today = record
    made = made.until(today)
    assume(fold(made, today))
    now = fold(made, today)[-1].state.balance
    for stake in stakes(made, today):
        lapsed = Lapse(today, stake.nature, stake.told)
        then = fold(replace(made, lapses=(*made.lapses, lapsed)), today)[-1].state.balance
        assert stake.cost == pytest.approx(now - then, abs=1e-9)
        assert stake.cost > 0


def test_the_days_back_are_those_of_the_fold():
    made, today = steady(60), on(60)
    now = fold(made, today)[-1].state.balance
    for stake in stakes(made, today)[:3]:
        lapsed = replace(made, lapses=(Lapse(today, stake.nature, stake.told),))
        days = fold(keep_on(lapsed, today, stake.days_back), today + timedelta(stake.days_back))
        assert days[-1].state.balance >= now > days[-2].state.balance


def test_the_stakes_grow_with_the_nature_of_the_lapse():
    found = stakes(steady(60), on(60))
    assert [(s.nature, s.told) for s in found] == [
        (Nature.MISTAKE, True),
        (Nature.MISTAKE, False),
        (Nature.CHOICE, False),
        (Nature.DECEPTION, False),
    ]
    assert sorted(s.cost for s in found) == [s.cost for s in found]
    assert sorted(s.days_back for s in found) == [s.days_back for s in found]


def test_who_deceives_after_a_long_time_never_comes_back():
    found = stakes(steady(400), on(400))
    assert found[-1].days_back is None


def test_nothing_due_ahead_means_never():
    made = history([commitment("x", cadence=Cadence.once(on(1)))], [answer("x", 1)])
    assert {stake.days_back for stake in stakes(made, on(1))} == {None}


def test_stakes_can_be_told_from_the_last_fortnight():
    made, today = steady(100), on(100)
    since = fold(made, on(86))[-1].state
    recent = replace(made, answers=tuple(a for a in made.answers if a.date > on(79)))
    assert stakes(recent, today, since) == stakes(made, today)
    assert day_stake(recent, on(101), since) == day_stake(made, on(101))


def test_an_empty_record_has_its_stakes_too():
    found = stakes(history([]), on(1))
    assert [round(stake.cost, 1) for stake in found] == [0.8, 2.3, 10.5, 34.2]
    assert day_stake(history([]), on(1)) is None


def test_a_state_of_today_is_no_state_to_start_from():
    made = steady(10)
    with pytest.raises(ValueError, match="not before"):
        stakes(made, on(10), fold(made, on(10))[-1].state)


def test_todays_stake_is_what_its_answers_would_move():
    made, today = steady(30), on(31)
    before = fold(made, today)[-1].state.balance
    stake = day_stake(made, today)
    all_kept = replace(made, answers=made.answers + (answer("x", 31), answer("a", 31)))
    assert stake.gain == pytest.approx(fold(all_kept, today)[-1].state.balance - before)
    worst = min(
        fold(replace(made, answers=(*made.answers, answer(name, 31, UNTOLD))), today)[
            -1
        ].state.balance
        for name in ("x", "a")
    )
    assert stake.cost == pytest.approx(before - worst)
    assert day_stake(all_kept, today) is None


def test_the_days_to_a_balance_are_counted_until_it_is_reached():
    made, today = steady(1), on(1)
    state = fold(made, today)[-1].state
    found = days_to(70.0, state, made, today)
    assert project(state, made, today, found) >= 70.0 > project(state, made, today, found - 1)
    assert days_to(state.balance, state, made, today) == 0


def test_a_scar_that_fades_gives_its_part_of_the_ceiling_back():
    made = replace(steady(30), lapses=(Lapse(on(30), Nature.DECEPTION),))
    state = fold(made, on(30))[-1].state
    assert state.ceiling == 80.0
    assert days_to(92.0, state, made, on(30)) > 180  # more than sqrt(80 * 100)
    assert days_to(95.0, state, made, on(30)) is None  # more than sqrt(90 * 100)


def test_with_one_pillar_the_account_ends_near_71():
    made = history(BOTH[:1], [answer("x", 1)])
    state = fold(made, on(1))[-1].state
    assert project(state, made, on(1), HORIZON) == pytest.approx(70.7, abs=0.05)
    assert days_to(71.0, state, made, on(1)) is None


@pytest.mark.parametrize(
    ("balance", "name", "following"),
    [
        (0.0, Level.NEEDS_REPAIR, (Level.MENDING, 25.0)),
        (24.999, Level.NEEDS_REPAIR, (Level.MENDING, 25.0)),
        (25.0, Level.MENDING, (Level.PROVING, 50.0)),
        (50.0, Level.PROVING, (Level.RELIABLE, 70.0)),
        (69.999, Level.PROVING, (Level.RELIABLE, 70.0)),
        (70.0, Level.RELIABLE, (Level.STEADY, 85.0)),
        (85.0, Level.STEADY, (Level.PROVEN, 95.0)),
        (95.0, Level.PROVEN, None),
        (100.0, Level.PROVEN, None),
    ],
)
def test_a_level_begins_at_its_threshold(balance, name, following):
    assert level(balance) is name
    assert next_level(balance) == following
