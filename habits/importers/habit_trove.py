"""HabitTrove: habits.json, alone or in a backup zip.

Sources: lib/types.ts, lib/utils.ts, lib/backup.ts. The zip also holds auth.json with password
hashes: only habits.json and settings.json are ever opened.
"""

import re
from collections import Counter
from datetime import date, datetime

from habits import days
from habits.documents import N_, HistoryError, load
from habits.importers.drafts import Circumstances, Draft, Habit, Said, Sketch
from habits.importers.fields import a_day, a_text, an_object, objects, whole
from habits.importers.zips import Members
from habits.trust.history import Cadence, Reply

SOURCE = "habittrove"
HABITS, SETTINGS = "habits.json", "settings.json"
WEEKDAYS = {name: n for n, name in enumerate(("MO", "TU", "WE", "TH", "FR", "SA", "SU"), 1)}
WORDS = {
    "daily": "FREQ=DAILY",
    "every day": "FREQ=DAILY",
    "weekly": "FREQ=WEEKLY",
    "every week": "FREQ=WEEKLY",
    "weekdays": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "every weekday": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "weekends": "FREQ=WEEKLY;BYDAY=SA,SU",
    "monthly": "FREQ=MONTHLY",
    "every month": "FREQ=MONTHLY",
    "yearly": "FREQ=YEARLY",
    "every year": "FREQ=YEARLY",
}
RULE = re.compile(r"[A-Z]+=[A-Z0-9,+-]+(;[A-Z]+=[A-Z0-9,:+-]+){0,10}", re.ASCII)

INTERVAL = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)


def read_zip(members: Members, around: Circumstances) -> Draft:
    """What a backup says."""
    name = min((n for n in members.names if _is(n, HABITS)), key=len)
    document = load(members.read(name))
    if not isinstance(document, dict):
        raise HistoryError(N_("habits.json: this is not a list of HabitTrove's habits"))
    settings = name.removesuffix(HABITS) + SETTINGS
    zone = _zone(members.read(settings)) if settings in members.names else None
    return read(document, around, zone)


def read(document: dict, around: Circumstances, zone: str | None = None) -> Draft:
    """What habits.json says; without `zone` its instants are read in the leader's."""
    sketch = Sketch(SOURCE, SOURCE, around)
    if zone is None:
        sketch.say(Said.ZONE, around.zone)
    items = [an_object(item) for item in objects(document.get("habits"))]
    users = _users(items)
    for place, item in enumerate(items):
        _habit(sketch, f"habits[{place}]", item, zone or around.zone, users)
    return sketch.draft()


def is_zip(names: list[str]) -> bool:
    """Whether a zip with these files may be a backup of theirs."""
    return any(_is(name, HABITS) for name in names)


def is_one(habit: dict) -> bool:
    """Whether a habit of a list looks like one of theirs."""
    return "completions" in habit or ("frequency" in habit and "records" not in habit)


def _is(name: str, wanted: str) -> bool:
    return name == wanted or name.endswith(f"/{wanted}")


def _zone(settings: bytes) -> str | None:
    try:
        name = a_text(an_object(an_object(load(settings)).get("system")).get("timezone"))
        days.zone(name)
    except ValueError:  # a HistoryError is one: what is damaged says no zone
        return None
    return name or None


def _users(items: list[dict]) -> list[str]:
    """The users in the file, who has most habits first."""
    count = Counter(
        user for item in items for user in objects(item.get("userIds")) if isinstance(user, str)
    )
    return [user for user, _ in count.most_common()]


def _habit(sketch: Sketch, where: str, item: dict, zone: str, users: list[str]) -> None:
    if item.get("isTask") is True:
        sketch.say(Said.TASKS, a_text(item.get("name")), where)
        return
    cadence, lost = _cadence(a_text(item.get("frequency")))
    owners = [user for user in objects(item.get("userIds")) if isinstance(user, str)]
    known = a_text(item.get("id"))
    habit = sketch.habit(
        a_text(item.get("name")),
        (f"id:{known}",) if known else (),
        cadence,
        intention=a_text(item.get("description")),
        ended=item.get("archived") is True,
        is_others=bool(owners) and len(users) > 1 and users[0] not in owners,
    )
    if habit is None:
        sketch.not_understood(where, said=Said.NAMELESS)
        return
    if lost is not None:
        habit.say(Said.CADENCE if lost else Said.CADENCE_UNKNOWN, lost or item.get("frequency"))
    if owners and len(users) > 1:
        numbers = sorted(users.index(owner) + 1 for owner in owners)
        habit.say(Said.USER, ", ".join(map(str, numbers)), str(len(users)))
    _completions(sketch, habit, where, item, zone)


def _completions(sketch: Sketch, habit: Habit, where: str, item: dict, zone: str) -> None:
    counted: Counter[date] = Counter()
    for place, said in enumerate(objects(item.get("completions"))):
        day = _local_day(said, zone)
        if day is None:
            sketch.not_understood(f"{where}.completions[{place}]", said)
        else:
            counted[day] += 1
    wanted = max(1, whole(item.get("targetCompletions")) or 1)
    for day, count in counted.items():
        note = f"{count} / {wanted}" if wanted > 1 else ""
        if count >= wanted:  # there is no mark for broken: other days stay empty
            sketch.mark(habit, day, Reply.KEPT, note)


def _local_day(said, zone: str) -> date | None:
    """The local date of an instant; a plain date is tolerated."""
    text = a_text(said)
    if len(text) == 10:
        return a_day(text)
    try:
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is None:
            return instant.date()
        return instant.astimezone(days.zone(zone)).date()
    except (ValueError, OverflowError):
        return None


def _cadence(frequency: str) -> tuple[Cadence, str | None]:
    """The rule as Kept can say it, with what was lost; "" where nothing was understood."""
    text = WORDS.get(frequency.strip().lower(), frequency.strip())
    if text.startswith("DTSTART"):  # a line before the rule's own
        text = text.partition("\n")[2]
    text = text.removeprefix("RRULE:").rstrip(";")
    if not text:
        return Cadence.daily(), None
    if len(text) > 300 or not RULE.fullmatch(text):
        return Cadence.daily(), ""
    rule = dict(part.split("=", 1) for part in text.split(";"))
    interval = rule.get("INTERVAL", "1")
    if not INTERVAL.fullmatch(interval):
        return Cadence.daily(), ""
    return _by_rule(rule, int(interval), frequency)


def _by_rule(rule: dict, every: int, said: str) -> tuple[Cadence, str | None]:
    named = rule.get("BYDAY", "").split(",") if rule.get("BYDAY") else []
    chosen = sorted({WEEKDAYS[name[-2:]] for name in named if name[-2:] in WEEKDAYS})
    kind = rule.get("FREQ")
    if kind in ("DAILY", "WEEKLY") and chosen:
        cadence = Cadence.daily() if len(chosen) == 7 else Cadence.weekdays(chosen)
        return cadence, None if every == 1 else said
    if kind == "DAILY":
        times = 7 / every
    elif kind == "WEEKLY":
        times = 1 / every
    elif kind in ("MONTHLY", "YEARLY"):
        times = 0
    else:
        return Cadence.daily(), ""
    exact = times in (7, 1)
    if times >= 7:
        return Cadence.daily(), None
    return Cadence.per_week(min(6, max(1, round(times)))), None if exact else said
