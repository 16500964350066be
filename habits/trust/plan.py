"""Which promises are due on a date, and how each stands."""

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from habits.days import OPEN_DAYS
from habits.trust.history import Answer, CadenceKind, Commitment, History, Lapse, Pillar, Reply

FOREVER = date.max.toordinal() + 1


class Standing(StrEnum):
    KEPT = "kept"
    BROKEN = "broken"
    RELEASED = "released"
    OPEN = "open"
    SILENT = "silent"


STANDINGS = {
    Reply.KEPT: Standing.KEPT,
    Reply.BROKEN: Standing.BROKEN,
    Reply.RELEASED: Standing.RELEASED,
}


@dataclass(frozen=True, slots=True)
class Promise:
    """One commitment on one date; `counted` is false for a release on a day it was not due."""

    commitment: Commitment
    date: date
    answer: Answer | None
    standing: Standing
    counted: bool = True


class Plan:
    """A history, indexed by date. ValueError for a repeated id or answer, or an unknown id."""

    def __init__(self, history: History):
        self.history = history
        self._lines = [_Line(commitment) for commitment in history.commitments]
        self._line_of = {line.commitment.id: line for line in self._lines}
        if len(self._line_of) != len(self._lines):
            raise ValueError("two commitments bear the same id")
        self._off = _merged(history.time_off)
        self._off_first = [first for first, _ in self._off]
        self._lapses = _by_date(history.lapses)
        self._strays: list[Answer] = []
        self._file_answers()

    @classmethod
    def of(cls, source: "History | Plan") -> "Plan":
        """The plan of a history; a plan is passed through."""
        return source if isinstance(source, Plan) else cls(source)

    def promises(self, day: date, today: date) -> tuple[Promise, ...]:
        """The promises of `day` in the order of the commitments, as they stand on `today`."""
        ordinal = day.toordinal()
        if self._is_off(ordinal):
            return ()
        weekday, week_first = self._week(ordinal)
        silent = today.toordinal() - ordinal > OPEN_DAYS
        unanswered = Standing.SILENT if silent else Standing.OPEN
        due = []
        for line in self._lines:
            if not line.fits(ordinal, weekday):
                continue
            answer = line.answers.get(ordinal)
            if not line.is_due(ordinal, week_first, answer):
                continue
            standing = unanswered if answer is None else STANDINGS[answer.reply]
            due.append(Promise(line.commitment, day, answer, standing))
        return tuple(due)

    def lapses(self, day: date) -> tuple[Lapse, ...]:
        """The lapses outside a promise on `day`."""
        return self._lapses.get(day, ())

    def optional(self, day: date, today: date) -> tuple[tuple[Commitment, int, int], ...]:
        """Times-a-week commitments that could be kept on `day` but need no answer and have none.

        Each with its answers of this week before `day` (none after `today`) and the number that
        this week asks for.
        """
        ordinal = day.toordinal()
        weekday, week_first = self._week(ordinal)
        return tuple(
            (
                line.commitment,
                line.answered(week_first, min(ordinal, today.toordinal() + 1)),
                line.quota(week_first),
            )
            for line in self._possible(ordinal, weekday)
            if ordinal not in line.answers and not line.is_due(ordinal, week_first, None)
        )

    def uncounted(self, day: date) -> tuple[Promise, ...]:
        """Releases on a day on which the commitment was not due: no promises, but to be shown."""
        ordinal = day.toordinal()
        weekday, week_first = self._week(ordinal)
        return tuple(
            Promise(line.commitment, day, answer, Standing.RELEASED, counted=False)
            for line in self._possible(ordinal, weekday)
            if (answer := line.answers.get(ordinal)) is not None
            and not line.is_due(ordinal, week_first, answer)
        )

    def can_be_due(self, commitment: Commitment | Hashable, day: date) -> bool:
        """Whether an answer to `commitment` (or its id) on `day` counts."""
        ordinal = day.toordinal()
        return self._can_be_due(self._line(commitment), ordinal)

    def due(self, commitment: Commitment | Hashable, day: date) -> bool:
        """Whether `commitment` has a promise on `day`, given its answer."""
        line, ordinal = self._line(commitment), day.toordinal()
        _, week_first = self._week(ordinal)
        answer = line.answers.get(ordinal)
        return self._can_be_due(line, ordinal) and line.is_due(ordinal, week_first, answer)

    def due_anyway(self, commitment: Commitment | Hashable, day: date) -> bool:
        """Whether `commitment` is due on `day` however it is answered."""
        line, ordinal = self._line(commitment), day.toordinal()
        _, week_first = self._week(ordinal)
        return self._can_be_due(line, ordinal) and line.is_due(ordinal, week_first, None)

    def stray_answers(self) -> tuple[Answer, ...]:
        """Answers on dates on which their commitment cannot be due: they count nowhere."""
        return tuple(self._strays)

    def ahead(self, today: date) -> Iterator[tuple[bool, bool]]:
        """Whether Character, Competency have a promise due on each day after `today`, for ever.

        As it is if every promise from tomorrow on is kept on the last day that it can be.
        """
        first = today.toordinal() + 1
        settled = self._settled(first)
        kept = self._kept_this_week(first)
        week = []
        for ordinal in range(first, settled + 7):
            flags = self._day_ahead(ordinal, kept)
            if ordinal >= settled:
                week.append(flags)
            yield flags
        while True:
            yield from week

    def _file_answers(self):
        for answer in sorted(self.history.answers, key=lambda a: a.date):
            line, ordinal = self._line(answer.commitment), answer.date.toordinal()
            if not self._can_be_due(line, ordinal):
                self._strays.append(answer)
            elif ordinal in line.answers:
                raise ValueError(f"two answers for {answer.commitment!r} on {answer.date}")
            else:
                line.answers[ordinal] = answer
                line.dates.append(ordinal)

    def _line(self, commitment):
        key = commitment.id if isinstance(commitment, Commitment) else commitment
        try:
            return self._line_of[key]
        except KeyError:
            raise ValueError(f"no commitment bears the id {key!r}") from None

    def _can_be_due(self, line, ordinal):
        return line.fits(ordinal, _weekday(ordinal)) and not self._is_off(ordinal)

    def _is_off(self, ordinal):
        at = bisect_right(self._off_first, ordinal) - 1
        return at >= 0 and ordinal <= self._off[at][1]

    def _week(self, ordinal):
        """The ISO weekday, and the ordinal of the week's first day (below 1 in the first week)."""
        weekday = _weekday(ordinal)
        return weekday, ordinal - (weekday - self.history.week_start) % 7

    def _possible(self, ordinal, weekday):
        if self._is_off(ordinal):
            return ()
        return (line for line in self._lines if line.times and line.fits(ordinal, weekday))

    def _settled(self, first):
        """The first day of the first whole week from `first` on after which nothing changes."""
        bounds = [ordinal for line in self._lines for ordinal in (line.first, line.last + 1)]
        bounds += [last + 1 for _, last in self._off]
        last_change = max((b for b in bounds if b <= FOREVER), default=first)
        _, week_first = self._week(max(first, last_change))
        return week_first + 7

    def _kept_this_week(self, first):
        _, week_first = self._week(first)
        return {line: line.answered(week_first, first) for line in self._lines if line.times}

    def _day_ahead(self, ordinal, kept):
        weekday, week_first = self._week(ordinal)
        if ordinal == week_first:
            kept.update(dict.fromkeys(kept, 0))
        due = set()
        for line in self._lines:
            if not line.fits(ordinal, weekday) or self._is_off(ordinal):
                continue
            if line.times:
                if not line.pressing(ordinal, week_first, kept[line]):
                    continue
                kept[line] += 1
            due.add(line.commitment.pillar)
        return Pillar.CHARACTER in due, Pillar.COMPETENCY in due


class _Line:
    """One commitment with its answers, in ordinals."""

    __slots__ = ("answers", "commitment", "dates", "first", "last", "picked", "times", "weekdays")

    def __init__(self, commitment):
        self.commitment = commitment
        self.answers = {}
        self.dates = []
        cadence = commitment.cadence
        retired = commitment.retired_on
        self.picked = commitment.picked_on.toordinal()
        self.first = self.picked
        self.last = FOREVER if retired is None else retired.toordinal()
        if cadence.kind is CadenceKind.ONCE:
            self.first = max(self.first, cadence.date.toordinal())
            self.last = min(self.last, cadence.date.toordinal())
        self.times = cadence.times
        self.weekdays = cadence.days or None

    def fits(self, ordinal, weekday):
        """Whether it can be due, time off aside."""
        return self.first <= ordinal <= self.last and (
            self.weekdays is None or weekday in self.weekdays
        )

    def is_due(self, ordinal, week_first, answer):
        """Whether it is due on a date on which it can be, with this answer."""
        if self.times is None or (answer is not None and answer.reply != Reply.RELEASED):
            return True
        return self.pressing(ordinal, week_first, self.answered(week_first, ordinal))

    def pressing(self, ordinal, week_first, answered):
        """Whether a times-a-week promise can no longer be postponed."""
        left = week_first + 7 - ordinal
        return self.quota(week_first) - answered >= left

    def quota(self, week_first):
        """How often this week asks for it: fewer in the week in which it was picked."""
        span = week_first + 7 - max(week_first, self.picked)
        return -(-self.times * span // 7)

    def answered(self, week_first, before):
        """Its answers of any kind from the week's first day to the day before `before`."""
        return bisect_left(self.dates, before) - bisect_left(self.dates, week_first)


def _weekday(ordinal):
    return (ordinal + 6) % 7 + 1


def _merged(time_off):
    """Time off as sorted, separate ranges of ordinals."""
    merged = []
    for first, last in sorted((t.first.toordinal(), t.last.toordinal()) for t in time_off):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged


def _by_date(lapses):
    days = {}
    for lapse in lapses:
        days.setdefault(lapse.date, []).append(lapse)
    return {day: tuple(found) for day, found in days.items()}
