"""What would happen: the calculator says what the fold says of the same days."""

import pytest

from habits.trust.fold import fold
from habits.trust.history import Nature
from habits.trust.what_if import Break, days_back, play

from .histories import (
    CHARACTER,
    CHOICE,
    COMPETENCY,
    DECEPTION,
    KEPT,
    TOLD,
    UNTOLD,
    answer,
    commitment,
    history,
    on,
)

SAID = {
    TOLD: Break(Nature.MISTAKE, told=True),
    UNTOLD: Break(Nature.MISTAKE),
    CHOICE: Break(Nature.CHOICE),
    DECEPTION: Break(Nature.DECEPTION),
}


def lived(said, lapse_on, days):
    """Every promise kept but one, lived through from the first day on."""
    broken = COMPETENCY if said in (TOLD, UNTOLD) else CHARACTER
    answers = [
        answer(pillar.value, day, said if (pillar, day) == (broken, lapse_on) else KEPT)
        for pillar in (CHARACTER, COMPETENCY)
        for day in range(1, days + 1)
    ]
    made = [commitment(pillar.value, pillar) for pillar in (CHARACTER, COMPETENCY)]
    return fold(history(made, answers), on(days))


@pytest.mark.parametrize("said", list(SAID))
@pytest.mark.parametrize("lapse_on", [5, 60])
def test_a_lapse_does_what_it_does_in_a_life(said, lapse_on):
    days = lived(said, lapse_on, lapse_on + 40)
    before, after = days[lapse_on - 2].state, days[lapse_on - 1 :]
    played = play(before.character, before.character_streak, SAID[said], on(lapse_on), len(after))
    assert [day.state.balance for day in played] == [day.state.balance for day in after]


@pytest.mark.parametrize(("said", "back"), [(TOLD, 2), (UNTOLD, 8), (CHOICE, 29), (DECEPTION, 75)])
def test_the_days_back_are_those_of_the_calibration(said, back):
    before = lived(KEPT, 1, 59)[-1].state
    assert days_back(play(before.character, 59, SAID[said], on(60), 1)) == back


def test_a_deception_near_full_trust_is_never_made_good():
    assert days_back(play(98.3, 179, SAID[DECEPTION], on(1), 1)) is None


def test_nothing_broken_takes_no_day_to_come_back_from():
    assert days_back(play(60.0, 10, None, on(1), 5)) == 0
