"""The account: its constants, its state, and the lines of its ledger."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from math import exp, sqrt
from types import MappingProxyType

from habits.trust.history import Lapse, Nature, Pillar
from habits.trust.plan import Promise

VERSION = 1  # a changed constant is a new version

START_TRUST = 50.0
GROWTH = 0.02
YOUNG = 21.0
BACK = 3
TOLD = 0.02
UNTOLD = 0.06
CHOICE = 0.25
DECEPTION = 0.60
SCAR_LASTING = 10.0
SCAR_FADING = 10.0
SCAR_FADE = 0.01
SCAR_LIMIT = 40.0
FULL = 100.0


class EntryKind(StrEnum):
    """What moved the account: a pillar's kept promises, or one promise or lapse."""

    KEPT = "kept"
    BROKEN = "broken"
    SILENT = "silent"
    LAPSE = "lapse"


@dataclass(frozen=True, slots=True)
class State:
    """The account at the end of `date`; `own` holds (streak, longest) by commitment id."""

    date: "date | None" = None
    character: float = START_TRUST
    competency: float = START_TRUST
    character_streak: int = 0
    competency_streak: int = 0
    scar_lasting: float = 0.0
    scar_fading: float = 0.0
    absent: bool = False
    back: int = 0
    streak: int = 0
    longest: int = 0
    own: Mapping[object, tuple[int, int]] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def balance(self) -> float:
        return sqrt(self.character * self.competency)

    @property
    def ceiling(self) -> float:
        """What Character can grow to while the scars are as they are."""
        return ceiling(self.scar_lasting, self.scar_fading)

    def own_streak(self, commitment_id) -> tuple[int, int]:
        """The commitment's own streak and its longest so far."""
        return self.own.get(commitment_id, (0, 0))


START = State()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger: what happened, what it changed, and why so much.

    A KEPT entry is a pillar's deposit of the day and bears the kept promises; the others bear one
    promise or one lapse. `share` is the part of trust that was lost, or the part of the gap to
    `ceiling` that was closed; a silent day of an absence is an entry with rate 0.
    """

    kind: EntryKind
    pillar: Pillar  # the pillar that changed: Character for a choice, whose ever the promise is
    promises: tuple[Promise, ...]
    lapse: Lapse | None
    nature: Nature | None
    told: bool
    rate: float  # before fragility: of the loss, or GROWTH
    fragility: float  # of the streak that counted, 1 young to 0 firm
    share: float
    kept: int  # of `counted` promises of the pillar (those not released)
    counted: int
    ceiling: float
    scar: float  # points taken off the ceiling of Character
    streak_before: int  # of the pillar, before the day and after it
    streak_after: int
    trust_change: float
    balance_change: float  # a day's entries add up to the day's change of balance

    @property
    def reset(self) -> bool:
        """Whether the pillar's streak fell to 0 that day."""
        return self.streak_before > 0 and self.streak_after == 0


@dataclass(frozen=True, slots=True)
class Day:
    """One date: its promises and lapses, the account before and at its end, and the ledger."""

    date: date
    promises: tuple[Promise, ...]
    lapses: tuple[Lapse, ...]
    before: State
    state: State
    entries: tuple[Entry, ...]


def fragility(streak: int) -> float:
    """How fragile trust is after so many good days: 1 at none, towards 0."""
    return exp(-streak / YOUNG)


def ceiling(scar_lasting: float, scar_fading: float) -> float:
    """What Character can grow to under these scars."""
    return FULL - min(SCAR_LIMIT, scar_lasting + scar_fading)


def lost_share(rate: float, fragile: float) -> float:
    """The share of trust that a charge takes."""
    return rate * (1.0 + 0.5 * fragile)


def gained_share(kept_share: float, fragile: float) -> float:
    """The share of the gap to the ceiling that a day's deposit closes."""
    return GROWTH * kept_share * (1.0 - 0.5 * fragile)
