"""Loop Habit Tracker: what its numbers mean, in whichever file they come.

Sources: uhabits-core, core/models/Entry.kt and core/io/HabitsCSVExporter.kt.
"""

from dataclasses import dataclass

from habits.importers.drafts import Habit, Said, Sketch
from habits.trust.history import Cadence, Reply

FAMILY = "loop"
UNKNOWN, NO, YES_AUTO, YES_MANUAL, SKIP = -1, 0, 1, 2, 3
THOUSANDTHS = 1000
LARGEST = 2**31


@dataclass(frozen=True)
class Measure:
    """Of a numerical habit: the target in units, and whether more is worse."""

    target: float | None = None
    at_most: bool = False
    unit: str = ""

    def reply(self, amount: float) -> Reply:
        """Whether this amount keeps the promise; without a target any amount does."""
        if self.at_most:
            return Reply.KEPT if amount <= (self.target or 0) else Reply.BROKEN
        if self.target is None or self.target <= 0:
            return Reply.KEPT if amount > 0 else Reply.BROKEN
        return Reply.KEPT if amount >= self.target else Reply.BROKEN


def mark(sketch: Sketch, habit: Habit, day, value: int, note: str, measure: Measure | None) -> bool:
    """Note one entry; False where the value means nothing."""
    if note and value in (UNKNOWN, YES_AUTO) and (value == UNKNOWN or measure is None):
        habit.skip(Said.ALONE)
    if value == UNKNOWN:
        return True
    if value == SKIP:
        sketch.mark(habit, day, Reply.RELEASED, note)
        return True
    if measure is not None and 0 <= value < LARGEST:
        amount = value / THOUSANDTHS
        said = f"{amount:g} {measure.unit}".strip()
        sketch.mark(habit, day, measure.reply(amount), f"{said}\n{note}" if note else said)
        return True
    if value in (NO, YES_MANUAL):
        sketch.mark(habit, day, Reply.KEPT if value == YES_MANUAL else Reply.BROKEN, note)
        return True
    return value == YES_AUTO  # not done, and not due: no record


def cadence(times: int, days: int) -> tuple[Cadence, str | None]:
    """So often in so many days as Kept can say it, and what was lost in saying so, if anything."""
    if times <= 0 or days <= 0:
        return Cadence.daily(), f"{times}/{days}"
    if times >= days:
        return Cadence.daily(), None
    if days == 7:
        return Cadence.per_week(times), None
    nearest = min(6, max(1, round(7 * times / days)))
    return Cadence.per_week(nearest), f"{times}/{days}"


def say_cadence(habit: Habit, lost: str | None) -> None:
    """Remark that the habit's frequency is only nearly what it was."""
    if lost is not None:
        habit.say(Said.CADENCE, lost)
