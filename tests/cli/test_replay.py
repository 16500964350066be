"""kept replay gives anyone the same numbers, and says in one line what is wrong with a file."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

KEPT = Path(sys.executable).with_name("kept")
VECTORS = Path(__file__).parents[1] / "vectors"
EXPECTED = sorted(VECTORS.glob("*.csv"))
HEADER = "date,character,competency,balance,streak\n"


def replay(*arguments, **options):
    command = [KEPT, "replay", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, timeout=60, check=False, **options)


def small(**changes):
    """A small history that is right, and how it is changed."""
    document = {
        "format": "kept-history",
        "version": 1,
        "trust_version": 1,
        "leader": {
            "name": "Dana",
            "timezone": "Europe/Berlin",
            "day_start": 3,
            "week_start": 1,
            "locale": "en",
        },
        "commitments": [
            {
                "id": "c0",
                "title": "I start on the minute",
                "pillar": "character",
                "cadence": {"kind": "daily"},
                "picked_on": "2026-01-05",
            }
        ],
        "answers": [{"commitment": "c0", "date": "2026-01-05", "answer": "kept"}],
    }
    return {**document, **changes}


@pytest.fixture
def written(tmp_path):
    def write(content):
        path = tmp_path / "history.json"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return path

    return write


def rows(text):
    return [
        (
            row["date"],
            row["streak"],
            *map(float, (row["character"], row["competency"], row["balance"])),
        )
        for row in csv.DictReader(text.splitlines())
    ]


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda path: path.stem)
def test_a_worked_case_comes_out_equal(expected):
    name, today, *person = expected.stem.split(".")
    whose = ["--person", *person] if person else []
    done = replay(VECTORS / f"{name}.json", "--today", today, *whose)
    assert done.returncode == 0
    want, got = rows(expected.read_text()), rows(done.stdout.decode())
    assert done.stdout.decode().startswith(HEADER)
    assert [row[:2] for row in got] == [row[:2] for row in want]
    for mine, theirs in zip(got, want, strict=True):
        assert mine[2:] == pytest.approx(theirs[2:], abs=1e-9, rel=0)


def test_numbers_stand_in_full_precision(written):
    done = replay(written(small()), "--today", "2026-01-06")
    assert done.stdout.decode() == (
        HEADER
        + "2026-01-05,50.52325152258326,50.0,50.260944839200576,1\n"
        + "2026-01-06,50.52325152258326,50.0,50.260944839200576,1\n"
    )


def test_a_record_with_nothing_in_it_has_no_lines(written):
    empty = {"format": "kept-history", "version": 1, "leader": {"week_start": 1}}
    assert replay(written(empty), "--today", "2026-01-06").stdout.decode() == HEADER
    assert replay(written(small()), "--today", "2026-01-04").stdout.decode() == HEADER
    stranger = replay(written(small()), "--today", "2026-01-06", "--person", "Ben")
    assert (stranger.returncode, stranger.stdout.decode()) == (0, HEADER)


def test_a_history_can_come_by_standard_input():
    data = json.dumps(small()).encode()
    assert replay("-", "--today", "2026-01-05", input=data).stdout.decode().count("\n") == 2


def test_an_answer_that_cannot_be_due_is_reported_and_left_out(written):
    stray = {"commitment": "c0", "date": "2026-01-03", "answer": "broken"}
    later = {"commitment": "c0", "date": "2026-01-02", "answer": "broken"}
    document = small(answers=[*small()["answers"], stray, later])
    done = replay(written(document), "--today", "2026-01-05")
    first, second = done.stderr.decode().splitlines()
    assert "answers[1]" in first
    assert "c0" in first
    assert "2026-01-03" in first
    assert "answers[2]" in second
    assert done.returncode == 0
    assert done.stdout == replay(written(small()), "--today", "2026-01-05").stdout


def test_what_happened_after_today_is_not_read(written):
    after = {
        "lapses": [{"date": "2026-01-06", "nature": "deception"}],
        "answers": [
            *small()["answers"],
            {"commitment": "c0", "date": "2026-01-06", "answer": "kept"},
        ],
    }
    done = replay(written(small(**after)), "--today", "2026-01-05")
    assert done.stdout == replay(written(small()), "--today", "2026-01-05").stdout
    assert done.stderr == b""


@pytest.mark.parametrize(
    "today", ["", "today", "2026-02-30", "20260105", "2026-W01-1", "٢٠٢٦-01-05"]
)
def test_a_wrong_day_is_refused_in_one_line(written, today):
    refused(replay(written(small()), "--today", today), "--today")


def test_a_file_that_cannot_be_read_is_refused_in_one_line(tmp_path):
    refused(replay(tmp_path / "none.json", "--today", "2026-01-05"), "none.json")
    refused(replay(tmp_path, "--today", "2026-01-05"), tmp_path.name)


def test_a_malformed_history_is_refused_in_one_line(written):
    commitments = [{**small()["commitments"][0], "pillar": "charm\n"}]
    done = replay(written(small(commitments=commitments)), "--today", "2026-01-05")
    refused(done, "commitments[0].pillar", '"charm\\n"')


def test_a_reader_that_stops_early_is_no_fault(written):
    path = written(small(commitments=[{**small()["commitments"][0], "picked_on": "1900-01-01"}]))
    command = f'"{KEPT}" replay "{path}" --today 2026-01-05 | head -n 1'
    done = subprocess.run(command, shell=True, capture_output=True, timeout=60, check=True)
    assert (done.stdout.decode(), done.stderr) == (HEADER, b"")


def test_the_first_and_the_last_day_of_the_calendar_hold(written):
    commitment = {**small()["commitments"][0], "cadence": {"kind": "per_week", "times": 3}}
    first = [{**commitment, "picked_on": "0001-01-01"}]
    last = [{**commitment, "picked_on": "9999-12-30"}]
    leader = {**small()["leader"], "week_start": 7}
    for commitments, today in ((first, "0001-01-03"), (last, "9999-12-31")):
        document = small(commitments=commitments, leader=leader, answers=[])
        done = replay(written(document), "--today", today)
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout.decode().splitlines()[-1].startswith(today)


def test_replay_needs_neither_the_web_nor_the_database(written):
    script = (
        "import sys; from habits.cli import main\n"
        f"path = {str(written(small()))!r}\n"
        "main(['replay', path, '--today', '2026-01-05'], standalone_mode=False)\n"
        "assert not {'flask', 'sqlalchemy'} & set(sys.modules), 'loaded'"
    )
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, timeout=60)


def refused(done, *parts):
    assert done.returncode == 2
    assert done.stdout == b""
    line = done.stderr.decode()
    assert line.count("\n") == 1
    for part in parts:
        assert part in line
