"""beaverhabits' JSON: its export, its import, its file on disk and its backup.

Source: beaverhabits/storage/dict.py and frontend/components.py. The object `backup` may hold the
token of a bot: nothing but habits is read.
"""

import re
from datetime import date

from habits.importers.drafts import Circumstances, Draft, Habit, Said, Sketch
from habits.importers.fields import a_day, a_text, an_object, objects, whole
from habits.trust.history import Cadence, Reply

SOURCE = "beaverhabits"
SKIPPED = re.compile(r"(?:^|\s)#skip(?![\w-])", re.IGNORECASE)
DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", re.ASCII)
DAYS = {"D": 1, "W": 7, "M": 30, "Y": 365}


def read(document: dict, around: Circumstances) -> Draft:
    """What the document says."""
    sketch = Sketch(SOURCE, SOURCE, around)
    for place, item in enumerate(objects(inner(document).get("habits"))):
        _habit(sketch, f"habits[{place}]", an_object(item))
    return sketch.draft()


def inner(document: dict) -> dict:
    """What the file on disk wraps in `data`."""
    return an_object(document["data"]) if "data" in document else document


def is_one(habit: dict) -> bool:
    """Whether a habit of a list looks like one of theirs."""
    if any(key in habit for key in ("completions", "freq_type", "daily_goal", "create_t")):
        return False
    return isinstance(habit.get("records"), list)


def _habit(sketch: Sketch, where: str, item: dict) -> None:
    cadence, lost = _cadence(item.get("period"))
    status = a_text(item.get("status")) or "active"
    if status == "soft_delete":
        sketch.say(Said.DELETED, a_text(item.get("name")), where)
        return
    known = a_text(item.get("id"))
    habit = sketch.habit(
        a_text(item.get("name")),
        (f"id:{known}",) if known else (),
        cadence,
        ended=status == "archive",
    )
    if habit is None:
        sketch.not_understood(where, said=Said.NAMELESS)
        return
    if lost:
        habit.say(Said.CADENCE, lost)
    for place, record in enumerate(objects(item.get("records"))):
        _record(sketch, habit, f"{where}.records[{place}]", an_object(record))


def _record(sketch: Sketch, habit: Habit, where: str, record: dict) -> None:
    day, done = _day(record.get("day")), record.get("done") or False
    if day is None or not isinstance(done, bool):
        sketch.not_understood(where, record.get("day"))
        return
    note = a_text(record.get("text"))
    if SKIPPED.search(note):
        sketch.mark(habit, day, Reply.RELEASED, note)
    else:
        sketch.mark(habit, day, Reply.KEPT if done else Reply.BROKEN, note)


def _day(value) -> date | None:
    """A date; theirs may lack its zeros, as in 2026-3-5."""
    match = DAY.fullmatch(a_text(value))
    return a_day("{}-{:0>2}-{:0>2}".format(*match.groups())) if match else None


def _cadence(period) -> tuple[Cadence, str | None]:
    """So often in so many days, weeks, months or years; none is every day."""
    if not isinstance(period, dict):
        return Cadence.daily(), None
    unit = DAYS.get(a_text(period.get("period_type")))
    count, times = whole(period.get("period_count")), whole(period.get("target_count"))
    said = f"{period.get('target_count')}/{period.get('period_count')}{period.get('period_type')}"
    if not unit or not count or not times or count < 0 or times < 0:
        return Cadence.daily(), said
    days = unit * count
    if times >= days:
        return Cadence.daily(), None
    if days == 7:
        return Cadence.per_week(times), None
    return Cadence.per_week(min(6, max(1, round(7 * times / days)))), said
