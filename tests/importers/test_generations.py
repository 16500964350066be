"""Older, newer and rarer shapes of the foreign files, each as its tracker's own code writes it."""

import sqlite3

import pytest

from habits import importers
from habits.documents import HistoryError
from habits.importers.drafts import Draft, Said
from tests.importers import samples
from tests.importers.samples import AROUND
from tests.importers.test_importers import cadences, marks, read, said


def titles(draft: Draft) -> list[str]:
    return [one["title"] for one in draft.document["commitments"]]


def test_loop_1_4_lists_habits_without_a_place():
    files = {
        "Habits.csv": "Name,Description,NumRepetitions,Interval,Color\n"
        "Wake/up,Did you?,1,1,#1976D2\nRun,,3,7,#1976D2\n",
        "001 Wake/up/Checkmarks.csv": "2016-01-25,2\n",
        "001 Wake/up/Scores.csv": "2016-01-25,0.1\n",
        "004 Run/Checkmarks.csv": "2016-01-25,0\n2016-01-24,2\n",
    }
    draft = read(samples.zipped(files))
    assert titles(draft) == ["Wake/up", "Run"]
    assert draft.document["commitments"][0]["intention"] == ""  # it was the question then
    assert marks(draft, "c0") == {"2016-01-25": "kept"}
    assert marks(draft, "c1") == {"2016-01-25": "broken", "2016-01-24": "kept"}


def test_loop_1_6_wrote_numbers_in_the_phones_digits():
    files = {
        "Habits.csv": "Position,Name,Description,NumRepetitions,Interval,Color\n"
        "٠٠١,مشي,,1,1,#1976D2\n",
        "٠٠١/Checkmarks.csv": "2016-12-25,٢\n2016-12-24,\u200e-١\n2016-12-23,\u2212١\n"
        "2016-12-22,٠\n",
    }
    draft = read(samples.zipped(files))
    assert marks(draft, "c0") == {"2016-12-25": "kept", "2016-12-22": "broken"}
    assert not draft.remarks


def test_loops_files_opened_and_saved_by_windows():
    """With a byte order mark, CRLF, backslashes in the zip, in one more folder."""
    files = {
        "x\\Habits.csv": "\ufeff" + samples.LOOP_HABITS.replace("\n", "\r\n"),
        "x\\001 Listen first\\Checkmarks.csv": "\ufeff" + samples.LOOP_MARKS.replace("\n", "\r\n"),
        "__MACOSX/x/._Habits.csv": b"\x00\x05",
    }
    draft = read(samples.zipped(files))
    assert marks(draft, "c0") == {
        "2026-03-05": "kept", "2026-03-04": "broken", "2026-03-02": "released",
    }  # fmt: skip


def test_loops_notes_may_have_lines_and_stand_alone():
    notes = 'Date,Value,Notes\n2026-03-05,NO,"one\ntwo ""three"""\n2026-03-04,UNKNOWN,alone\n'
    files = {"Habits.csv": samples.LOOP_HABITS, "001 Listen first/Checkmarks.csv": notes}
    draft = read(samples.zipped(files))
    assert [one["note"] for one in draft.document["answers"]] == ['one\ntwo "three"']
    assert [(one.said, one.value) for one in draft.of["c0"]] == [(Said.ALONE, "1")]


@pytest.mark.parametrize(
    ("kind", "target", "value", "expected"),
    [
        ("AT_LEAST", "1.0E7", "9000000", "broken"),
        ("AT_LEAST", "0.1", "100", "kept"),
        ("AT_MOST", "2.0", "2000", "kept"),
        ("AT_MOST", "2.0", "2001", "broken"),
        ("AT_MOST", "2.0", "NO", "kept"),
        ("AT_MOST", "0.0", "NO", "kept"),
    ],
)
def test_loops_targets(kind, target, value, expected):
    habits = samples.LOOP_HABITS.splitlines()[0]
    habits += f"\n001,Coffee,NUMERICAL,,,1,1,#FF8F00,cups,{kind},{target},false\n"
    mark = f"Date,Value,Notes\n2026-03-05,{value},\n"
    draft = read(samples.zipped({"Habits.csv": habits, "001 Coffee/Checkmarks.csv": mark}))
    assert marks(draft, "c0") == {"2026-03-05": expected}


OLD_TABLES = {
    12: "CREATE TABLE Habits (Id INTEGER PRIMARY KEY, archived INTEGER, color INTEGER, description"
    " TEXT, freq_den INTEGER, freq_num INTEGER, highlight INTEGER, name TEXT, position INTEGER,"
    " reminder_days INTEGER, reminder_hour INTEGER, reminder_min INTEGER);"
    "CREATE TABLE Repetitions (Id INTEGER PRIMARY KEY, habit INTEGER, timestamp INTEGER)",
    16: "ALTER TABLE Habits ADD COLUMN type INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE Repetitions ADD COLUMN value INTEGER NOT NULL DEFAULT 2",
    18: "ALTER TABLE Habits ADD COLUMN target_type INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE Habits ADD COLUMN target_value REAL NOT NULL DEFAULT 0;"
    "ALTER TABLE Habits ADD COLUMN unit TEXT NOT NULL DEFAULT ''",
    23: "ALTER TABLE Habits ADD COLUMN question TEXT;"
    "UPDATE Habits SET question = description, description = ''",
    24: "ALTER TABLE Habits ADD COLUMN uuid TEXT",
    25: "ALTER TABLE Repetitions ADD COLUMN notes TEXT",
}


@pytest.mark.parametrize("version", OLD_TABLES)
def test_loops_backup_of_each_schema(version):
    database = sqlite3.connect(":memory:")
    for each in (one for one in OLD_TABLES if one <= version):
        database.executescript(OLD_TABLES[each])
        if each == 12:
            database.executescript(
                "INSERT INTO Habits(Id, archived, color, description, freq_den, freq_num, name,"
                " position) VALUES (7, 0, 1, 'Did you?', 7, 2, 'Run', 0);"
                "INSERT INTO Repetitions(habit, timestamp) VALUES (7, 1772668800000)"
            )
    database.execute(f"PRAGMA user_version = {version}")
    database.commit()
    draft = read(database.serialize())
    assert titles(draft) == ["Run"]
    assert draft.document["commitments"][0]["intention"] == ""
    assert cadences(draft) == [{"kind": "per_week", "times": 2}]
    assert marks(draft, "c0") == {"2026-03-05": "kept"}


def test_beaverhabits_may_leave_out_done_and_zeros():
    records = [{"day": "2026-3-5"}, {"day": "2026-03-04", "done": None, "text": None},
               {"day": "2026-03-03", "done": True, "text": "#amber #skip"},
               {"day": "2026-03-02", "done": True, "text": "#skipping is fun"}]  # fmt: skip
    habit = {"name": "Read", "tags": [], "status": None, "period": None, "records": records}
    assert marks(read(samples.as_json({"habits": [habit]})), "c0") == {
        "2026-03-05": "broken", "2026-03-04": "broken", "2026-03-03": "released",
        "2026-03-02": "kept",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ({"period_type": "D", "period_count": 1, "target_count": 1}, {"kind": "daily"}),
        ({"period_type": "D", "period_count": 3, "target_count": 2},
         {"kind": "per_week", "times": 5}),
        ({"period_type": "M", "period_count": 1, "target_count": 10},
         {"kind": "per_week", "times": 2}),
        ({"period_type": "Y", "period_count": 1, "target_count": 12},
         {"kind": "per_week", "times": 1}),
        ({"period_type": "W", "period_count": 1, "target_count": 7}, {"kind": "daily"}),
        ({"period_type": "X"}, {"kind": "daily"}),
    ],
)  # fmt: skip
def test_beaverhabits_periods(period, expected):
    habit = {"name": "Read", "period": period, "records": []}
    assert cadences(read(samples.as_json({"data": {"habits": [habit]}}))) == [expected]


def test_habit_troves_backup_may_lie_in_a_folder():
    files = {
        "HabitTrove/data/": "",
        "HabitTrove/data/habits.json": samples.as_json(samples.HABIT_TROVE),
        "HabitTrove/data/settings.json": samples.as_json({"system": {"timezone": "Asia/Tokyo"}}),
    }
    draft = read(samples.zipped(files))
    assert "2026-03-06" in marks(draft, "c0")
    assert said(draft) == [Said.TASKS]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("DTSTART:20250101T000000Z\nRRULE:FREQ=WEEKLY;BYDAY=TU", {"kind": "weekdays", "days": [2]}),
        ("FREQ=MONTHLY;BYDAY=-1FR", {"kind": "per_week", "times": 1}),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,SA;WKST=MO", {"kind": "weekdays", "days": [6, 7]}),
        ("invalid", {"kind": "daily"}),
        ("", {"kind": "daily"}),
        (None, {"kind": "daily"}),
    ],
)
def test_habit_troves_rarer_rules(rule, expected):
    document = {"habits": [{"name": "x", "frequency": rule, "completions": []}]}
    assert cadences(read(samples.as_json(document))) == [expected]


def test_table_habit_leaves_out_what_is_empty():
    habits = [
        {"name": "Walk", "type": 0, "status": 0, "daily_goal": 2.5, "daily_goal_unit": "km",
         "freq_type": 2, "freq_custom": "[10]", "records": [
             {"record_date": 20517, "record_type": 1, "record_value": 2.5},
             {"record_date": 20516, "record_type": 1, "record_value": 2},
             {"record_date": 20515, "record_type": 1},
             {"record_date": 20514, "record_type": 0},
         ]},
        {"name": "No sugar", "type": 2, "daily_goal": 0, "freq_type": 3, "freq_custom": [1, 3],
         "records": [{"record_date": 20517, "record_type": 1, "record_value": 0},
                     {"record_date": 20516, "record_type": 1, "record_value": 1}]},
        {"name": "Without records", "daily_goal": 1, "freq_type": 1, "freq_custom": "[7]"},
    ]  # fmt: skip
    draft = read(samples.as_json({"habits": habits, "groups": []}))
    assert marks(draft, "c0") == {
        "2026-03-05": "kept", "2026-03-04": "broken", "2026-03-03": "broken",
    }  # fmt: skip
    assert draft.document["answers"][1]["note"] == "2 km"
    assert marks(draft, "c1") == {"2026-03-05": "kept", "2026-03-04": "broken"}
    assert cadences(draft)[1:] == [{"kind": "per_week", "times": 2}, {"kind": "daily"}]


def test_habit_troves_backup_with_damaged_settings_says_no_zone():
    files = {"habits.json": samples.as_json(samples.HABIT_TROVE), "settings.json": "{"}
    assert said(read(samples.zipped(files)))[0] == Said.ZONE


def test_a_file_without_habits_says_so():
    for document in ({"habits": []}, {"data": {"habits": []}}, {"habits": [], "groups": []}):
        with pytest.raises(HistoryError, match="no habits in it"):
            importers.read(samples.as_json(document), AROUND)
