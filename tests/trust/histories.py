"""Histories for tests: by hand in a line, or drawn, believable and nasty."""

from datetime import date, timedelta

from hypothesis import strategies as st

from habits.trust.history import (
    Answer,
    Cadence,
    Commitment,
    History,
    Lapse,
    Nature,
    Pillar,
    Reply,
    TimeOff,
)

MONDAY = date(2026, 1, 5)
CHARACTER, COMPETENCY = Pillar.CHARACTER, Pillar.COMPETENCY
PEOPLE = (None, "Ana", "Bo")

KEPT = (Reply.KEPT, None, False)
RELEASED = (Reply.RELEASED, None, False)
UNNAMED = (Reply.BROKEN, None, False)
TOLD = (Reply.BROKEN, Nature.MISTAKE, True)
UNTOLD = (Reply.BROKEN, Nature.MISTAKE, False)
CHOICE = (Reply.BROKEN, Nature.CHOICE, False)
CHOICE_TOLD = (Reply.BROKEN, Nature.CHOICE, True)
DECEPTION = (Reply.BROKEN, Nature.DECEPTION, False)
NOTHING = None

STEADY = (KEPT,) * 20 + (NOTHING, RELEASED, TOLD, UNTOLD, CHOICE)
HONEST = (KEPT,) * 7 + (TOLD, RELEASED, UNNAMED)
SILENT = (KEPT,) * 2 + (NOTHING,) * 6
NASTY = (
    (KEPT,) * 3 + (NOTHING,) * 2 + (RELEASED, UNNAMED, TOLD, UNTOLD, CHOICE, CHOICE_TOLD, DECEPTION)
)


def on(day):
    """The date of a day counted from 1."""
    return MONDAY + timedelta(days=day - 1)


def commitment(name, pillar=CHARACTER, cadence=None, picked=1, retired=None, person=None):
    return Commitment(
        id=name,
        pillar=pillar,
        cadence=cadence or Cadence.daily(),
        picked_on=on(picked),
        retired_on=None if retired is None else on(retired),
        person=person,
    )


def answer(name, day, said=KEPT):
    return Answer(name, on(day) if isinstance(day, int) else day, *said)


def history(commitments, answers=(), lapses=(), time_off=(), week_start=1):
    ranges = tuple(TimeOff(on(first), on(last)) for first, last in time_off)
    return History(week_start, tuple(commitments), tuple(answers), tuple(lapses), ranges)


@st.composite
def cadences(draw):
    kind = draw(st.sampled_from(["daily", "per_week", "weekdays", "once"]))
    if kind == "per_week":
        return Cadence.per_week(draw(st.integers(1, 6)))
    if kind == "weekdays":
        return Cadence.weekdays(draw(st.sets(st.integers(1, 7), min_size=1)))
    if kind == "once":
        return Cadence.once(on(draw(st.integers(1, 30))))
    return Cadence.daily()


@st.composite
def commitments(draw, name):
    picked = draw(st.integers(1, 12))
    retired = draw(st.none() | st.integers(picked, 60))
    return commitment(
        name,
        draw(st.sampled_from(Pillar)),
        draw(cadences()),
        picked,
        retired,
        draw(st.sampled_from(PEOPLE)),
    )


@st.composite
def ranges(draw, length):
    first = draw(st.integers(1, length))
    return first, draw(st.integers(first, min(length, first + 12)))


@st.composite
def records(draw, moods=(STEADY, HONEST, SILENT, NASTY), longest=45, absences=2):
    """A history and the day it is read on; some answers stray, some lie after that day.

    At most so many stretches of days bear no answer at all.
    """
    length = draw(st.integers(3, longest))
    picked = [draw(commitments(f"c{n}")) for n in range(draw(st.integers(1, 5)))]
    mood = draw(st.sampled_from(moods))
    says = draw(st.binary(min_size=length * len(picked), max_size=length * len(picked)))
    away = draw(st.lists(ranges(length), max_size=absences))
    answers = [
        answer(one.id, day, said)
        for at, one in enumerate(picked)
        for day in range(1, length + 1)
        if (said := mood[says[at * length + day - 1] % len(mood)]) is not NOTHING
        and not any(first <= day <= last for first, last in away)
    ]
    lapses = draw(
        st.lists(
            st.builds(
                Lapse,
                st.integers(1, length).map(on),
                st.sampled_from(Nature),
                st.booleans(),
                st.sampled_from(PEOPLE),
            ),
            max_size=3,
        )
    )
    time_off = draw(st.lists(ranges(length), max_size=2))
    made = history(picked, answers, lapses, time_off, draw(st.integers(1, 7)))
    return made, on(draw(st.integers(max(1, length - 8), length + 8)))
