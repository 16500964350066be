"""A small file of each format, made up; they are also what mutated files start from."""

import io
import json
import sqlite3
import zipfile
from datetime import date

from habits.importers.drafts import Circumstances

AROUND = Circumstances("Europe/Lisbon", date(2026, 11, 23))
LOOP_HABITS = (
    "Position,Name,Type,Question,Description,FrequencyNumerator,FrequencyDenominator,Color,Unit,"
    "Target Type,Target Value,Archived?\n"
    "001,Listen first,YES_NO,Did I ask?,,1,1,#FF8F00,,,,false\n"
    '002,"Call, then write",YES_NO,,so that it is human,3,7,#00897B,,,,false\n'
    "003,Read,NUMERICAL,How many?,,1,1,#1976D2,pages,AT_LEAST,10.0,true\n"
    "004,聞く,YES_NO,,,1,2,#1976D2,,,,false\n"
)
LOOP_MARKS = (
    'Date,Value,Notes\n2026-03-05,YES_MANUAL,\n2026-03-04,NO,Sick\n2026-03-03,YES_AUTO,"Forgot, '
    'really"\n2026-03-02,SKIP,Travel\n2026-03-01,UNKNOWN,no mark\n'
)


def zipped(files: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return out.getvalue()


def loop_csv() -> bytes:
    return zipped(
        {
            "Habits.csv": LOOP_HABITS,
            "001 Listen first/Checkmarks.csv": LOOP_MARKS,
            "001 Listen first/Scores.csv": "Date,Score\n2026-03-05,0.5\n",
            "002 Call then write/Checkmarks.csv": "Date,Value,Notes\n2026-03-05,YES_MANUAL,\n",
            "003 Read/Checkmarks.csv": "Date,Value,Notes\n2026-03-05,12000,\n2026-03-04,NO,\n"
            "2026-03-03,9500,tired\n2026-03-02,SKIP,\n",
            "004/Checkmarks.csv": "Date,Value,Notes\n2026-03-05,YES_MANUAL,良い\n",
        }
    )


def old_loop_csv() -> bytes:
    return zipped(
        {
            "Habits.csv": "Position,Name,Question,Description,NumRepetitions,Interval,Color\n"
            "001,Meditate,Did you?,,1,1,#FF8F00\n002,Run,,,2,3,#00897B\n",
            "001 Meditate/Checkmarks.csv": "2015-01-25,2\n2015-01-24,0\n2015-01-23,-1\n"
            "2015-01-22,1\n2015-01-21,3\n",
            "002 Run/Checkmarks.csv": "2015-01-25,5000\n2015-01-24,0\n",
        }
    )


def loop_db(version: int = 25) -> bytes:
    database = sqlite3.connect(":memory:")
    database.executescript(f"""
        CREATE TABLE Habits(id INTEGER PRIMARY KEY, archived INT, color INT, description TEXT,
            freq_den INT, freq_num INT, highlight INT, name TEXT, position INT, type INT,
            target_type INT, target_value REAL, unit TEXT, question TEXT, uuid TEXT);
        CREATE TABLE Repetitions(id INTEGER PRIMARY KEY, habit INT, timestamp INT, value INT,
            notes TEXT);
        CREATE TABLE Events(id INTEGER PRIMARY KEY, secret TEXT);
        INSERT INTO Habits VALUES
            (1, 0, 0, '', 1, 1, 0, 'Start on time', 0, 0, 0, 0, '', 'Did I?', '9f0c'),
            (2, 1, 0, '', 7, 2, 0, 'Smoke less', 1, 1, 1, 5, 'pieces', '', 'aa11');
        INSERT INTO Repetitions(habit, timestamp, value, notes) VALUES
            (1, 1772668800000, 2, ''), (1, 1772582400000, 0, 'ran over'), (1, 1772496000000, 3, ''),
            (2, 1772668800000, 4000, ''), (2, 1772582400000, 6000, ''), (9, 1772582400000, 2, '');
        PRAGMA user_version = {version};
    """)
    return database.serialize()


BEAVER = {
    "user_email": "lea@example.org",
    "habits": [
        {
            "id": "a1b2c3",
            "name": "Give credit by name",
            "status": "active",
            "period": {"period_type": "W", "period_count": 1, "target_count": 3},
            "records": [
                {"day": "2026-03-05", "done": True},
                {"day": "2026-03-04", "done": False, "text": "ran out of time"},
                {"day": "2026-03-03", "done": True, "text": "travel #skip"},
                {"day": "2026-03-05", "done": False},
            ],
        },
        {"name": "Plain", "records": []},
        {"name": "Gone", "status": "soft_delete", "records": []},
    ],
}
HABIT_TROVE = {
    "habits": [
        {
            "id": "5f0e",
            "name": "Prepare the 1:1",
            "description": "",
            "frequency": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
            "targetCompletions": 1,
            "completions": ["2026-03-05T23:40:11.123Z", "2026-03-04T08:02:00.000Z", "2026-03-02"],
            "isTask": False,
            "userIds": ["u1"],
        },
        {
            "id": "5f0f",
            "name": "Three coffees with the team",
            "frequency": "RRULE:FREQ=DAILY",
            "targetCompletions": 2,
            "completions": ["2026-03-05T08:00:00Z", "2026-03-05T09:00:00Z", "2026-03-04T09:00:00Z"],
            "userIds": ["u1"],
        },
        {"name": "Buy a chair", "isTask": True, "frequency": "2026-03-05T08:00:00Z"},
        {"name": "Not mine", "frequency": "daily", "completions": [], "userIds": ["u2"]},
    ]
}
TABLE_HABIT = {
    "habits": [
        {
            "type": 1, "status": 1, "name": "Talk straight", "desc": "", "daily_goal": 1,
            "freq_type": 3, "freq_custom": "[1,1]", "start_date": 20454, "create_t": 1767225600,
            "records": [
                {"record_date": 20517, "record_type": 1, "record_value": 1},
                {"record_date": 20516, "record_type": 1, "record_value": 0, "reason": "temper"},
                {"record_date": 20515, "record_type": 2, "record_value": 0},
            ],
        },
        {
            "type": 2, "status": 3, "name": "Interrupt less", "daily_goal": 3,
            "daily_goal_extra": 5, "freq_type": 1, "freq_custom": "[4]", "start_date": 20454,
            "records": [
                {"record_date": 20517, "record_type": 1, "record_value": 5},
                {"record_date": 20516, "record_type": 1, "record_value": 6},
            ],
        },
    ]
}  # fmt: skip
KEPT = {
    "format": "kept-history",
    "version": 1,
    "trust_version": 1,
    "leader": {
        "name": "Dana", "timezone": "Europe/Berlin", "day_start": 4, "week_start": 7,
        "locale": "en",
    },
    "commitments": [
        {"id": "x", "title": "On the minute", "pillar": "character", "intention": "so that …",
         "person": "Ben", "cadence": {"kind": "daily"}, "picked_on": "2026-11-02",
         "retired_on": "2026-11-15"},
        {"id": "y", "title": "On the minute", "pillar": "character",
         "cadence": {"kind": "per_week", "times": 2}, "picked_on": "2026-11-16"},
        {"id": "z", "title": "I call Ben", "pillar": "character", "person": "Ben",
         "cadence": {"kind": "once", "date": "2026-11-12"}, "picked_on": "2026-11-12",
         "retired_on": "2026-11-12"},
    ],
    "answers": [
        {"commitment": "x", "date": "2026-11-03", "answer": "kept", "note": "good",
         "answered_at": "2026-11-03T20:00:00Z"},
        {"commitment": "x", "date": "2026-11-11", "answer": "broken", "nature": "mistake",
         "told": True, "note": None, "answered_at": "2026-11-11T20:00:00.5Z"},
        {"commitment": "y", "date": "2026-11-18", "answer": "released"},
    ],
    "lapses": [
        {"date": "2026-11-09", "nature": "choice", "told": False, "note": "late", "person": "Ben",
         "recorded_at": "2026-11-09T20:00:00Z"},
    ],
    "time_off": [{"first": "2026-11-05", "last": "2026-11-06",
                  "declared_at": "2026-11-04T09:00:00Z"}],
    "successors": [{"commitment": "y", "continues": "x"}],
    "repairs": [{"commitment": "z", "broken": "x", "date": "2026-11-11"}],
    "told_later": [{"lapse": 0, "date": "2026-11-09", "told_at": "2026-11-20T08:00:00Z"}],
    "weeks": [{"first": "2026-11-08", "guess": 5, "guessed_at": "2026-11-15T08:00:00Z",
               "line": "Calm.", "decision": "keep", "commitment": "x"}],
    "settings": {
        "theme": "dark", "ask_at": "20:30", "people": ["Ben", "Maria"],
        "commitments": [{"commitment": "x", "occasion": True, "ask": "Seen?", "starter": 3}],
        "earlier": [{"commitment": "x", "date": "2026-11-03", "answer": "broken",
                     "nature": None, "told": False, "note": None,
                     "answered_at": "2026-11-03T19:00:00Z"},
                    {"commitment": "x", "date": "2026-11-04", "answer": None, "nature": None,
                     "told": False, "note": None, "answered_at": "2026-11-04T19:00:00Z"}],
    },
    "before": {
        "answers": [{"commitment": "x", "date": "2025-03-03", "answer": "kept", "nature": None,
                     "told": False, "note": "long ago"}],
        "origins": [{"commitment": "x", "origin": "ab" * 32}],
    },
}  # fmt: skip


def as_json(document: dict) -> bytes:
    return json.dumps(document).encode()


def trove_zip() -> bytes:
    return zipped(
        {
            "habits.json": as_json(HABIT_TROVE),
            "settings.json": as_json({"system": {"timezone": "Asia/Tokyo"}}),
            "auth.json": as_json({"users": [{"password": "salt:hash-of-a-secret"}]}),
        }
    )


EACH = {
    "kept-history": lambda: as_json(KEPT),
    "loop-csv": loop_csv,
    "old-loop-csv": old_loop_csv,
    "loop-db": loop_db,
    "beaverhabits": lambda: as_json(BEAVER),
    "habittrove": lambda: as_json(HABIT_TROVE),
    "habittrove-zip": trove_zip,
    "table-habit": lambda: as_json(TABLE_HABIT),
}
