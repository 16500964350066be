"""What moves the account, and what its ledger says about it."""

from math import exp, sqrt

import pytest

from habits.trust.account import START, EntryKind
from habits.trust.fold import fold
from habits.trust.history import Cadence, Lapse, Nature

from .histories import (
    CHARACTER,
    CHOICE,
    COMPETENCY,
    DECEPTION,
    KEPT,
    NOTHING,
    RELEASED,
    TOLD,
    UNNAMED,
    UNTOLD,
    answer,
    commitment,
    history,
    on,
)


def days(says, today=None, lapses=(), time_off=()):
    """The days of a record; `says` maps a commitment to its answers day by day."""
    picked = [commitment(name, COMPETENCY if name < "m" else CHARACTER) for name in says]
    answers = [
        answer(name, day, said)
        for name, said_by_day in says.items()
        for day, said in enumerate(said_by_day, start=1)
        if said is not NOTHING
    ]
    longest = max(map(len, says.values()))
    return fold(history(picked, answers, lapses, time_off), on(today or longest))


def lapse(day, nature, told=False):
    return Lapse(on(day), nature, told)


def streaks(found):
    return [(d.state.character_streak, d.state.competency_streak, d.state.streak) for d in found]


def test_the_account_begins_undecided():
    assert (START.character, START.competency, START.balance) == (50.0, 50.0, 50.0)
    assert fold(history([]), on(1)) == []


def test_a_kept_promise_closes_a_little_of_the_gap_and_says_how_much():
    (day,) = days({"x": [KEPT]})
    (entry,) = day.entries
    share = 0.02 * (1 - 0.5 * exp(-1 / 21))
    assert (entry.kind, entry.pillar, entry.kept, entry.counted) == ("kept", "character", 1, 1)
    assert (entry.streak_before, entry.streak_after) == (0, 1)
    assert entry.fragility == exp(-1 / 21)
    assert entry.share == pytest.approx(share)
    assert entry.trust_change == pytest.approx(share * 50)
    assert entry.balance_change == day.state.balance - 50.0
    assert entry.promises == day.promises


def test_a_mistake_costs_its_part_of_the_pillar_and_the_rest_still_counts():
    (day,) = days({"a": [UNNAMED], "b": [KEPT], "c": [RELEASED]})
    broken, kept = day.entries
    assert (broken.kind, broken.nature, broken.told) == ("broken", "mistake", False)
    assert broken.rate == 0.06 / 3
    assert broken.share == pytest.approx(0.02 * 1.5)
    assert broken.trust_change == pytest.approx(-50 * 0.03)
    assert [promise.commitment.id for promise in broken.promises] == ["a"]
    assert (kept.kept, kept.counted, kept.streak_after) == (1, 2, 0)
    assert kept.share == pytest.approx(0.02 * (1 / 2) * 0.5)


def test_telling_costs_a_third_and_leaves_the_streak_standing():
    told, untold = (days({"a": [KEPT, KEPT, said]})[-1] for said in (TOLD, UNTOLD))
    assert told.entries[0].rate * 3 == pytest.approx(untold.entries[0].rate)
    assert (told.state.competency_streak, untold.state.competency_streak) == (2, 0)
    assert (told.entries[0].reset, untold.entries[0].reset) == (False, True)
    assert told.state.streak == untold.state.streak == 0


def test_one_mistake_left_unsaid_resets_whatever_else_was_told():
    for said in ((UNTOLD, TOLD), (TOLD, UNTOLD)):
        first, second = said
        assert streaks(days({"a": [KEPT, first], "b": [KEPT, second]}))[-1] == (0, 0, 0)
        lapses = [lapse(2, Nature.MISTAKE, one is TOLD) for one in said]
        assert streaks(days({"a": [KEPT, KEPT]}, lapses=lapses))[-1] == (0, 0, 0)


def test_a_choice_is_characters_from_whichever_pillar_and_undivided():
    day = days({"a": [KEPT, CHOICE], "b": [KEPT, KEPT], "x": [KEPT, KEPT]})[-1]
    choice = day.entries[0]
    assert (choice.kind, choice.pillar, choice.rate) == ("broken", "character", 0.25)
    assert (day.state.character_streak, day.state.competency_streak) == (0, 1)
    assert day.state.competency > day.before.competency
    assert choice.scar == day.state.scar_lasting == 0


def test_a_deception_leaves_a_scar_that_half_fades():
    found = days({"x": [DECEPTION, KEPT, KEPT]})
    assert found[0].entries[0].scar == 20
    assert [d.state.ceiling for d in found] == [
        80.0,
        pytest.approx(100 - 10 - 9.9),
        pytest.approx(100 - 10 - 9.801),
    ]
    assert found[1].entries[0].ceiling == found[1].state.ceiling
    assert [d.state.scar_lasting for d in found] == [10.0] * 3


def test_scars_take_at_most_forty_points_off_the_ceiling():
    lapses = [lapse(1, Nature.DECEPTION) for _ in range(5)]
    (day,) = days({"x": [KEPT]}, lapses=lapses)
    assert (day.state.scar_lasting, day.state.scar_fading) == (50.0, 50.0)
    assert day.state.ceiling == 60.0
    assert day.state.character_streak == 0


def test_the_largest_charge_comes_first_and_all_count_the_streak_before():
    lapses = [lapse(3, Nature.CHOICE), lapse(3, Nature.DECEPTION)]
    day = days({"x": [KEPT, KEPT, UNTOLD]}, lapses=lapses)[-1]
    assert [entry.rate for entry in day.entries] == [0.6, 0.25, 0.06]
    assert {entry.fragility for entry in day.entries} == {exp(-2 / 21)}
    assert [entry.kind for entry in day.entries] == ["lapse", "lapse", "broken"]
    assert [entry.lapse for entry in day.entries] == [lapses[1], lapses[0], None]


def test_a_lapse_counts_on_a_day_off_too():
    found = days({"x": [KEPT, NOTHING]}, lapses=[lapse(2, Nature.MISTAKE)], time_off=[(2, 2)])
    assert found[-1].promises == ()
    assert found[-1].state.competency == pytest.approx(50 * (1 - 0.06 * 1.5))
    assert streaks(found) == [(1, 0, 1), (1, 0, 0)]


def test_a_told_mistake_outside_a_promise_stands_the_streak_still():
    found = days({"a": [KEPT, KEPT]}, lapses=[lapse(2, Nature.MISTAKE, told=True)])
    assert streaks(found) == [(0, 1, 1), (0, 1, 0)]


def test_an_open_promise_counts_in_the_share_but_resets_nothing():
    found = days({"a": [KEPT, KEPT], "b": [KEPT, NOTHING]})
    assert streaks(found)[-1] == (0, 1, 1)
    (entry,) = found[-1].entries
    assert (entry.kept, entry.counted) == (1, 2)


def test_a_released_promise_neither_grows_nor_resets():
    found = days({"a": [KEPT, RELEASED]})
    assert streaks(found)[-1] == (0, 1, 1)
    assert found[-1].entries == ()


def test_a_silent_stretch_is_charged_once_until_three_days_are_answered():
    said = [KEPT, NOTHING, NOTHING, KEPT, NOTHING, TOLD, RELEASED, NOTHING, KEPT, NOTHING]
    found = days({"x": said}, today=20)[:10]
    rates = [[e.rate for e in d.entries if e.kind is EntryKind.SILENT] for d in found]
    assert rates == [[], [0.06], [0.0], [], [0.0], [], [], [0.0], [], [0.06]]
    assert [d.state.absent for d in found] == [False] + [True] * 7 + [False, True]
    assert [d.state.back for d in found] == [0, 0, 0, 1, 1, 2, 2, 2, 3, 0]
    assert all(d.state.character_streak == 0 for d in found if d.entries and d.entries[0].rate == 0)


def test_a_silent_day_with_a_lapse_is_charged_in_an_absence_too():
    found = days({"x": [NOTHING] * 3}, today=10, lapses=[lapse(2, Nature.MISTAKE)])
    charged = [sum(e.rate > 0 for e in d.entries) for d in found[:3]]
    assert charged == [1, 2, 0]


def test_a_partly_silent_day_is_charged_in_an_absence_too_and_does_count_as_back():
    found = days({"x": [NOTHING, NOTHING], "y": [NOTHING, KEPT]}, today=10)
    assert [e.rate for e in found[1].entries] == [0.03, 0.02]
    assert (found[1].state.absent, found[1].state.back) == (True, 1)


def test_each_commitment_has_its_own_streak_and_its_longest():
    found = days({"a": [KEPT, KEPT, TOLD, KEPT], "x": [KEPT, RELEASED, KEPT, NOTHING]})
    assert [d.state.own_streak("a") for d in found] == [(1, 1), (2, 2), (0, 2), (1, 2)]
    assert [d.state.own_streak("x") for d in found] == [(1, 1), (1, 1), (2, 2), (2, 2)]
    assert found[-1].state.own_streak("never") == (0, 0)
    assert [d.state.longest for d in found] == [1, 2, 2, 2]


def test_lapses_outside_a_promise_leave_a_commitments_own_streak():
    found = days({"a": [KEPT, KEPT]}, lapses=[lapse(2, Nature.DECEPTION)])
    assert found[-1].state.own_streak("a") == (2, 2)
    assert found[-1].state.streak == 0


def test_the_first_day_is_the_first_pick_or_lapse_even_of_what_is_never_due():
    never = commitment("x", cadence=Cadence.once(on(1)), picked=5)
    assert fold(history([never]), on(6))[0].date == on(5)
    assert fold(history([never], lapses=[lapse(3, Nature.CHOICE)]), on(6))[0].date == on(3)
    assert fold(history([never], lapses=[lapse(3, Nature.CHOICE)]), on(2)) == []
    assert fold(history([never], lapses=[lapse(8, Nature.CHOICE)]), on(6))[0].date == on(5)


def test_the_balance_is_the_geometric_mean():
    day = days({"x": [KEPT] * 9})[-1]
    assert day.state.balance == sqrt(day.state.character * day.state.competency)
    assert day.state.competency == 50.0
