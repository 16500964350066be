"""What happened, as values: the only thing that the account is made from."""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum


class Pillar(StrEnum):
    CHARACTER = "character"
    COMPETENCY = "competency"


class Reply(StrEnum):
    """What an answer says about a promise."""

    KEPT = "kept"
    BROKEN = "broken"
    RELEASED = "released"


class Nature(StrEnum):
    MISTAKE = "mistake"
    CHOICE = "choice"
    DECEPTION = "deception"


class CadenceKind(StrEnum):
    DAILY = "daily"
    WEEKDAYS = "weekdays"
    PER_WEEK = "per_week"
    ONCE = "once"


@dataclass(frozen=True, slots=True)
class Cadence:
    """When a commitment can be due; ValueError if the parts do not fit the kind."""

    kind: CadenceKind
    days: frozenset[int] = frozenset()  # ISO weekdays, 1 Monday to 7 Sunday
    times: int | None = None  # a week, 1 to 6
    date: "date | None" = None

    def __post_init__(self):
        object.__setattr__(self, "kind", CadenceKind(self.kind))
        object.__setattr__(self, "days", frozenset(self.days))
        self._check_days()
        self._check_times()
        self._check_date()

    @classmethod
    def daily(cls):
        return cls(CadenceKind.DAILY)

    @classmethod
    def weekdays(cls, days):
        return cls(CadenceKind.WEEKDAYS, days=frozenset(days))

    @classmethod
    def per_week(cls, times):
        return cls(CadenceKind.PER_WEEK, times=times)

    @classmethod
    def once(cls, on):
        return cls(CadenceKind.ONCE, date=on)

    def _check_days(self):
        if self.kind is not CadenceKind.WEEKDAYS:
            if self.days:
                raise ValueError(f"{self.kind} takes no days")
        elif not self.days or not self.days <= set(range(1, 8)):
            raise ValueError("weekdays takes at least one of the ISO weekdays 1 to 7")

    def _check_times(self):
        if self.kind is not CadenceKind.PER_WEEK:
            if self.times is not None:
                raise ValueError(f"{self.kind} takes no times")
        elif self.times not in range(1, 7):
            raise ValueError("per_week takes 1 to 6 times")

    def _check_date(self):
        if (self.kind is CadenceKind.ONCE) != (self.date is not None):
            raise ValueError("once, and only once, takes a date")


@dataclass(frozen=True, slots=True)
class Commitment:
    """A standing practice; due from `picked_on` to `retired_on`, both included."""

    id: Hashable
    pillar: Pillar
    cadence: Cadence
    picked_on: date
    retired_on: date | None = None
    person: Hashable | None = None
    title: str = ""
    intention: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to one promise; `commitment` is an id; nature and told stand only with broken."""

    commitment: Hashable
    date: date
    reply: Reply
    nature: Nature | None = None
    told: bool = False

    def __post_init__(self):
        if self.reply != Reply.BROKEN and (self.nature is not None or self.told):
            raise ValueError("nature and told stand only with a broken promise")


@dataclass(frozen=True, slots=True)
class Lapse:
    """A lapse outside a promise; `told` moves nothing but a mistake."""

    date: date
    nature: Nature
    told: bool = False
    person: Hashable | None = None
    id: Hashable | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class TimeOff:
    """Dates on which nothing is due, both ends included."""

    first: date
    last: date

    def __post_init__(self):
        if self.last < self.first:
            raise ValueError("time off ends before it begins")


@dataclass(frozen=True, slots=True)
class History:
    """One leader's record; `week_start` is an ISO weekday; the tuples' order moves nothing."""

    week_start: int = 1
    commitments: tuple[Commitment, ...] = ()
    answers: tuple[Answer, ...] = ()
    lapses: tuple[Lapse, ...] = ()
    time_off: tuple[TimeOff, ...] = ()

    def __post_init__(self):
        if self.week_start not in range(1, 8):
            raise ValueError("the week starts on an ISO weekday, 1 to 7")

    def for_person(self, person):
        """What bears exactly this person; time off applies to all."""
        commitments = tuple(c for c in self.commitments if c.person == person)
        ids = {commitment.id for commitment in commitments}
        return replace(
            self,
            commitments=commitments,
            answers=tuple(a for a in self.answers if a.commitment in ids),
            lapses=tuple(lapse for lapse in self.lapses if lapse.person == person),
        )

    def until(self, today):
        """The same without answers and lapses after `today`."""
        return replace(
            self,
            answers=tuple(a for a in self.answers if a.date <= today),
            lapses=tuple(lapse for lapse in self.lapses if lapse.date <= today),
        )
