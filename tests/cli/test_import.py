"""kept import: what a file would bring, and on a word brings."""

import pytest

from tests.cli.conftest import NOW
from tests.command import kept, refusal
from tests.importers import samples


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "loop.zip"
    path.write_bytes(samples.loop_csv())
    return str(path)


def exported(demo) -> str:
    return kept("--now", NOW, "export", "Cleo", data=demo).stdout


def test_a_dry_run_says_what_would_come_and_writes_nothing(demo, file):
    before = exported(demo)
    done = kept("--now", NOW, "import", "Cleo", file, data=demo)
    assert done.returncode == 0, done.stderr
    assert "Loop Habit Tracker: 4 commitments" in done.stdout
    assert "new: 1 kept, 1 broken, 1 released, 2026-03-02 to 2026-03-05; 0 here" in done.stdout
    assert "Nothing was written" in done.stderr
    assert exported(demo) == before


def test_it_is_written_on_a_word_and_twice_adds_nothing(demo, file):
    words = ("--write", "--character", "c0", "--leave-out", "c2")
    done = kept("--now", NOW, "import", "Cleo", file, *words, data=demo)
    assert done.returncode == 0, done.stderr
    once = exported(demo)
    assert "Listen first" in once
    assert '"title": "Read"' not in once
    again = kept("--now", NOW, "import", "Cleo", file, *words, data=demo)
    assert "is here: 1 kept, 1 broken, 1 released" in again.stdout
    assert "All of it is here already." not in again.stdout  # c2 was left out
    assert exported(demo) == once
    assert "0 stored days differ" in kept("--now", NOW, "verify", data=demo).stderr


def test_a_history_says_what_comes_beside_its_commitments(demo, tmp_path):
    path = tmp_path / "kept.json"
    path.write_bytes(samples.as_json(samples.KEPT))
    first = kept("--now", NOW, "import", "Cleo", str(path), "--write", data=demo)
    assert "new beside them: 1 lapse, 1 stretch of time off" in first.stdout
    assert "can undo it under Settings" in first.stderr
    again = kept("--now", NOW, "import", "Cleo", str(path), data=demo)
    assert "All of it is here already." in again.stdout
    assert "beside them" not in again.stdout


def test_what_cannot_be_done_is_said_in_a_line(demo, file, tmp_path):
    words = tmp_path / "words.txt"
    words.write_text("hello")
    assert "none that Kept can read" in refusal("import", "Cleo", str(words), data=demo)
    assert "No such file" in refusal("import", "Cleo", str(tmp_path / "none"), data=demo)
    assert "--zone" in refusal("import", "Cleo", file, "--zone", "Nowhere", data=demo)
    done = kept("import", "Cleo", file, "--leave-out", "c9", data=demo)
    assert "There is no c9 in the file." in done.stderr
    assert kept("import", "Nobody", file, data=demo).returncode == 2
