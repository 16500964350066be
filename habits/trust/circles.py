"""Intention, behavior and perception as three circles: how far they overlap, and where they lie."""

from dataclasses import dataclass
from enum import StrEnum
from math import acos, hypot, pi, sqrt

from habits.trust.pulse import Band
from habits.trust.shares import Share

LEAST_PROMISES = 10  # kept or lapsed: with fewer it is too early to say
STEPS = 60  # halvings of a distance
DRAWN = {Band.MOSTLY_YES: 0.8, Band.MIXED: 0.5, Band.MOSTLY_NO: 0.2}  # where a band is drawn
APART = 0.98  # of ρ: how far a circle lies whose overlaps nobody knows yet


class Link(StrEnum):
    """An overlap of two circles."""

    WORD_DEED = "word_deed"  # intention and behavior
    DEED_SEEN = "deed_seen"  # behavior and perception
    INTENT_FELT = "intent_felt"  # intention and perception


@dataclass(frozen=True, slots=True)
class Overlap:
    """How much two circles share: a counted share, or a band where a number would say too much."""

    link: Link
    share: Share | None = None
    band: Band | None = None

    def __post_init__(self):
        if (self.share is None) == (self.band is None):
            raise ValueError("an overlap is a share or a band")

    @property
    def q(self) -> float:
        """0 apart to 1 the same: the mean of its Beta posterior, or where its band is drawn."""
        return self.share.mean if self.share else DRAWN[self.band]


@dataclass(frozen=True, slots=True)
class Point:
    x: float
    y: float

    def to(self, other: "Point") -> float:
        return hypot(self.x - other.x, self.y - other.y)


@dataclass(frozen=True, slots=True)
class Layout:
    """The centres of three equal circles of radius 1; Perception lies at y ≥ 0."""

    intention: Point
    behavior: Point
    perception: Point


def sweet_spot(*overlaps: Overlap) -> Overlap:
    """The weakest of the three: trust is no greater than its weakest link."""
    return min(overlaps, key=lambda overlap: overlap.q)


def distance(q: float) -> float:
    """How far apart the centres of two circles of radius 1 lie that share the part q of their area.

    Solves q = (2/π)(acos t − t·sqrt(1 − t²)) with t = d/2; from 0 (q 1) to 2 (q 0).
    """
    if not 0 <= q <= 1:
        raise ValueError(f"an overlap is from 0 to 1, not {q}")
    near, far = 0.0, 1.0
    for _step in range(STEPS):
        middle = (near + far) / 2
        if shared_area(2 * middle) > q:
            near = middle
        else:
            far = middle
    return near + far


def shared_area(d: float) -> float:
    """The part of its area that a circle of radius 1 shares with its like at the distance d ≤ 2."""
    t = d / 2
    return 2 / pi * (acos(t) - t * sqrt(1 - t * t))


def layout(word_deed: float, deed_seen: float, intent_felt: float) -> Layout:
    """Where the circles lie for these overlaps (0 to 1)."""
    to_behavior, to_perception = distance(word_deed), distance(intent_felt)
    return triangle(to_behavior, distance(deed_seen), to_perception)


def unknown(word_deed: float) -> Layout:
    """Where they lie while nobody has said what they perceive: Perception keeps a set distance."""
    to_behavior = distance(word_deed)
    return triangle(to_behavior, APART, APART)


def triangle(to_behavior: float, between: float, to_perception: float) -> Layout:
    """Intention at the origin, Behavior on the x axis, Perception by the law of cosines.

    Where the three do not close, the longest is shortened until the triangle is flat.
    """
    b, c, p = _closing(to_behavior, between, to_perception)
    x = (b * b + p * p - c * c) / (2 * b) if b else p
    y = sqrt(max(0.0, p * p - x * x))
    return Layout(Point(0.0, 0.0), Point(b, 0.0), Point(x, y))


def _closing(*sides: float) -> tuple[float, ...]:
    longest = max(range(3), key=lambda at: sides[at])
    others = sum(sides) - sides[longest]
    return tuple(min(side, others) if at == longest else side for at, side in enumerate(sides))
