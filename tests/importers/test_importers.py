"""Foreign files, known by their content, and what becomes of each mark in them."""

import json
import sqlite3

import pytest

from habits import importers
from habits.documents import HistoryError
from habits.importers.drafts import Draft, Said
from tests.importers import samples
from tests.importers.samples import AROUND


def read(data: bytes) -> Draft:
    return importers.read(data, AROUND)


def marks(draft: Draft, commitment: str) -> dict[str, str]:
    return {
        one["date"]: one["answer"]
        for one in draft.document["answers"]
        if one["commitment"] == commitment
    }


def cadences(draft: Draft) -> list[dict]:
    return [one["cadence"] for one in draft.document["commitments"]]


def said(draft: Draft) -> list[str]:
    return [one.said for one in draft.remarks]


@pytest.mark.parametrize("name", samples.EACH)
def test_each_format_is_known_by_its_content_and_kept_as_json(name):
    draft = read(samples.EACH[name]())
    assert draft.source == name.removeprefix("old-").removesuffix("-zip")
    assert Draft.of_stored(json.loads(json.dumps(draft.stored()))) == draft


def test_loop_since_2_3_1():
    draft = read(samples.loop_csv())
    assert [one["title"] for one in draft.document["commitments"]] == [
        "Listen first", "Call, then write", "Read", "聞く",
    ]  # fmt: skip
    assert marks(draft, "c0") == {
        "2026-03-05": "kept", "2026-03-04": "broken", "2026-03-02": "released",
    }  # fmt: skip
    assert marks(draft, "c2") == {
        "2026-03-05": "kept", "2026-03-04": "broken", "2026-03-03": "broken",
        "2026-03-02": "released",
    }  # fmt: skip
    notes = {one["date"]: one.get("note") for one in draft.document["answers"]
             if one["commitment"] == "c2"}  # fmt: skip
    assert notes["2026-03-03"] == "9.5 pages\ntired"
    assert marks(draft, "c3") == {"2026-03-05": "kept"}
    assert cadences(draft)[1] == {"kind": "per_week", "times": 3}
    assert cadences(draft)[3] == {"kind": "per_week", "times": 4}
    assert [one.said for one in draft.of["c3"]] == [Said.CADENCE]
    assert draft.document["commitments"][2]["retired_on"] == "2026-03-05"


def test_loop_up_to_2_3_0():
    draft = read(samples.old_loop_csv())
    assert marks(draft, "c0") == {
        "2015-01-25": "kept", "2015-01-24": "broken", "2015-01-21": "released",
    }  # fmt: skip
    assert marks(draft, "c1") == {"2015-01-25": "kept", "2015-01-24": "broken"}
    assert draft.document["answers"][3]["note"] == "0"


def test_loops_matrix_serves_where_the_folders_are_missing():
    files = {
        "Habits.csv": samples.LOOP_HABITS.replace('"Call, then write"', "Call"),
        "Checkmarks.csv": "Date,Listen first,Call,Read,聞く,\n"
        "2026-03-05,YES_MANUAL,UNKNOWN,12000,NO,\n2026-03-04,NO,\n",
    }
    draft = read(samples.zipped(files))
    assert marks(draft, "c0") == {"2026-03-05": "kept"}
    assert marks(draft, "c2") == {"2026-03-05": "kept"}
    assert marks(draft, "c3") == {"2026-03-05": "broken"}
    assert [(one.said, one.where, one.line) for one in draft.remarks] == [
        (Said.LINE, "Checkmarks.csv", 3)
    ]


def test_lines_that_are_not_understood_are_named():
    marks_of_it = "Date,Value,Notes\n2026-03-05,YES_MANUAL,\nyesterday,NO,\n"
    marks_of_it += "2026-13-01,NO,\n2026-03-04,MAYBE,\n"
    files = {
        "Habits.csv": samples.LOOP_HABITS + "x,Broken,YES_NO,,,1,1,,,,,false\n",
        "001 Listen first/Checkmarks.csv": marks_of_it,
        "009 Nobody/Checkmarks.csv": marks_of_it,
    }
    draft = read(samples.zipped(files))
    assert [(one.said, one.where, one.line) for one in draft.remarks] == [
        (Said.LINE, "Habits.csv", 6),
        (Said.LINE, "001 Listen first/Checkmarks.csv", 3),
        (Said.LINE, "001 Listen first/Checkmarks.csv", 4),
        (Said.LINE, "001 Listen first/Checkmarks.csv", 5),
        (Said.NO_HABIT, "009 Nobody/Checkmarks.csv", None),
    ]


def test_loops_backup():
    draft = read(samples.loop_db())
    assert marks(draft, "c0") == {
        "2026-03-05": "kept", "2026-03-04": "broken", "2026-03-03": "released",
    }  # fmt: skip
    assert marks(draft, "c1") == {"2026-03-05": "kept", "2026-03-04": "broken"}
    assert said(draft) == [Said.NO_HABIT]
    assert draft.document["commitments"][1]["retired_on"] == "2026-03-05"


def test_a_backup_of_a_newer_loop_is_read_while_all_is_there_that_is_read():
    draft = read(samples.loop_db(version=26))
    assert marks(draft, "c0") == marks(read(samples.loop_db()), "c0")
    assert [(one.said, one.value) for one in draft.remarks][0] == (Said.NEWER, "26")
    database = sqlite3.connect(":memory:")
    database.deserialize(samples.loop_db(version=26))
    database.execute("ALTER TABLE Repetitions DROP COLUMN notes")
    with pytest.raises(HistoryError, match="newer Loop .* export as CSV there"):
        read(database.serialize())


def test_a_habit_without_a_name_in_a_backup_is_named_by_its_number():
    database = sqlite3.connect(":memory:")
    database.deserialize(samples.loop_db())
    database.execute("UPDATE Habits SET name = NULL WHERE id = 2")
    database.commit()
    draft = read(database.serialize())
    assert [(one.said, one.where) for one in draft.remarks] == [
        (Said.NAMELESS, "Habits, id 2"),
        (Said.NO_HABIT, "Repetitions, habit 9"),
    ]


def test_marks_of_a_deleted_habit_in_a_backup_are_one_remark():
    database = sqlite3.connect(":memory:")
    database.deserialize(samples.loop_db())
    rows = [(9, 1_600_000_000_000 + n * 86_400_000) for n in range(300)]
    database.executemany("INSERT INTO Repetitions(habit, timestamp, value) VALUES (?, ?, 2)", rows)
    database.commit()
    draft = read(database.serialize())
    assert said(draft) == [Said.NO_HABIT]
    assert len(marks(draft, "c0")) == 3


@pytest.mark.parametrize(
    "trap",
    [
        "DROP TABLE Habits; CREATE VIEW Habits AS SELECT 1 AS id, 'x' AS name, '' AS description,"
        " 1 AS freq_num, 1 AS freq_den, 0 AS archived, 0 AS position",
        "DROP TABLE Repetitions; CREATE VIEW Repetitions AS SELECT 1 AS habit, 2 AS timestamp",
        "ALTER TABLE Habits ADD COLUMN bomb TEXT AS (hex(zeroblob(100000000)));"
        "CREATE INDEX i ON Habits(hex(zeroblob(10)))",
    ],
)
def test_a_backup_with_code_in_it_runs_nothing(trap):
    database = sqlite3.connect(":memory:")
    database.deserialize(samples.loop_db())
    database.executescript(trap)
    try:
        draft = read(database.serialize())
    except HistoryError:
        return
    assert marks(draft, "c0")


def test_beaverhabits():
    draft = read(samples.as_json(samples.BEAVER))
    assert marks(draft, "c0") == {
        "2026-03-05": "broken", "2026-03-04": "broken", "2026-03-03": "released",
    }  # fmt: skip
    assert cadences(draft) == [{"kind": "per_week", "times": 3}, {"kind": "daily"}]
    assert said(draft) == [Said.DELETED]
    assert [(one.said, one.value) for one in draft.of["c0"]] == [(Said.TWICE, "1")]


def test_beaverhabits_file_on_disk_gives_no_token():
    inner = samples.BEAVER | {"backup": {"telegram_bot_token": "12345:secret"}, "order": []}
    for shape in (inner, {"data": inner}, {"habits": samples.BEAVER["habits"]}):
        draft = read(samples.as_json(shape))
        assert draft.source == "beaverhabits"
        assert "secret" not in json.dumps(draft.stored())
        assert "lea@example" not in json.dumps(draft.stored())


def test_habit_trove_days_are_local():
    draft = read(samples.as_json(samples.HABIT_TROVE))
    assert marks(draft, "c0") == {
        "2026-03-05": "kept", "2026-03-04": "kept", "2026-03-02": "kept",
    }  # fmt: skip
    assert marks(draft, "c1") == {"2026-03-05": "kept"}
    assert cadences(draft)[0] == {"kind": "weekdays", "days": [1, 2, 3, 4, 5]}
    assert said(draft) == [Said.ZONE, Said.TASKS]
    assert draft.others == ["c2"]


def test_habit_troves_backup_says_its_zone_and_keeps_its_secrets():
    draft = read(samples.trove_zip())
    assert "2026-03-06" in marks(draft, "c0")
    assert said(draft) == [Said.TASKS]
    assert "hash" not in json.dumps(draft.stored())


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("daily", {"kind": "daily"}),
        ("RRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=MO", {"kind": "weekdays", "days": [1]}),
        ("FREQ=WEEKLY", {"kind": "per_week", "times": 1}),
        ("FREQ=DAILY;INTERVAL=2", {"kind": "per_week", "times": 4}),
        ("FREQ=MONTHLY;BYMONTHDAY=1", {"kind": "per_week", "times": 1}),
        ("whenever", {"kind": "daily"}),
        ("FREQ=DAILY;INTERVAL=" + "9" * 200, {"kind": "daily"}),
    ],
)
def test_habit_troves_rules(rule, expected):
    document = {"habits": [{"name": "x", "frequency": rule, "completions": []}]}
    assert cadences(read(samples.as_json(document))) == [expected]


def test_table_habit_counts_as_its_code_does():
    draft = read(samples.as_json(samples.TABLE_HABIT))
    assert marks(draft, "c0") == {
        "2026-03-05": "kept", "2026-03-04": "broken", "2026-03-03": "released",
    }  # fmt: skip
    assert marks(draft, "c1") == {"2026-03-05": "kept", "2026-03-04": "broken"}
    assert cadences(draft) == [{"kind": "daily"}, {"kind": "per_week", "times": 4}]
    assert draft.document["commitments"][1]["retired_on"]


def test_answers_ahead_of_today_are_remarked():
    ahead = [{"commitment": "y", "date": "2026-11-25", "answer": "kept"}]
    draft = read(samples.as_json(samples.KEPT | {"answers": samples.KEPT["answers"] + ahead}))
    assert [(one.said, one.value) for one in draft.of["y"]] == [(Said.AHEAD, "1")]


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"surprise": 1},
        {"successors": [{"commitment": "x", "continues": "x"}]},
        {"successors": [{"commitment": "x", "continues": "none"}]},
        {"told_later": [{"date": "2026-11-09", "told_at": "2026-11-20T08:00:00Z"}]},
        {"told_later": [{"lapse": 7, "date": "2026-11-09", "told_at": "2026-11-20T08:00:00Z"}]},
        {"repairs": [{"commitment": "z"}]},
        {"weeks": [{"first": "2026-11-08", "guess": -1}]},
        {"settings": {"theme": "pink"}},
        {"settings": {"people": ["x" * 61]}},
        {"before": {"origins": [{"commitment": "x", "origin": "no digest"}]}},
        {"leader": {"week_start": 1, "name": "x" * 61}},
        {"lapses": [{"date": "1999-01-01", "nature": "choice"}]},
        {"lapses": [{"date": "2026-11-09", "nature": "choice", "recorded_at": "at noon"}]},
    ],
)
def test_a_history_that_is_wrong_is_refused_whole(change):
    with pytest.raises(HistoryError):
        read(samples.as_json(samples.KEPT | change))


@pytest.mark.parametrize(
    "change",
    [
        {"lapses": [{"date": "2026-01-01", "nature": "mistake"}] * 5_001},
        {"time_off": [{"first": "2026-01-01", "last": "2026-01-02"}] * 1_001},
        {"settings": {"people": [f"Person {n}" for n in range(1_001)]}},
    ],
    ids=["lapses", "time off", "people"],
)
def test_more_than_any_leader_has_is_refused_before_it_takes_minutes(change):
    with pytest.raises(HistoryError, match="more than"):
        read(samples.as_json(samples.KEPT | change))


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{}", b"[]", b"null", b"\xff\xfe{", b"PK", b"PK\x03\x04", b"SQLite format 3\x00",
        b"Date,Value\n", b"{" * 100_000, b"[" * 100_000, b'{"habits":[]}', b'{"habits":[1]}',
        b'{"habits":' + b"[" * 500 + b"]" * 500 + b"}", b"9" * 100_000,
        b'{"habits":[' + b"{}," * 400_000 + b"{}]}", b" " * (7 * 2**20),
        samples.zipped({"other.txt": "x"}), samples.zipped({"../Habits.csv": "x"}),
        samples.zipped({"Habits.csv": "Position,Name\n001,x\n", "001/Checkmarks.csv": "0" * 2**24}),
        samples.zipped({f"{n}/Checkmarks.csv": "" for n in range(5001)}),
    ],
    ids=range(21),
)  # fmt: skip
def test_what_is_none_of_these_is_refused_in_one_line(data):
    with pytest.raises(HistoryError) as caught:
        read(data)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


def test_a_small_zip_that_unpacks_to_much_is_left_soon():
    rows = "Position,Name\n" + "001,x\n" * 1_300_000
    with pytest.raises(HistoryError, match="cannot read"):
        read(samples.zipped({"Habits.csv": rows}))


def test_text_that_cannot_be_stored_is_cleaned():
    records = [{"day": "2026-03-05", "done": True, "text": "a\x00b\ud800c\nd"}]
    document = {"habits": [{"name": " A\x00 b\u202e \ud800", "records": records}]}
    draft = read(samples.as_json(document))
    assert draft.document["commitments"][0]["title"] == "A b\u202e"
    assert draft.document["answers"][0]["note"] == "abc\nd"
