import multiprocessing
import os
import sqlite3
import stat
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from habits import create_app, storage
from habits.config import ConfigError
from habits.db import db
from tests import cast, databases, schemas
from tests.clock import MONDAY
from tests.databases import on_postgresql, on_sqlite

SPAWNED = multiprocessing.get_context("spawn")
ADD_MOTTO = """
with op.batch_alter_table("leaders") as leaders:
    leaders.add_column(sa.Column("motto", sa.String(20)))
"""


@pytest.fixture
def newer(app, tmp_path):
    """The app of a Kept that is one migration ahead of its database."""
    schemas.invent(app, tmp_path / "migrations", ADD_MOTTO)
    return app


@pytest.fixture
def path(tmp_path):
    return tmp_path / "kept.db"


def backups(tmp_path):
    return sorted((tmp_path / "backups").glob("*"))


def refused(app) -> str:
    with pytest.raises(ConfigError) as caught:
        storage.upgrade(app, MONDAY)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def columns(app):
    with app.app_context():
        return [column["name"] for column in inspect(db.engine).get_columns("leaders")]


def test_a_fresh_database_is_migrated_and_nothing_is_copied(empty_database, tmp_path):
    app = create_app(databases.config(tmp_path, empty_database))
    storage.upgrade(app, MONDAY)
    assert "handle" in columns(app)
    assert not backups(tmp_path)


def test_the_newest_schema_is_left_alone(app, tmp_path):
    storage.upgrade(app, MONDAY)
    assert not backups(tmp_path)


@on_sqlite
def test_a_copy_is_kept_before_a_migration(newer, dana, tmp_path):
    storage.upgrade(newer, MONDAY)
    assert "motto" in columns(newer)
    (copy,) = backups(tmp_path)
    assert copy.name == f"kept-20261123T180000Z-before-{schemas.following()}.db"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with sqlite3.connect(copy) as stored:
        assert stored.execute("SELECT name FROM leaders").fetchall() == [("Dana",)]
        assert stored.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert "motto" not in [row[1] for row in stored.execute("PRAGMA table_info(leaders)")]


@on_sqlite
def test_copies_of_one_second_are_all_kept(newer, dana, tmp_path):
    with newer.app_context():
        config = newer.extensions["kept"]
        made = [storage.keep_copy(config, "before-restore", MONDAY) for _ in range(3)]
        assert [path.name for path in made] == [
            f"kept-20261123T180000Z-before-restore{end}.db" for end in ("", "-2", "-3")
        ]
    assert backups(tmp_path) == sorted(made)


@on_sqlite
def test_the_copy_can_be_put_back(newer, dana, tmp_path, path):
    storage.upgrade(newer, MONDAY)
    (copy,) = backups(tmp_path)
    with newer.app_context():
        db.engine.dispose()
    copy.rename(path)
    storage.upgrade(newer, MONDAY)
    assert "motto" in columns(newer)


@on_sqlite
def test_without_a_copy_there_is_no_migration(newer, dana, tmp_path):
    (tmp_path / "backups").write_text("a file where the folder should be")
    assert "nothing was changed" in refused(newer)
    assert "motto" not in columns(newer)


@on_postgresql
def test_postgresql_is_copied_without_any_tool(newer, dana, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    storage.upgrade(newer, MONDAY)
    assert "motto" in columns(newer)
    (copy,) = backups(tmp_path)
    assert copy.name == f"kept-20261123T180000Z-before-{schemas.following()}.db"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with sqlite3.connect(copy) as stored:
        assert stored.execute("SELECT name FROM leaders").fetchall() == [("Dana",)]
        assert "motto" not in [row[1] for row in stored.execute("PRAGMA table_info(leaders)")]


def test_a_database_newer_than_this_kept_is_refused(app):
    with app.app_context():
        db.session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        db.session.commit()
    line = refused(app)
    assert "newer than this Kept" in line
    assert "update Kept" in line


def test_a_database_of_something_else_is_refused(empty_database, tmp_path):
    app = create_app(databases.config(tmp_path, empty_database))
    with app.app_context():
        db.session.execute(text("CREATE TABLE invoices (id integer)"))
        db.session.commit()
    assert "not Kept's" in refused(app)
    with app.app_context():
        assert inspect(db.engine).get_table_names() == ["invoices"]


def overwrite(path, content: bytes):
    path.write_bytes(content)


def cut(path):
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def scramble(path):
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 9] = os.urandom(4096 * 6)
    path.write_bytes(content)


def turn_into_words(path):
    path.write_text("My trust account, a diary in my own words. " * 50)


def empty(path):
    path.write_bytes(b"")


@on_sqlite
@pytest.mark.parametrize("harm", [cut, scramble, turn_into_words, empty])
def test_a_damaged_file_is_refused_and_left_as_it_is(app, dana, path, harm):
    with app.app_context():
        db.engine.dispose()
    harm(path)
    before = path.read_bytes()
    line = refused(app)
    assert "is damaged" in line
    assert "put a copy in its place" in line
    assert path.read_bytes() == before


def test_a_database_that_lacks_a_table_is_refused(app):
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("DROP TABLE answers"))
    assert "the table answers is missing" in refused(app)


@on_sqlite
def test_a_journal_without_its_database_is_refused(app, path):
    path.unlink()
    path.with_name("kept.db-wal").write_bytes(b"answers that were acknowledged")
    assert "damaged" in refused(app)
    assert not path.exists()


@on_sqlite
def test_a_folder_in_place_of_the_database_is_refused(app, path):
    path.unlink()
    path.mkdir()
    assert "cannot be used" in refused(app)


def test_postgresql_that_does_not_answer_is_refused_without_its_password(tmp_path):
    url = "postgresql+psycopg://dana:hunter2@127.0.0.1:1/kept"
    line = refused(create_app(databases.config(tmp_path, url)))
    assert "PostgreSQL at 127.0.0.1 cannot be used" in line
    assert "hunter2" not in line


def test_processes_that_start_together_migrate_once(empty_database, tmp_path):
    starts = [SPAWNED.Process(target=start, args=(str(tmp_path), empty_database)) for _ in range(4)]
    for each in starts:
        each.start()
    for each in starts:
        each.join(60)
        assert each.exitcode == 0


def start(data, url):
    app = create_app(databases.config(Path(data), url))
    storage.upgrade(app, MONDAY)
    with app.app_context():
        cast.leader("Dana")


@on_sqlite
def test_processes_that_update_together_copy_once(app, dana, tmp_path, database):
    folder = schemas.invent(app, tmp_path / "migrations", ADD_MOTTO)
    args = (str(tmp_path), database, str(folder))
    starts = [SPAWNED.Process(target=update, args=args) for _ in range(3)]
    for each in starts:
        each.start()
    for each in starts:
        each.join(60)
        assert each.exitcode == 0
    assert len(backups(tmp_path)) == 1


def update(data, url, migrations):
    app = create_app(databases.config(Path(data), url))
    app.extensions["migrate"].directory = migrations
    storage.upgrade(app, MONDAY)
