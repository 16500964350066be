"""What comes of it: what a lapse would cost, what keeping would add, and how long it takes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import islice
from math import sqrt

from habits.trust.account import (
    FULL,
    SCAR_FADE,
    START,
    Day,
    State,
    ceiling,
    fragility,
    gained_share,
)
from habits.trust.fold import fold, step
from habits.trust.history import Answer, History, Lapse, Nature, Reply
from habits.trust.plan import STANDINGS, Plan, Promise, Standing

HORIZON = 3 * 365  # days; what takes longer is called never


class Level(StrEnum):
    """How far an account has come."""

    NEEDS_REPAIR = "needs_repair"
    MENDING = "mending"
    PROVING = "proving"
    RELIABLE = "reliable"
    STEADY = "steady"
    PROVEN = "proven"


LEAST = {  # the lowest balance of each
    Level.NEEDS_REPAIR: 0.0,
    Level.MENDING: 25.0,
    Level.PROVING: 50.0,
    Level.RELIABLE: 70.0,
    Level.STEADY: 85.0,
    Level.PROVEN: 95.0,
}


@dataclass(frozen=True, slots=True)
class Stake:
    """What a lapse outside a promise would cost today, in points of balance.

    `days_back` counts the days until the balance is at least what it is today, if everything due
    from tomorrow on is kept; None for never (three years or more).
    """

    nature: Nature
    told: bool
    cost: float
    days_back: int | None


@dataclass(frozen=True, slots=True)
class DayStake:
    """What today's open promises are about, in points of balance, both above 0.

    `gain` is what all of them add if they are kept, `cost` what the dearest of them takes if it
    is broken by a mistake that stays unsaid.
    """

    gain: float
    cost: float


STAKES = (
    (Nature.MISTAKE, True),
    (Nature.MISTAKE, False),
    (Nature.CHOICE, False),
    (Nature.DECEPTION, False),
)


def level(balance: float) -> Level:
    """The level of a balance; a threshold belongs to the level above it."""
    return next(name for name in reversed(Level) if balance >= LEAST[name])


def next_level(balance: float) -> tuple[Level, float] | None:
    """The level above and the balance it takes, or None at the top."""
    return next(((name, least) for name, least in LEAST.items() if least > balance), None)


def stakes(source: History | Plan, today: date, since: State | None = None) -> tuple[Stake, ...]:
    """What a lapse of each kind would cost now: mistake told, not told, choice, deception."""
    plan = Plan.of(source)
    now = _today(plan, today, since)
    return tuple(_stake(plan, now, nature, told) for nature, told in STAKES)


def day_stake(source: History | Plan, today: date, since: State | None = None) -> DayStake | None:
    """What is at stake with today's open promises, or None if none is open."""
    now = _today(Plan.of(source), today, since)
    opened = [promise for promise in now.promises if promise.standing is Standing.OPEN]
    if not opened:
        return None
    kept = _answered(now, opened, Reply.KEPT)
    broken = min(_answered(now, [promise], Reply.BROKEN).balance for promise in opened)
    return DayStake(kept.balance - now.state.balance, now.state.balance - broken)


def project(state: State, source: History | Plan, today: date, days: int) -> float:
    """The balance `days` after `today` if everything due from tomorrow on is kept.

    `state` is the account at the end of `today`.
    """
    ahead = list(islice(_balances(state, Plan.of(source), today), days))
    return ahead[-1] if ahead else state.balance


def days_to(balance: float, state: State, source: History | Plan, today: date) -> int | None:
    """Days until the account holds `balance` if everything due from tomorrow on is kept.

    0 if it does so today; None for never (three years or more).
    """
    if state.balance >= balance:
        return 0
    if sqrt(ceiling(state.scar_lasting, 0.0) * FULL) < balance:
        return None
    ahead = islice(_balances(state, Plan.of(source), today), HORIZON)
    return next((n for n, reached in enumerate(ahead, start=1) if reached >= balance), None)


def _today(plan, today, since):
    """Today as it stands; ValueError if `since` is not of an earlier day."""
    if since is not None and since.date is not None and since.date >= today:
        raise ValueError(f"{since.date} is not before {today}")
    days = fold(plan, today, since)
    return days[-1] if days else step(since or START, today, (), ())


def _stake(plan, now, nature, told):
    lapses = (*now.lapses, Lapse(now.date, nature, told))
    lapsed = step(now.before, now.date, now.promises, lapses).state
    balance = now.state.balance
    days_back = days_to(balance, lapsed, plan, now.date)
    return Stake(nature, told, balance - lapsed.balance, days_back)


def _answered(now: Day, promises: list[Promise], reply: Reply) -> State:
    """The account at the end of the day if these promises were answered so."""
    promises = tuple(_said(p, reply) if p in promises else p for p in now.promises)
    return step(now.before, now.date, promises, now.lapses).state


def _said(promise, reply):
    answer = Answer(promise.commitment.id, promise.date, reply)
    return replace(promise, answer=answer, standing=STANDINGS[reply])


def _balances(state, plan, today) -> Iterator[float]:
    """The balance of each day after `today`, if every promise due is kept."""
    character, competency = state.character, state.competency
    character_streak, competency_streak = state.character_streak, state.competency_streak
    fading = state.scar_fading
    for character_due, competency_due in plan.ahead(today):
        if character_due:
            character_streak += 1
            fading *= 1.0 - SCAR_FADE
            top = ceiling(state.scar_lasting, fading)
            character += gained_share(1.0, fragility(character_streak)) * (top - character)
        if competency_due:
            competency_streak += 1
            share = gained_share(1.0, fragility(competency_streak))
            competency += share * (FULL - competency)
        yield sqrt(character * competency)
