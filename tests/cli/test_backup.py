"""kept backup and kept restore: the same everything again, on either database."""

import sqlite3
import stat
from contextlib import closing

import pytest

from habits import ROOT
from tests.cli.conftest import NOW
from tests.command import kept, refusal


def dump(path) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        return sorted(line for line in database.iterdump() if line.startswith("INSERT"))


@pytest.fixture
def backup(demo, tmp_path):
    file = tmp_path / "backup.db"
    done = kept("--now", NOW, "backup", str(file), data=demo)
    assert done.returncode == 0, done.stderr
    return file


def test_a_backup_is_whole_its_owners_alone_and_never_over_a_file(demo, backup):
    assert dump(backup) == dump(demo / "kept.db")
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert "exists" in refusal("backup", str(backup), data=demo)
    said = refusal("backup", str(backup.parent / "none" / "backup.db"), data=demo)
    assert said.endswith("cannot be written: No such file or directory.")
    assert [path.name for path in backup.parent.glob("*.part")] == []


def test_of_nothing_there_is_no_backup(empty, tmp_path):
    said = refusal("backup", str(tmp_path / "backup.db"), data=empty)
    assert f"no database {empty / 'kept.db'}" in said
    assert not (tmp_path / "backup.db").exists()
    assert not (empty / "kept.db").exists()


def test_it_is_restored_where_nothing_is(backup, empty):
    done = kept("--now", NOW, "restore", str(backup), data=empty)
    assert done.returncode == 0, done.stderr
    assert dump(empty / "kept.db") == dump(backup)
    verified = kept("--now", NOW, "verify", data=empty)
    assert (verified.returncode, "2 accounts folded, 0 stored days differ" in verified.stderr) == (
        0,
        True,
    )


def test_it_never_takes_the_place_of_leaders_silently(demo, backup):
    with closing(sqlite3.connect(demo / "kept.db")) as database:
        database.execute("UPDATE leaders SET name = 'Changed' WHERE id = 1")
        database.commit()
    before = dump(demo / "kept.db")
    assert "--replace" in refusal("restore", str(backup), data=demo)
    assert dump(demo / "kept.db") == before
    done = kept("--now", NOW, "restore", str(backup), "--replace", data=demo)
    assert done.returncode == 0, done.stderr
    assert dump(demo / "kept.db") == dump(backup)
    (copy,) = (demo / "backups").glob("*before-restore.db")
    assert dump(copy) == before


def test_a_damaged_database_is_kept_beside_the_restored_one(demo, backup):
    (demo / "kept.db").write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    assert "--replace" in refusal("restore", str(backup), data=demo)
    done = kept("--now", NOW, "restore", str(backup), "--replace", data=demo)
    assert done.returncode == 0, done.stderr
    assert dump(demo / "kept.db") == dump(backup)
    assert len(list((demo / "backups").glob("*damaged.db"))) == 1
    (demo / "kept.db").write_bytes(b"SQLite format 3\0" + b"y" * 5000)
    done = kept("--now", NOW, "restore", str(backup), "--replace", data=demo)  # the same second
    assert done.returncode == 0, done.stderr
    ends = [path.read_bytes()[-1:] for path in sorted((demo / "backups").glob("*damaged*.db"))]
    assert sorted(ends) == [b"x", b"y"]


def test_what_is_no_sound_backup_changes_nothing(demo, backup, tmp_path):
    before = dump(demo / "kept.db")
    content = bytearray(backup.read_bytes())
    content[4096 * 3 : 4096 * 6] = b"\xff" * 4096 * 3
    for name, data, said in (
        ("words", b"not a database", "no backup"),
        ("torn", bytes(content), "damaged"),
        ("cut", bytes(backup.read_bytes()[: len(content) // 2]), "damaged"),
    ):
        file = tmp_path / name
        file.write_bytes(data)
        assert said in refusal("restore", str(file), "--replace", data=demo)
    newer = tmp_path / "newer.db"
    newer.write_bytes(backup.read_bytes())
    with closing(sqlite3.connect(newer)) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    assert "newer" in refusal("restore", str(newer), "--replace", data=demo)
    half = tmp_path / "half.db"
    half.write_bytes(backup.read_bytes())
    with closing(sqlite3.connect(half)) as database:
        database.execute("DROP TABLE answers")
    said = refusal("restore", str(half), "--replace", data=demo)
    assert "the table answers is missing" in said
    assert str(half) in said
    assert "cannot be read" in refusal("restore", str(tmp_path / "none"), data=demo)
    assert dump(demo / "kept.db") == before


def test_through_postgresql_and_back_it_is_the_same(backup, postgresql, tmp_path):
    url = postgresql.empty("restored")
    there, again = tmp_path / "pg", tmp_path / "again.db"
    newest = max(path.name[:4] for path in (ROOT / "migrations" / "versions").glob("[0-9]*.py"))
    done = kept("--now", NOW, "restore", str(backup), data=there, DATABASE_URL=url)
    assert done.returncode == 0, done.stderr
    verified = kept("--now", NOW, "verify", data=there, DATABASE_URL=url)
    assert "2 accounts folded, 0 stored days differ" in verified.stderr
    done = kept("--now", NOW, "backup", str(again), data=there, DATABASE_URL=url)
    assert done.returncode == 0, done.stderr
    assert dump(again) == dump(backup)
    assert newest in "".join(dump(again))
    assert "--replace" in refusal("restore", str(backup), data=there, DATABASE_URL=url)
    replaced = kept("--now", NOW, "restore", str(backup), "--replace", data=there, DATABASE_URL=url)
    assert replaced.returncode == 0, replaced.stderr
    invited = kept("invite", data=there, DATABASE_URL=url)
    assert invited.returncode == 0, invited.stderr
    postgresql.drop(url)
