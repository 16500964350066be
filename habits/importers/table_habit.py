"""Table Habit (mhabit): its JSON export.

Sources: lib/models/habit_export.dart, habit_form.dart, habit_freq.dart, habit_date.dart; what is
kept follows habit_daily_record_form.dart, not the wiki.
"""

import json
from datetime import date

from habits.importers.drafts import Circumstances, Draft, Habit, Said, Sketch
from habits.importers.fields import a_number, a_text, an_object, objects, whole
from habits.trust.history import Cadence, Reply

SOURCE = "table-habit"
NEGATIVE = 2
DELETED, ARCHIVED = 2, 3
DONE, SKIP = 1, 2
WEEKLY, MONTHLY, CUSTOM = 1, 2, 3
MONTH = 30  # days
EPOCH = date(1970, 1, 1).toordinal()


def read(document: dict, around: Circumstances) -> Draft:
    """What the document says."""
    sketch = Sketch(SOURCE, SOURCE, around)
    for place, item in enumerate(objects(document.get("habits"))):
        _habit(sketch, f"habits[{place}]", an_object(item))
    return sketch.draft()


def is_one(habit: dict) -> bool:
    """Whether a habit of a list looks like one of theirs."""
    return any(key in habit for key in ("freq_type", "daily_goal", "create_t", "start_date"))


def _habit(sketch: Sketch, where: str, item: dict) -> None:
    if item.get("status") == DELETED:
        sketch.say(Said.DELETED, a_text(item.get("name")), where)
        return
    cadence, lost = _cadence(item.get("freq_type"), item.get("freq_custom"))
    habit = sketch.habit(
        a_text(item.get("name")),
        (f"start:{a_text(item.get('name'))}:{item.get('start_date')!r:.20}",),
        cadence,
        intention=a_text(item.get("desc")),
        ended=item.get("status") == ARCHIVED,
    )
    if habit is None:
        sketch.not_understood(where, said=Said.NAMELESS)
        return
    if lost:
        habit.say(Said.CADENCE, lost)
    for place, record in enumerate(objects(item.get("records"))):
        _record(sketch, habit, f"{where}.records[{place}]", an_object(record), item)


def _record(sketch: Sketch, habit: Habit, where: str, record: dict, item: dict) -> None:
    day, kind = _day(record.get("record_date")), record.get("record_type")
    value = a_number(record.get("record_value", 0))
    if day is None or kind not in (0, DONE, SKIP) or value is None:
        sketch.not_understood(where, record.get("record_date"))
        return
    reason = a_text(record.get("reason"))
    if kind == SKIP:
        sketch.mark(habit, day, Reply.RELEASED, reason)
    elif kind == DONE:
        sketch.mark(habit, day, _reply(value, item), _note(value, item, reason))


def _reply(value: float, item: dict) -> Reply:
    goal = a_number(item.get("daily_goal"))
    goal = 1 if goal is None else goal
    if item.get("type") == NEGATIVE:
        most = a_number(item.get("daily_goal_extra"))
        return Reply.KEPT if value <= (goal if most is None else most) else Reply.BROKEN
    return Reply.KEPT if value >= goal and value > 0 else Reply.BROKEN


def _note(value: float, item: dict, reason: str) -> str:
    """The reason, under the amount where the day was more or less than a yes or no."""
    plain = item.get("type") != NEGATIVE and value in (0, a_number(item.get("daily_goal")))
    if plain:
        return reason
    amount = f"{value:g} {a_text(item.get('daily_goal_unit'))[:40]}".strip()
    return f"{amount}\n{reason}" if reason else amount


def _cadence(kind, custom) -> tuple[Cadence, str | None]:
    numbers = _numbers(custom)
    if kind == CUSTOM and len(numbers) == 2:
        times, days = numbers
    elif kind in (WEEKLY, MONTHLY) and numbers:
        times, days = numbers[0], 7 if kind == WEEKLY else MONTH
    else:
        return Cadence.daily(), None if kind is None else f"{kind}: {custom!r:.40}"
    if times <= 0 or days <= 0:
        return Cadence.daily(), f"{times}/{days}"
    if times >= days:
        return Cadence.daily(), None
    if days == 7:
        return Cadence.per_week(times), None
    return Cadence.per_week(min(6, max(1, round(7 * times / days)))), f"{times}/{days}"


def _numbers(custom) -> list[int]:
    """The list in their text, such as "[3,7]"."""
    if isinstance(custom, str) and len(custom) < 40:
        try:
            custom = json.loads(custom)
        except (ValueError, RecursionError):
            return []
    found = [whole(one) for one in objects(custom)]
    return [] if None in found else found


def _day(value) -> date | None:
    """Days since 1970."""
    number = whole(value)
    if number is None or not 0 <= number <= date.max.toordinal() - EPOCH:
        return None
    return date.fromordinal(EPOCH + number)
