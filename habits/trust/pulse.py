"""What people answered: when a round may be shown at all, and how much of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from habits.trust.shares import Share

LEAST_INVITED = 6
LEAST_ANSWERS = 5  # of a round, and of an item: fewer are never shown
LEAST_FOR_NUMBERS = 10
OPEN_FOR = timedelta(days=7)
NOTICE = timedelta(days=1)  # from saying that a round closes early to its close
APART = timedelta(days=28)  # from the opening of a round to the next
BOXES = 5  # 0 not at all, 1 a little, 2 partly, 3 largely, 4 completely
CANNOT_SAY = BOXES  # the place of "can't say" in a tally
YES = (3, 4)  # the top two boxes


class Item(StrEnum):
    """The five, in the order in which they are asked; FOLLOW is the outcome of the others."""

    ABILITY = "ability"
    BENEVOLENCE = "benevolence"
    INTEGRITY = "integrity"
    CONGRUENCE = "congruence"
    FOLLOW = "follow"


class Band(StrEnum):
    """What is said of an item where a number would say too much."""

    MOSTLY_YES = "mostly_yes"
    MIXED = "mixed"
    MOSTLY_NO = "mostly_no"


class Trend(StrEnum):
    """An item beside the round before."""

    HIGHER = "higher"
    LOWER = "lower"
    SAME = "same"


class State(StrEnum):
    """Where a round stands."""

    OPEN = "open"
    VOID = "void"  # sealed with a secret that this host no longer has
    WITHDRAWN = "withdrawn"
    TOO_FEW = "too_few"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Tally:
    """How often each box was ticked, "can't say" last; ValueError for what is no tally."""

    boxes: tuple[int, ...]

    def __post_init__(self):
        if len(self.boxes) != BOXES + 1 or min(self.boxes) < 0:
            raise ValueError(f"a tally has {BOXES + 1} counts from 0 up")

    @property
    def answered(self) -> int:
        """Who had something to say."""
        return sum(self.boxes[:BOXES])

    @property
    def asked(self) -> int:
        """Everyone who sent the form."""
        return sum(self.boxes)

    @property
    def share(self) -> Share:
        """The share of yes among those who had something to say."""
        return Share(sum(self.boxes[box] for box in YES), self.answered)

    @property
    def level(self) -> float:
        """The mean box from 0 to 4, which parts items of the same share; 0.0 without an answer."""
        ticked = sum(box * times for box, times in enumerate(self.boxes[:BOXES]))
        return ticked / self.answered if self.answered else 0.0

    def with_answer(self, box: int) -> "Tally":
        """One more tick."""
        return Tally(tuple(times + (at == box) for at, times in enumerate(self.boxes)))


EMPTY = Tally((0,) * (BOXES + 1))


@dataclass(frozen=True, slots=True)
class Finding:
    """What may be said of one item: always its band, its share only where nobody shows through."""

    item: Item
    band: Band
    share: Share | None
    trend: Trend | None  # None where there is nothing before to compare with


@dataclass(frozen=True, slots=True)
class Result:
    """A published round. `strength` and `gap` are of the first four items, None where all tie."""

    findings: tuple[Finding, ...]
    partial: bool  # less than half of those invited answered
    strength: Item | None
    gap: Item | None

    def of(self, item: Item) -> Finding | None:
        return next((finding for finding in self.findings if finding.item is item), None)


def state(
    tallies: Sequence[Tally], closes_at: datetime, now: datetime, withdrawn: bool = False
) -> State:
    """Where a round stands; before it closes, nothing tells how many have answered."""
    if withdrawn:
        return State.WITHDRAWN
    if now < closes_at:
        return State.OPEN
    return State.PUBLISHED if answers(tallies) >= LEAST_ANSWERS else State.TOO_FEW


def answers(tallies: Sequence[Tally]) -> int:
    """How many forms came in."""
    return tallies[0].asked


def result(
    tallies: Sequence[Tally], invited: int, before: Sequence[Tally] | None = None
) -> Result | None:
    """What a closed round may show, beside the published one before it; None below the floor."""
    if invited < LEAST_INVITED or answers(tallies) < LEAST_ANSWERS:
        return None
    shown = {item: tally for item, tally in zip(Item, tallies, strict=True) if _is_shown(tally)}
    earlier = dict(zip(Item, before, strict=True)) if before else {}
    strength, gap = _ends(shown)
    return Result(
        findings=tuple(_finding(item, tally, earlier.get(item)) for item, tally in shown.items()),
        partial=2 * answers(tallies) < invited,
        strength=strength,
        gap=gap,
    )


def band(share: Share) -> Band:
    """Mostly yes or no from two thirds on; "all" is never said."""
    if 3 * share.yes >= 2 * share.of:
        return Band.MOSTLY_YES
    return Band.MOSTLY_NO if 3 * share.yes <= share.of else Band.MIXED


def opens_again(opened_at: datetime) -> datetime:
    """The instant from which the next round may be opened."""
    return opened_at + APART


def _finding(item: Item, tally: Tally, before: Tally | None) -> Finding:
    share = tally.share
    # Where all said yes, or all no, a number would say of each what they ticked.
    countable = share.of >= LEAST_FOR_NUMBERS and not share.is_unanimous
    return Finding(item, band(share), share if countable else None, _trend(share, before))


def _trend(share: Share, before: Tally | None) -> Trend | None:
    if before is None or not _is_shown(before):
        return None
    if not share.is_apart_from(before.share):
        return Trend.SAME
    return Trend.HIGHER if share.mean > before.share.mean else Trend.LOWER


def _is_shown(tally: Tally) -> bool:
    return tally.answered >= LEAST_ANSWERS


def _ends(shown: dict[Item, Tally]) -> tuple[Item | None, Item | None]:
    """The strongest and the weakest of the first four."""
    order = [item for item in shown if item is not Item.FOLLOW]
    ranked = sorted(order, key=lambda item: (shown[item].share.mean, shown[item].level))
    if len(ranked) < 2 or _same(shown[ranked[0]], shown[ranked[-1]]):
        return None, None
    return ranked[-1], ranked[0]


def _same(one: Tally, other: Tally) -> bool:
    return (one.share.mean, one.level) == (other.share.mean, other.level)
