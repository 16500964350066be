"""The circles of a record: each state as it is, and what is counted for it."""

from datetime import UTC, datetime

import pytest

from habits import circles
from habits.circles import State
from habits.models import Round
from habits.pulses import Shown
from habits.questions import Count
from habits.trust import circles as geometry
from habits.trust import pulse
from habits.trust.circles import Link
from habits.trust.pulse import EMPTY
from habits.trust.shares import Share
from tests import books

LATER = books.FIRST.replace(day=28)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def round_of(*boxes, state=pulse.State.PUBLISHED) -> Shown:
    """A closed round in which everyone ticked one box five times."""
    tallies = [EMPTY] * 5
    for box in boxes:
        tallies = [tally.with_answer(box) for tally in tallies]
    row = Round(group="All", invited=12, opened_at=NOON, closes_at=NOON)
    return Shown(row, state, pulse.result(tallies, 12), tuple(tallies))


def picture(signs, rounds=(), heard=Count()):  # noqa: B008  it is frozen
    return circles.of(books.written({"I listen": signs}, LATER), list(rounds), heard)


def test_under_ten_answered_promises_it_is_too_early():
    found = picture("kkkkkkkkk", [round_of(*[4, 1] * 4)])
    assert found.state is State.TOO_EARLY
    assert (found.overlaps, found.layout, found.sweet_spot) == ((), None, None)


def test_nobody_asked():
    found = picture("kkkkkkkkkk")
    assert found.state is State.NOT_ASKED
    assert [each.link for each in found.overlaps] == [Link.WORD_DEED]
    assert found.sweet_spot is None


def test_a_round_with_too_few_answers_is_not_enough():
    few = Shown(round_of().round, pulse.State.TOO_FEW, None)
    assert picture("kkkkkkkkkk", [few]).state is State.NOT_ENOUGH


def test_asked_in_person_stands_until_a_pulse_replaces_it():
    heard = Count(seen=1)
    assert picture("kkkkkkkkkk", heard=heard).state is State.IN_PERSON
    found = picture("kkkkkkkkkk", [round_of(*[4, 1] * 4)], heard)
    assert found.state is State.PUBLISHED


def test_what_is_released_and_open_is_left_out_and_silence_is_a_lapse():
    found = picture("kkkkkkkkutr.")
    # The 27th is silent by the account's rule only after three days: it is open on the 28th.
    assert (found.kept, found.lapsed) == (8, 2 + silent("kkkkkkkkutr."))
    assert found.overlap(Link.WORD_DEED).share == Share(8, found.counted)


def silent(signs) -> int:
    days = books.written({"I listen": signs}, LATER).days
    return sum(p.standing == "silent" for day in days for p in day.promises)


def test_ten_answers_draw_the_numbers_and_name_the_weakest_link():
    found = picture("kkkkkkkkkk", [round_of(*[4] * 6, *[1] * 4)])
    seen = found.overlap(Link.DEED_SEEN)
    assert seen.share == Share(6, 10)
    assert found.sweet_spot is seen
    assert found.layout == geometry.layout(*(each.q for each in found.overlaps))
    assert found.layout.behavior.to(found.layout.perception) == pytest.approx(
        geometry.distance(7 / 12), abs=1e-6
    )


def test_five_to_nine_answers_draw_a_band_and_no_number():
    found = picture("kkkkkkkkkk", [round_of(*[4] * 5, *[1] * 2)])
    for link in (Link.DEED_SEEN, Link.INTENT_FELT):
        assert found.overlap(link).share is None
        assert found.overlap(link).q == geometry.DRAWN[found.overlap(link).band]


def test_only_the_last_56_days_count():
    first = books.written({"I listen": "k" * 30}, books.FIRST)
    later = books.FIRST.replace(year=2027)
    old = circles.of(books.of(first.history, later), [], Count())
    assert old.kept == 0
