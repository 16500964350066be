"""The tables of the specification, to the printed digit."""

import pytest

from habits.trust.fold import fold

from .histories import (
    CHARACTER,
    CHOICE,
    COMPETENCY,
    DECEPTION,
    KEPT,
    NOTHING,
    TOLD,
    UNTOLD,
    answer,
    commitment,
    history,
    on,
)

DAYS = (1, 30, 60, 90, 180, 365)
AWAY = range(45, 59)


def kept(day):
    return KEPT, KEPT


def every(nth, character=KEPT, competency=KEPT):
    return lambda day: (character, competency) if day % nth == 0 else (KEPT, KEPT)


def away(day):
    return (NOTHING, NOTHING) if day in AWAY else (KEPT, KEPT)


def record(says, days, pillars=(CHARACTER, COMPETENCY), time_off=()):
    """One promise a pillar a day; `says` gives the Character and the Competency answer of a day."""
    picked = [commitment(pillar.value, pillar) for pillar in pillars]
    answers = [
        answer(pillar.value, day, said)
        for day in range(1, days + 1)
        for pillar, said in zip((CHARACTER, COMPETENCY), says(day), strict=True)
        if pillar in pillars and said is not NOTHING
    ]
    return history(picked, answers, time_off=time_off)


def balances(made, days):
    """The balance at the end of each day, read so much later that nothing is open."""
    return [day.state.balance for day in fold(made, on(days + 10))][:days]


@pytest.mark.parametrize(
    ("made", "printed"),
    [
        (record(kept, 365), "50.5 68.0 81.9 90.0 98.4 100.0"),
        (record(every(7, competency=TOLD), 365), "50.5 64.4 76.4 83.9 91.4 92.2"),
        (record(every(7, competency=UNTOLD), 365), "50.5 57.0 62.2 65.5 67.3 65.8"),
        (record(every(30, character=CHOICE), 365), "50.5 57.4 62.5 65.4 68.1 70.7"),
        (record(kept, 365, pillars=(COMPETENCY,)), "50.3 58.3 64.0 67.1 70.1 70.7"),
        (record(away, 365), "50.5 68.0 71.1 81.8 96.9 99.9"),
        (record(away, 365, time_off=[(45, 58)]), "50.5 68.0 76.2 86.8 97.8 99.9"),
    ],
)
def test_a_year_comes_out_as_printed(made, printed):
    found = balances(made, 365)
    assert " ".join(f"{found[day - 1]:.1f}" for day in DAYS) == printed


@pytest.mark.parametrize(
    ("character", "competency", "after", "back"),
    [
        (KEPT, TOLD, "51.7 80.9 97.4", (1, 2, 23)),
        (KEPT, UNTOLD, "50.2 79.1 95.4", (4, 8, 59)),
        (CHOICE, KEPT, "42.2 70.4 85.2", (14, 29, 116)),
        (DECEPTION, KEPT, "20.5 50.5 62.2", (34, 75, None)),
        (NOTHING, NOTHING, "47.8 76.5 92.4", (8, 18, 86)),
    ],
)
def test_a_lapse_costs_and_takes_as_long_as_printed(character, competency, after, back):
    found = [
        balances(record(_once(day, character, competency), 1500), 1500) for day in (5, 60, 180)
    ]
    at = list(zip(found, (5, 60, 180), strict=True))
    assert " ".join(f"{days[day - 2]:.1f}" for days, day in at) == "52.2 81.5 98.3"
    assert " ".join(f"{days[day - 1]:.1f}" for days, day in at) == after
    assert tuple(_days_back(days, day) for days, day in at) == back


def _once(on_day, character, competency):
    return lambda day: (character, competency) if day == on_day else (KEPT, KEPT)


def _days_back(found, day):
    later = range(day, len(found))
    return next((at - day + 1 for at in later if found[at] >= found[day - 2]), None)
