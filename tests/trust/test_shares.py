"""Shares: what so many answers speak for, against the distribution they are taken from."""

from math import exp, lgamma, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habits.trust.shares import MASS, Share

counts = st.integers(0, 40).flatmap(lambda of: st.builds(Share, st.integers(0, of), st.just(of)))


def mass_below(x: float, share: Share, steps: int = 4000) -> float:
    """The mass of Beta(yes + 1, no + 1) below x, by summing its density."""
    a, b = share.yes + 1, share.of - share.yes + 1
    scale = lgamma(a + b) - lgamma(a) - lgamma(b)
    width = x / steps
    points = ((n + 0.5) * width for n in range(steps))
    return width * sum(exp(scale + (a - 1) * log(p) + (b - 1) * log(1 - p)) for p in points)


@given(counts)
def test_the_mean_is_that_of_the_posterior_and_lies_within_the_interval(share):
    assert share.mean == (share.yes + 1) / (share.of + 2)
    assert 0 < share.low < share.mean < share.high < 1


@pytest.mark.parametrize("share", [Share(0, 5), Share(3, 5), Share(9, 12), Share(12, 12)])
def test_a_tenth_of_the_posterior_lies_on_either_side(share):
    assert mass_below(share.low, share) == pytest.approx((1 - MASS) / 2, abs=1e-6)
    assert mass_below(share.high, share) == pytest.approx((1 + MASS) / 2, abs=1e-6)


def test_nothing_said_leaves_everything_possible():
    assert (Share(0, 0).low, Share(0, 0).mean, Share(0, 0).high) == pytest.approx((0.1, 0.5, 0.9))


@given(counts)
def test_yes_and_no_mirror_each_other(share):
    other = Share(share.of - share.yes, share.of)
    assert (share.low, share.high) == pytest.approx((1 - other.high, 1 - other.low))


@given(counts, counts)
def test_being_apart_is_mutual(one, other):
    assert one.is_apart_from(other) == other.is_apart_from(one)
    assert not one.is_apart_from(one)


@pytest.mark.parametrize(("yes", "of"), [(-1, 5), (6, 5), (1, 0)])
def test_what_cannot_be_counted_is_refused(yes, of):
    with pytest.raises(ValueError, match="no count"):
        Share(yes, of)
