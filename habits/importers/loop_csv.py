"""Loop Habit Tracker's CSV zip, both generations.

Up to 2.3.0 marks are integers without a header and habits have no type; since 2.3.1 they are words
under a header, with notes. Up to 1.5 habits have no position, up to 1.7 the description is the
question and numbers may be written in the phone's digits. Sources: core/io/HabitsCSVExporter.kt,
models/HabitList.java and io/HabitsCSVExporter.java of the tags v1.4.0 to v1.7.11.
"""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date

from habits.documents import N_, HistoryError, parse_date
from habits.importers import loop
from habits.importers.drafts import (
    MOST_RECORDS,
    Circumstances,
    Draft,
    Habit,
    Said,
    Sketch,
    too_many_records,
)
from habits.importers.loop import Measure
from habits.importers.zips import Members

SOURCE = "loop-csv"
HABITS = "Habits.csv"
MARKS = "Checkmarks.csv"
FOLDER = re.compile(r"(\d{3,9})(?: (.*))?/Checkmarks\.csv")
NUMBER = re.compile(r"-?\d{1,10}")
SIGNS = str.maketrans({"\u2212": "-", "\u200e": "", "\u200f": "", "\u061c": ""})
WORDS = {
    "UNKNOWN": loop.UNKNOWN,
    "NO": loop.NO,
    "YES_AUTO": loop.YES_AUTO,
    "YES_MANUAL": loop.YES_MANUAL,
    "SKIP": loop.SKIP,
}


def read(members: Members, around: Circumstances) -> Draft:
    """What the zip says. HistoryError if it is none of Loop's."""
    sketch = Sketch(SOURCE, loop.FAMILY, around)
    root = _root(members.names)
    rows = _rows(_text(members, root + HABITS))
    _, header = next(rows, (0, []))
    if "Name" not in header[:2]:
        raise HistoryError(N_("Habits.csv: this is not a list of Loop's habits"))
    has_positions = header[0] == "Position"
    habits = _habits(sketch, header, rows)
    folders = _folders(members.names, root)
    if not has_positions:
        folders = dict(enumerate((folders[number] for number in sorted(folders)), 1))
    for number, name in sorted(folders.items()):
        if number in habits:
            _marks(sketch, name, _rows(_text(members, name)), *habits[number])
        else:
            sketch.not_understood(name, said=Said.NO_HABIT)
    if not folders and root + MARKS in members.names:
        _matrix(sketch, root + MARKS, _text(members, root + MARKS), list(habits.values()))
    return sketch.draft()


def is_one(names: list[str]) -> bool:
    """Whether a zip with these files may be Loop's."""
    return any(name == HABITS or name.endswith("/" + HABITS) for name in names)


def _root(names: list[str]) -> str:
    """The folder around everything, if somebody packed the files anew."""
    found = [n for n in names if n == HABITS or n.endswith("/" + HABITS)]
    return min(found, key=len)[: -len(HABITS)]


def _folders(names: list[str], root: str) -> dict[int, str]:
    inside = (name for name in names if name.startswith(root))
    found = (FOLDER.fullmatch(name.removeprefix(root)) for name in inside)
    return {int(match[1]): root + match[0] for match in found if match}


def _text(members: Members, name: str) -> str:
    try:
        return members.read(name).decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        said = {"name": name[:60], "place": problem.start}
        raise HistoryError(N_("%(name)s: byte %(place)s is not UTF-8", **said)) from None


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with its line; a broken quote ends the file there."""
    reader = csv.reader(io.StringIO(text, newline=""))
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            row = [""]
        if row:
            yield reader.line_num, row


def _habits(sketch: Sketch, header: list[str], rows) -> dict[int, tuple[Habit, Measure | None]]:
    found = {}
    for place, (line, row) in enumerate(rows, 1):
        values = {"Position": str(place)} if "Position" not in header else {}
        values |= zip(header, row, strict=False)
        position = values.get("Position", "")
        is_no_place = not NUMBER.fullmatch(position) or int(position) in found
        made = None if is_no_place else _habit(sketch, values)
        if made is None:
            sketch.not_understood(HABITS, ", ".join(row), line)
        else:
            found[int(position)] = made
    return found


def _habit(sketch: Sketch, values: dict[str, str]) -> tuple[Habit, Measure | None] | None:
    times = values.get("FrequencyNumerator", values.get("NumRepetitions", "1"))
    days = values.get("FrequencyDenominator", values.get("Interval", "1"))
    if not (NUMBER.fullmatch(times) and NUMBER.fullmatch(days)):
        return None
    cadence, lost = loop.cadence(int(times), int(days))
    habit = sketch.habit(
        values.get("Name", ""),
        cadence=cadence,
        intention=values.get("Description", "") if "Question" in values else "",
        ended=values.get("Archived?", "false") == "true",
    )
    if habit is None:
        return None
    loop.say_cadence(habit, lost)
    return habit, _measure(values)


def _measure(values: dict[str, str]) -> Measure | None:
    if values.get("Type") != "NUMERICAL":
        return None
    return Measure(
        _amount(values.get("Target Value", "")),
        values.get("Target Type") == "AT_MOST",
        values.get("Unit", "")[:40],
    )


def _amount(text: str) -> float | None:
    match = re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,17})?(E[0-9]{1,2})?", text, re.ASCII)
    return float(text) if match else None


def _marks(sketch: Sketch, name: str, rows, habit: Habit, measure: Measure | None) -> None:
    read = []
    for line, row in rows:
        if line == 1 and row[0] == "Date":
            continue
        entry = _entry(row)
        if entry is None:
            sketch.not_understood(name, ", ".join(row), line)
        elif len(read) < MOST_RECORDS:
            read.append((line, *entry))
        else:
            raise too_many_records()
    if measure is None and any(value > loop.SKIP for _, _, value, _ in read):
        measure = Measure()  # an old file does not say that a habit is numerical
    for line, day, value, note in read:
        if not loop.mark(sketch, habit, day, value, note, measure):
            sketch.not_understood(name, value, line)


def _entry(row: list[str]) -> tuple[date, int, str] | None:
    if len(row) < 2:
        return None
    day, value = _day(row[0]), _value(row[1])
    if day is None or value is None:
        return None
    return day, value, row[2] if len(row) > 2 else ""


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _value(text: str) -> int | None:
    if text in WORDS:
        return WORDS[text]
    text = text.translate(SIGNS)
    return int(text) if NUMBER.fullmatch(text) else None


def _matrix(sketch: Sketch, name: str, text: str, habits: list[tuple[Habit, Measure | None]]):
    """Every habit a column, unquoted: names with commas make it unreadable, so count from the end.

    Each line ends with a comma, so the marks are the last fields but one.
    """
    columns: list[list] = [[] for _ in habits]
    for line, row in enumerate(text.splitlines()[1:], 2):
        fields = row.split(",")
        if len(fields) != len(habits) + 2:
            sketch.not_understood(name, row, line)
            continue
        for column, field in zip(columns, fields[1:-1], strict=True):
            column.append((line, [fields[0], field]))
    for rows, (habit, measure) in zip(columns, habits, strict=True):
        _marks(sketch, name, rows, habit, measure)
