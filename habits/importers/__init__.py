"""Files from other trackers: known by what is in them, never by their names."""

from habits.documents import N_, HistoryError, load
from habits.importers import (
    beaver_habits,
    habit_trove,
    kept,
    loop_csv,
    loop_db,
    table_habit,
)
from habits.importers.drafts import EMPTY, Circumstances, Draft
from habits.importers.fields import objects
from habits.importers.zips import Members

LARGEST = 6 * 1024 * 1024  # bytes of a file
MOST_VALUES = 700_000  # in a JSON document, so that it stays within memory
ZIP = b"PK"
UNKNOWN = N_(
    "it is none that Kept can read (a kept-history, Loop, beaverhabits, HabitTrove"
    " or Table Habit file)"
)


def read(data: bytes, around: Circumstances) -> Draft:
    """What a file says. HistoryError says in a line why it cannot be taken."""
    if len(data) > LARGEST:
        raise HistoryError(N_("the file: more than %(count)s MB", count=LARGEST // 2**20))
    if data.startswith(loop_db.MAGIC):
        return loop_db.read(data, around)
    if data.startswith(ZIP):
        return _zip(Members(data), around)
    return _document(_load(data), around)


def _zip(members: Members, around: Circumstances) -> Draft:
    if loop_csv.is_one(members.names):
        return loop_csv.read(members, around)
    if habit_trove.is_zip(members.names):
        return habit_trove.read_zip(members, around)
    raise HistoryError(UNKNOWN)


def _load(data: bytes) -> object:
    if sum(map(data.count, (b"{", b"[", b","))) > MOST_VALUES:
        raise HistoryError(N_("the file: more than %(count)s values", count=MOST_VALUES))
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        raise HistoryError(UNKNOWN)
    return load(data)


def _document(document: object, around: Circumstances) -> Draft:
    if not isinstance(document, dict):
        raise HistoryError(UNKNOWN)
    if kept.is_one(document):
        return kept.read(document, around)
    inner = beaver_habits.inner(document)
    habits = objects(inner.get("habits"))
    if habits == [] and "habits" in inner:
        raise HistoryError(EMPTY)
    sample = [habit for habit in habits if isinstance(habit, dict)]
    for reader in (table_habit, habit_trove, beaver_habits):
        if any(map(reader.is_one, sample)):
            return reader.read(document, around)
    raise HistoryError(UNKNOWN)
