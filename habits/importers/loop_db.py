"""Loop Habit Tracker's backup: an SQLite file from outside, read with every guard that SQLite has.

Sources: core/models/sqlite/records/*.kt, resources/migrations/09.sql to 25.sql.
"""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

from habits.documents import N_, HistoryError
from habits.importers import loop
from habits.importers.drafts import (
    MOST_COMMITMENTS,
    MOST_RECORDS,
    Circumstances,
    Draft,
    Said,
    Sketch,
    too_many_records,
)
from habits.importers.loop import Measure

SOURCE = "loop-db"
MAGIC = b"SQLite format 3\0"
NEWEST = 25  # core/Constants.kt, DATABASE_VERSION
MILLISECONDS = 1000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST_VALUE = 100_000  # bytes
STEPS = 50_000_000  # of SQLite's machine: well over what a large backup takes
STEP_GROUP = 100_000
JOURNALS = slice(18, 20)  # in the header: 2 2 asks for a -wal that did not come along
ROLLBACK = b"\x01\x01"
TABLES = {"habits": "table", "repetitions": "table"}
READABLE = {"habits", "repetitions", "sqlite_master"}
HABITS = ("id", "name", "description", "freq_num", "freq_den", "archived", "position")
LATER = {"type": 0, "target_type": 0, "target_value": 0, "unit": "", "question": "", "uuid": ""}
ENTRIES = {"habit", "timestamp", "value", "notes"}


def read(data: bytes, around: Circumstances) -> Draft:
    """What the backup says. HistoryError if it is damaged or none of Loop's."""
    sketch = Sketch(SOURCE, loop.FAMILY, around)
    try:
        with closing(_open(data)) as database:
            version = _check(database)
            if version > NEWEST:
                _check_columns(database, version)
                sketch.say(Said.NEWER, version)
            _habits(sketch, database)
    except (sqlite3.Error, OverflowError, UnicodeDecodeError) as problem:
        raise HistoryError(N_("the database: it cannot be read (%(why)s)", why=problem)) from None
    return sketch.draft()


def _open(data: bytes) -> sqlite3.Connection:
    """The file in memory, unable to do anything but hand out two tables."""
    plain = bytearray(data)
    plain[JOURNALS] = ROLLBACK
    database = sqlite3.connect(":memory:", isolation_level=None)
    database.deserialize(bytes(plain))
    for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "query_only=ON", "mmap_size=0"):
        database.execute(f"PRAGMA {pragma}")
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
    database.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, 10_000)
    database.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    database.setlimit(sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 0)
    database.setlimit(sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 20)
    spent = [0]

    def out_of_steps():
        spent[0] += STEP_GROUP
        return spent[0] > STEPS

    database.set_progress_handler(out_of_steps, STEP_GROUP)
    database.set_authorizer(_only_reads)
    database.text_factory = lambda raw: raw.decode(errors="replace")
    return database


def _only_reads(action, first, _second, _database, _trigger) -> int:
    if action == sqlite3.SQLITE_SELECT:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_READ and (first or "").lower() in READABLE:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_PRAGMA and first in ("table_info", "user_version", "quick_check"):
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def _check(database: sqlite3.Connection) -> int:
    """The version of Loop's tables, which are there and sound."""
    kinds = dict(
        database.execute(
            "SELECT name, type FROM sqlite_master"
            " WHERE name COLLATE NOCASE IN ('habits', 'repetitions') AND rootpage > 0"
        )
    )
    if {name.lower(): kind for name, kind in kinds.items()} != TABLES:
        raise HistoryError(N_("the database: it is not a backup of Loop Habit Tracker"))
    (sound,) = database.execute("PRAGMA quick_check(1)").fetchone()
    if sound != "ok":
        raise HistoryError(N_("the database: it is damaged"))
    return database.execute("PRAGMA user_version").fetchone()[0]


def _check_columns(database: sqlite3.Connection, version: int) -> None:
    """A later Loop is read as long as nothing that is read has gone from its tables."""
    wanted = {"Habits": {*HABITS, *LATER}, "Repetitions": ENTRIES}
    if any(names - _columns(database, table) for table, names in wanted.items()):
        raise HistoryError(
            N_(
                "the database: it is of a newer Loop (version %(n)s) that Kept cannot read;"
                " export as CSV there instead",
                n=version,
            )
        )


def _habits(sketch: Sketch, database: sqlite3.Connection) -> None:
    columns = _columns(database, "Habits")
    if missing := set(HABITS) - columns:
        raise HistoryError(N_("the database: habits have no %(name)s", name=min(missing)))
    wanted = [*HABITS, *(name for name in LATER if name in columns)]
    rows = database.execute(
        f"SELECT {', '.join(wanted)} FROM Habits ORDER BY position, id"
    ).fetchmany(MOST_COMMITMENTS + 1)
    made = {}
    for row in rows:
        values = LATER | dict(zip(wanted, row, strict=True))
        if "question" not in columns:  # before version 23 the description was the question
            values["description"] = ""
        habit = _habit(sketch, values)
        if habit is None:
            said = Said.LINE if values["name"] else Said.NAMELESS
            sketch.not_understood(f"Habits, id {values['id']!r}", values["name"], said=said)
        made[values["id"]] = habit
    _entries(sketch, database, made)


def _habit(sketch: Sketch, values: dict):
    words = ("name", "description", "unit", "uuid")
    whole = ("freq_num", "freq_den", "archived", "type", "target_type")
    values |= {name: values[name] or "" for name in words}
    values |= {name: values[name] or 0 for name in whole}
    if not all(isinstance(values[name], str) for name in words):
        return None
    if not all(isinstance(values[name], int) for name in whole):
        return None
    cadence, lost = loop.cadence(values["freq_num"], values["freq_den"])
    habit = sketch.habit(
        values["name"],
        (f"uuid:{values['uuid']}",) if values["uuid"] else (),
        cadence,
        intention=values["description"],
        ended=bool(values["archived"]),
    )
    if habit is None:
        return None
    loop.say_cadence(habit, lost)
    target = values["target_value"]
    measure = Measure(
        float(target) if isinstance(target, int | float) else None,
        values["target_type"] == 1,
        values["unit"][:40],
    )
    return habit, measure if values["type"] == 1 else None


def _entries(sketch: Sketch, database: sqlite3.Connection, made: dict) -> None:
    """What was marked of each habit; `made` has None for those that were not understood.

    Loop before version 22 left the marks of habits that were deleted.
    """
    columns = _columns(database, "Repetitions")
    if not {"habit", "timestamp"} <= columns:
        raise HistoryError(N_("the database: repetitions have no habit or no day"))
    value = "value" if "value" in columns else "2"  # before version 16 a row was a mark
    notes = "notes" if "notes" in columns else "''"
    rows = database.execute(
        f"SELECT habit, timestamp, {value}, {notes} FROM Repetitions ORDER BY habit, timestamp"
    )
    for place, (habit, timestamp, mark, note) in enumerate(rows, 1):
        if place > MOST_RECORDS:
            raise too_many_records()
        if habit not in made:
            made[habit] = None
            sketch.not_understood(f"Repetitions, habit {habit!r}", said=Said.NO_HABIT)
        if made[habit] is None:
            continue
        day, note = _day(timestamp), note if isinstance(note, str) else ""
        known = day is not None and isinstance(mark, int)
        if not known or not loop.mark(sketch, made[habit][0], day, mark, note, made[habit][1]):
            sketch.not_understood("Repetitions", f"{habit}, {timestamp}, {mark}", place)


def _columns(database: sqlite3.Connection, table: str) -> set[str]:
    """The names in lower case: before version 13 it was Id."""
    return {row[1].lower() for row in database.execute(f"PRAGMA table_info({table})")}


def _day(timestamp) -> date | None:
    """The day of milliseconds since 1970, which are midnight of the local day as if it were UTC."""
    if not isinstance(timestamp, int):
        return None
    try:
        return (EPOCH + timedelta(seconds=timestamp // MILLISECONDS)).date()
    except OverflowError:
        return None
