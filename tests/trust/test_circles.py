"""The circles: the formula's own figures, the areas that are drawn, and triangles that close."""

from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habits.trust import circles
from habits.trust.circles import Link, Overlap, Point
from habits.trust.pulse import Band
from habits.trust.shares import Share

parts = st.floats(0.01, 0.99)


@pytest.mark.parametrize(
    ("q", "d"), [(0.95, 0.08), (0.8, 0.32), (0.6, 0.64), (0.4, 0.98), (0.2, 1.37), (0, 2), (1, 0)]
)
def test_the_distances_are_those_of_the_rule(q, d):
    assert circles.distance(q) == pytest.approx(d, abs=0.005)


@given(st.floats(0, 1))
def test_so_far_apart_the_circles_share_what_they_shall(q):
    assert circles.shared_area(circles.distance(q)) == pytest.approx(q, abs=1e-9)


@pytest.mark.parametrize("d", [0.32, 0.64, 1.37])
def test_the_shared_area_is_the_area_that_a_grid_counts(d):
    size = 400
    points = [((x + 0.5) / size * 2 - 1, (y + 0.5) / size * 2 - 1)
              for x in range(size) for y in range(size)]  # fmt: skip
    inside = [(x, y) for x, y in points if hypot(x, y) <= 1]
    shared = sum(hypot(x - d, y) <= 1 for x, y in inside)
    assert shared / len(inside) == pytest.approx(circles.shared_area(d), abs=2e-3)


@pytest.mark.parametrize("q", [-0.1, 1.1])
def test_what_is_no_part_is_refused(q):
    with pytest.raises(ValueError, match="0 to 1"):
        circles.distance(q)


@given(parts, parts, parts)
def test_the_circles_lie_as_far_apart_as_said_or_the_longest_side_is_shorter(word, seen, felt):
    drawn = circles.layout(word, seen, felt)
    wanted = [circles.distance(q) for q in (word, seen, felt)]
    found = [
        drawn.intention.to(drawn.behavior),
        drawn.behavior.to(drawn.perception),
        drawn.intention.to(drawn.perception),
    ]
    longest = max(wanted)
    closes = longest <= sum(wanted) - longest
    for side, want in zip(found, wanted, strict=True):
        if closes or want < longest:
            assert side == pytest.approx(want, abs=1e-6)
        else:
            assert side == pytest.approx(sum(wanted) - longest, abs=1e-6)
    assert drawn.intention == Point(0, 0)
    assert drawn.behavior.y == 0
    assert drawn.perception.y >= 0


def test_the_sweet_spot_is_the_weakest_link():
    word, seen = Overlap(Link.WORD_DEED, Share(90, 100)), Overlap(Link.DEED_SEEN, Share(8, 12))
    felt = Overlap(Link.INTENT_FELT, band=Band.MIXED)
    assert circles.sweet_spot(word, seen, felt) is felt
    assert circles.sweet_spot(word, seen) is seen
    assert word.q == 91 / 102


def test_an_overlap_is_a_share_or_a_band_and_never_both():
    with pytest.raises(ValueError, match="share or a band"):
        Overlap(Link.WORD_DEED)
    with pytest.raises(ValueError, match="share or a band"):
        Overlap(Link.WORD_DEED, Share(1, 2), Band.MIXED)
