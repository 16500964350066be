"""Backups: one SQLite file, whichever database it was made of, that either can be restored from."""

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import JSON, MetaData, create_engine, inspect, text
from sqlalchemy.engine import Connection, Engine

from habits.config import ConfigError
from habits.db import db

MAGIC = b"SQLite format 3\0"
BATCH = 1_000  # rows a statement
VERSION = "alembic_version"
READS_AS_OF_NOW = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def write(path: Path, migrate) -> None:
    """Copy the app's database to a new file, consistently, while it is in use.

    `migrate(path, revision)` makes the tables of a schema in an empty SQLite file.
    """
    _appear(path, lambda part: copy(part, migrate))


def copy(path: Path, migrate) -> None:
    """The same into a file that is there and empty."""
    if db.engine.dialect.name == "sqlite":
        copy_sqlite(path)
    else:
        _copy_rows_out(path, migrate)


def copy_sqlite(path: Path) -> None:
    """Copy an SQLite database, as of one instant."""
    raw = db.engine.raw_connection()
    try:
        raw.driver_connection.execute("VACUUM INTO ?", (str(path),))
    finally:
        raw.close()


def check(path: Path, known: list[str]) -> str:
    """The schema's version of a sound backup. Raises ConfigError in a line that says what is wrong.

    `known` are the versions that this Kept can bring to its own.
    """
    try:
        with path.open("rb") as file:
            begins = file.read(len(MAGIC))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from None
    if begins != MAGIC:
        raise ConfigError(f"{path} is no backup of Kept.")
    try:
        with closing(_open(path)) as backup:
            return _checked(path, backup, known)
    except sqlite3.Error as error:
        raise ConfigError(f"{path} is damaged: {error}.") from None


def missing_tables(path: Path) -> set[str]:
    """The tables of this Kept's schema that a backup lacks."""
    backup = _engine(path)
    try:
        return set(db.metadata.tables) - set(inspect(backup).get_table_names())
    finally:
        backup.dispose()


def is_empty() -> bool:
    """Whether the app's database holds no leader."""
    if "leaders" not in inspect(db.engine).get_table_names():
        return True
    with db.engine.connect() as connection:
        return connection.scalar(text("SELECT id FROM leaders LIMIT 1")) is None


def restore_sqlite(path: Path) -> None:
    """Put the backup in the place of the app's SQLite database, in one step for all who read it."""
    raw = db.engine.raw_connection()
    try:
        with closing(_open(path, db.engine.dialect.loaded_dbapi)) as backup:
            backup.backup(raw.driver_connection)
    finally:
        raw.close()


def restore_rows(path: Path) -> None:
    """Put the backup's rows in the place of all rows of a database of the same schema."""
    backup = _engine(path)
    try:
        with db.engine.begin() as into, backup.connect() as of:
            _empty(into)
            _copy_rows(of, into)
            _reset_sequences(into)
    finally:
        backup.dispose()


def _appear(path: Path, fill) -> None:
    """A file comes to be under its name only when it is whole and on the disk; never over one."""
    if path.exists():
        raise ConfigError(f"{path} exists: choose another name, or move it away.")
    part = path.with_name(f".{path.name}.part")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        fill(part)
        descriptor = os.open(part, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
        os.link(part, path)
    except FileExistsError:
        raise ConfigError(f"{path} exists: choose another name, or move it away.") from None
    except (OSError, db.engine.dialect.loaded_dbapi.Error) as error:
        why = getattr(error, "strerror", None) or error
        raise ConfigError(f"{path} cannot be written: {why}.") from None
    finally:
        part.unlink(missing_ok=True)


def _copy_rows_out(path: Path, migrate) -> None:
    out = _engine(path)
    try:
        with db.engine.connect().execution_options(**READS_AS_OF_NOW) as of:
            migrate(path, of.scalar(text(f"SELECT version_num FROM {VERSION}")))
            with out.begin() as into:
                _copy_rows(of, into)
        raw = out.raw_connection()
        raw.driver_connection.execute("PRAGMA journal_mode=DELETE")
        raw.close()
    finally:
        out.dispose()


def _copy_rows(of: Connection, into: Connection) -> None:
    """Every row of every table but the version's, as both databases describe them."""
    source, target = MetaData(), MetaData()
    source.reflect(of)
    target.reflect(into)
    for column in (column for table in target.tables.values() for column in table.columns):
        if isinstance(column.type, JSON):
            column.type = JSON(none_as_null=True)
    if into.dialect.name == "sqlite":
        into.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    for table in _parents_first(target):
        own = {key.parent.name for key in table.foreign_keys if key.column.table is table}
        named = []
        rows = of.execute(
            source.tables[table.name].select(), execution_options={"yield_per": BATCH}
        )
        for some in rows.partitions(BATCH):
            values = [_plain(row._mapping, into) for row in some]
            named += [row for row in values if any(row[name] is not None for name in own)]
            into.execute(table.insert(), [row | dict.fromkeys(own) for row in values])
        _name_one_another(table, own, named, into)


def _name_one_another(table, own: set[str], rows: list[dict], into: Connection) -> None:
    """Rows of one table that name others of it, once all are there."""
    for row in rows:
        changed = {name: row[name] for name in own}
        into.execute(table.update().where(table.c.id == row["id"]).values(changed))


def _parents_first(tables: MetaData) -> list:
    return [table for table in tables.sorted_tables if table.name != VERSION]


def _plain(row, into: Connection) -> dict:
    """Instants in UTC: without a zone where the database keeps none, with it where it does."""
    return {name: _instant(value, into) for name, value in row.items()}


def _instant(value, into: Connection):
    if not isinstance(value, datetime):
        return value
    if into.dialect.name == "sqlite":
        return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _empty(into: Connection) -> None:
    tables = MetaData()
    tables.reflect(into)
    names = [into.dialect.identifier_preparer.quote(t.name) for t in _parents_first(tables)]
    into.execute(text(f"TRUNCATE {', '.join(names)}"))


def _reset_sequences(into: Connection) -> None:
    """The next id follows the largest."""
    tables = MetaData()
    tables.reflect(into)
    for table in _parents_first(tables):
        if "id" in table.columns:
            quoted = into.dialect.identifier_preparer.quote(table.name)
            into.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'),"
                    f" coalesce((SELECT max(id) FROM {quoted}), 1),"
                    f" EXISTS (SELECT 1 FROM {quoted}))"
                )
            )


def _checked(path: Path, backup: sqlite3.Connection, known: list[str]) -> str:
    sound = backup.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if sound != "ok":
        raise ConfigError(f"{path} is damaged: {' '.join(sound.split())[:200]}.")
    if backup.execute("PRAGMA foreign_key_check").fetchone():
        raise ConfigError(f"{path} is damaged: rows of it lost their parents.")
    tables = {row[0] for row in backup.execute("SELECT name FROM sqlite_master")}
    if not {VERSION, "leaders"} <= tables:
        raise ConfigError(f"{path} is no backup of Kept.")
    version = backup.execute(f"SELECT version_num FROM {VERSION}").fetchone()
    if version is None or version[0] not in known:
        raise ConfigError(f"{path} is newer than this Kept: update Kept first.")
    return version[0]


def _open(path: Path, driver=sqlite3):
    return driver.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def _engine(path: Path) -> Engine:
    return create_engine(f"sqlite:///{path}", hide_parameters=True)
