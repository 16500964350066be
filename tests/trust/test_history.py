"""A value that makes no sense cannot be made."""

from datetime import date

import pytest

from habits.trust.history import Answer, Cadence, CadenceKind, History, Nature, Reply, TimeOff

DAY = date(2026, 1, 5)


@pytest.mark.parametrize(
    "parts",
    [
        {"kind": "monthly"},
        {"kind": CadenceKind.DAILY, "days": {1}},
        {"kind": CadenceKind.DAILY, "times": 1},
        {"kind": CadenceKind.DAILY, "date": DAY},
        {"kind": CadenceKind.WEEKDAYS},
        {"kind": CadenceKind.WEEKDAYS, "days": {0}},
        {"kind": CadenceKind.WEEKDAYS, "days": {8}},
        {"kind": CadenceKind.PER_WEEK},
        {"kind": CadenceKind.PER_WEEK, "times": 0},
        {"kind": CadenceKind.PER_WEEK, "times": 7},
        {"kind": CadenceKind.ONCE},
    ],
)
def test_a_cadence_has_the_parts_of_its_kind_and_no_others(parts):
    with pytest.raises(ValueError, match="."):
        Cadence(**parts)


def test_a_cadence_may_be_named_by_a_word():
    assert Cadence("weekdays", [1, 2]) == Cadence.weekdays({2, 1})
    assert hash(Cadence("once", date=DAY)) == hash(Cadence.once(DAY))


def test_nature_and_told_stand_only_with_broken():
    with pytest.raises(ValueError, match="broken"):
        Answer("a", DAY, Reply.KEPT, told=True)
    with pytest.raises(ValueError, match="broken"):
        Answer("a", DAY, Reply.RELEASED, nature=Nature.MISTAKE)


def test_time_off_and_weeks_have_an_order():
    with pytest.raises(ValueError, match="ends before"):
        TimeOff(DAY, date(2026, 1, 4))
    with pytest.raises(ValueError, match="weekday"):
        History(week_start=0)
