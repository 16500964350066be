"""How sure a count is: the share of yes that so many answers speak for, and between what bounds."""

from dataclasses import dataclass
from functools import lru_cache
from math import comb

DAYS = 56  # how far back promises are counted
MASS = 0.8  # of the posterior, between the bounds
STEPS = 60  # halvings: a bound is then exact to a double


@dataclass(frozen=True, slots=True)
class Share:
    """`yes` of `of` said yes; ValueError for a count that cannot be.

    The mean and the central 80 % interval are those of Beta(yes + 1, no + 1), the posterior of a
    flat prior (Laplace's rule of succession); all from 0 to 1.
    """

    yes: int
    of: int

    def __post_init__(self):
        if not 0 <= self.yes <= self.of:
            raise ValueError(f"{self.yes} of {self.of} is no count")

    @property
    def mean(self) -> float:
        return (self.yes + 1) / (self.of + 2)

    @property
    def low(self) -> float:
        return _quantile((1 - MASS) / 2, self.yes, self.of)

    @property
    def high(self) -> float:
        return _quantile((1 + MASS) / 2, self.yes, self.of)

    @property
    def is_unanimous(self) -> bool:
        """Whether the count says of everyone what they answered."""
        return self.yes in (0, self.of)

    def is_apart_from(self, other: "Share") -> bool:
        """Whether the two intervals do not overlap."""
        return self.low > other.high or self.high < other.low


@lru_cache(maxsize=4096)
def _quantile(mass: float, yes: int, of: int) -> float:
    low, high = 0.0, 1.0
    for _step in range(STEPS):
        middle = (low + high) / 2
        if _below(middle, yes, of) < mass:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _below(x: float, yes: int, of: int) -> float:
    """The mass of Beta(yes + 1, of - yes + 1) below x: a binomial tail, as both are integers."""
    n = of + 1
    return sum(comb(n, k) * x**k * (1 - x) ** (n - k) for k in range(yes + 1, n + 1))
