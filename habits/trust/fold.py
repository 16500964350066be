"""The fold: day by day, what happened becomes what the account holds."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from math import sqrt
from types import MappingProxyType

from habits.trust.account import (
    BACK,
    CHOICE,
    DECEPTION,
    FULL,
    GROWTH,
    SCAR_FADE,
    SCAR_FADING,
    SCAR_LASTING,
    START,
    TOLD,
    UNTOLD,
    Day,
    Entry,
    EntryKind,
    State,
    ceiling,
    fragility,
    gained_share,
    lost_share,
)
from habits.trust.history import History, Lapse, Nature, Pillar
from habits.trust.plan import Plan, Promise, Standing


def fold(source: History | Plan, today: date, since: State | None = None) -> list[Day]:
    """Every day from the first, or from the day after `since`, to `today`.

    To resume, the history has to hold the answers from the first day of that day's week on.
    """
    return list(walk(source, today, since))


def walk(source: History | Plan, today: date, since: State | None = None) -> Iterator[Day]:
    """The days of `fold`, one at a time."""
    plan = Plan.of(source)
    state = since or START
    if state.date is None:
        first = first_day(plan.history, today)
        if first is None:
            return
        start = first.toordinal()
    else:
        start = state.date.toordinal() + 1
    for ordinal in range(start, today.toordinal() + 1):
        day = date.fromordinal(ordinal)
        done = step(state, day, plan.promises(day, today), plan.lapses(day))
        yield done
        state = done.state


def first_day(history: History, today: date) -> date | None:
    """The first date of the account as of `today`, or None while it has no day."""
    picked = [commitment.picked_on for commitment in history.commitments]
    lapsed = [lapse.date for lapse in history.lapses if lapse.date <= today]
    first = min(picked + lapsed, default=None)
    return first if first is not None and first <= today else None


def step(before: State, day: date, promises: tuple[Promise, ...], lapses: tuple[Lapse, ...]) -> Day:
    """One day of the fold."""
    if not promises and not lapses:
        return Day(day, promises, lapses, before, replace(before, date=day), ())
    return _Step(before, day, promises, lapses).day()


class _Charge:
    """A withdrawal on its way: what causes it and its rate."""

    __slots__ = ("kind", "lapse", "nature", "promises", "rate", "told")

    def __init__(self, kind, rate, promises=(), lapse=None, nature=None, told=False):
        self.kind, self.rate = kind, rate
        self.promises, self.lapse = promises, lapse
        self.nature, self.told = nature, told

    @property
    def scar(self):
        return SCAR_LASTING + SCAR_FADING if self.nature == Nature.DECEPTION else 0.0


class _Side:
    """One pillar during one day."""

    __slots__ = (
        "charges",
        "counted",
        "due",
        "kept",
        "pillar",
        "reset",
        "streak",
        "streak_before",
        "trust",
    )

    def __init__(self, pillar, trust, streak):
        self.pillar, self.trust = pillar, trust
        self.streak = self.streak_before = streak
        self.due = self.counted = 0
        self.kept = []
        self.charges = []
        self.reset = False

    def count(self, promise):
        self.due += 1
        if promise.standing is not Standing.RELEASED:
            self.counted += 1
        if promise.standing is Standing.KEPT:
            self.kept.append(promise)

    def settle_streak(self):
        """Whether the pillar had a good day."""
        if self.reset:
            self.streak = 0
        elif not self.charges and 0 < self.counted == len(self.kept):
            self.streak += 1
            return True
        return False


class _Step:
    """One day with something in it, in the order of the specification."""

    def __init__(self, before, day, promises, lapses):
        self.before, self.date = before, day
        self.promises, self.lapses = promises, lapses
        self.character = _Side(Pillar.CHARACTER, before.character, before.character_streak)
        self.competency = _Side(Pillar.COMPETENCY, before.competency, before.competency_streak)
        self.sides = {Pillar.CHARACTER: self.character, Pillar.COMPETENCY: self.competency}
        self.scar_lasting, self.scar_fading = before.scar_lasting, before.scar_fading
        self.standings = {promise.standing for promise in promises}
        self.wholly_silent = not lapses and self.standings == {Standing.SILENT}
        self.entries = []

    def day(self):
        self._charge()
        self._settle_streaks()
        self._withdraw()
        self._deposit(self.character, ceiling(self.scar_lasting, self.scar_fading))
        self._deposit(self.competency, FULL)
        return Day(
            self.date, self.promises, self.lapses, self.before, self._state(), tuple(self.entries)
        )

    def _charge(self):
        for promise in self.promises:
            self.sides[promise.commitment.pillar].count(promise)
        for promise in self.promises:
            if promise.standing is Standing.BROKEN:
                self._charge_broken(promise)
            elif promise.standing is Standing.SILENT:
                self._charge_silent(promise)
        for lapse in self.lapses:
            self._charge_lapse(lapse)

    def _charge_broken(self, promise):
        side, answer = self.sides[promise.commitment.pillar], promise.answer
        nature = answer.nature or Nature.MISTAKE
        if nature == Nature.MISTAKE:
            rate = (TOLD if answer.told else UNTOLD) / side.due
            side.reset = side.reset or not answer.told
        else:
            side, rate = self._betrayed(nature)
        side.charges.append(
            _Charge(EntryKind.BROKEN, rate, (promise,), nature=nature, told=answer.told)
        )

    def _charge_silent(self, promise):
        side = self.sides[promise.commitment.pillar]
        spared = self.before.absent and self.wholly_silent
        rate = 0.0 if spared else UNTOLD / side.due
        side.reset = True
        side.charges.append(_Charge(EntryKind.SILENT, rate, (promise,)))

    def _charge_lapse(self, lapse):
        if lapse.nature == Nature.MISTAKE:
            side, rate = self.competency, TOLD if lapse.told else UNTOLD
            side.reset = side.reset or not lapse.told
        else:
            side, rate = self._betrayed(lapse.nature)
        side.charges.append(
            _Charge(EntryKind.LAPSE, rate, lapse=lapse, nature=lapse.nature, told=lapse.told)
        )

    def _betrayed(self, nature):
        """A choice or a deception is Character's, whole, whatever it was about."""
        self.character.reset = True
        if nature == Nature.CHOICE:
            return self.character, CHOICE
        self.scar_lasting += SCAR_LASTING
        self.scar_fading += SCAR_FADING
        return self.character, DECEPTION

    def _settle_streaks(self):
        if self.character.settle_streak():
            self.scar_fading *= 1.0 - SCAR_FADE
        self.competency.settle_streak()

    def _withdraw(self):
        for side in (self.character, self.competency):
            fragile = fragility(side.streak_before) if side.charges else 0.0
            for charge in sorted(side.charges, key=_by_rate):
                share = lost_share(charge.rate, fragile)
                self._enter(side, charge, fragile, share, side.trust * (1.0 - share))

    def _deposit(self, side, top):
        if not side.kept:
            return
        fragile = fragility(side.streak)
        share = gained_share(len(side.kept) / side.counted, fragile)
        deposit = _Charge(EntryKind.KEPT, GROWTH, tuple(side.kept))
        self._enter(side, deposit, fragile, share, side.trust + share * (top - side.trust))

    def _enter(self, side, cause, fragile, share, trust):
        """Move the side's trust and write the line about it."""
        was_trust, was_balance = side.trust, sqrt(self.character.trust * self.competency.trust)
        side.trust = trust
        is_character = side is self.character
        self.entries.append(
            Entry(
                kind=cause.kind,
                pillar=side.pillar,
                promises=cause.promises,
                lapse=cause.lapse,
                nature=cause.nature,
                told=cause.told,
                rate=cause.rate,
                fragility=fragile,
                share=share,
                kept=len(side.kept),
                counted=side.counted,
                ceiling=ceiling(self.scar_lasting, self.scar_fading) if is_character else FULL,
                scar=cause.scar,
                streak_before=side.streak_before,
                streak_after=side.streak,
                trust_change=trust - was_trust,
                balance_change=sqrt(self.character.trust * self.competency.trust) - was_balance,
            )
        )

    def _state(self):
        absent, back = self._absence()
        streak = self._streak()
        return State(
            date=self.date,
            character=self.character.trust,
            competency=self.competency.trust,
            character_streak=self.character.streak,
            competency_streak=self.competency.streak,
            scar_lasting=self.scar_lasting,
            scar_fading=self.scar_fading,
            absent=absent,
            back=back,
            streak=streak,
            longest=max(streak, self.before.longest),
            own=self._own(),
        )

    def _absence(self):
        absent, back = self.before.absent, self.before.back
        if self.wholly_silent:
            return True, back if absent else 0
        if absent and self.standings & {Standing.KEPT, Standing.BROKEN}:
            back += 1
            absent = back < BACK
        return absent, back

    def _streak(self):
        if self.lapses or self.standings & {Standing.BROKEN, Standing.SILENT}:
            return 0
        if Standing.KEPT in self.standings and Standing.OPEN not in self.standings:
            return self.before.streak + 1
        return self.before.streak

    def _own(self):
        own = dict(self.before.own)
        for promise in self.promises:
            streak, longest = own.get(promise.commitment.id, (0, 0))
            if promise.standing is Standing.KEPT:
                own[promise.commitment.id] = streak + 1, max(longest, streak + 1)
            elif promise.standing in (Standing.BROKEN, Standing.SILENT):
                own[promise.commitment.id] = 0, longest
        return MappingProxyType(own)


def _by_rate(charge):
    return -charge.rate
