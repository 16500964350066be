"""Brings the database to this Kept's schema: checked first, copied first, one process at a time."""

import fcntl
import logging
import os
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import chain, count
from pathlib import Path

from flask import current_app
from sqlalchemy import inspect, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError, OperationalError

from habits import ROOT, backups, create_app
from habits.config import Config, ConfigError
from habits.db import Migrations, db

QUICK = 8 * 1024 * 1024  # bytes: a file so small is checked through at each start
OLDER = "update Kept, or put the copy that was made before the update back from {}"
DAMAGED = (
    "The database {} is damaged ({}): move it and its -wal away, then put a copy in its place, "
    "such as the newest in {}, or nothing to begin anew."
)

log = logging.getLogger("kept")


def upgrade(app, now: datetime) -> None:
    """Migrate to the newest schema, where that is needed, after a copy. Raises ConfigError."""
    config = app.extensions["kept"]
    with app.app_context(), alone(config.data / "kept.lock"):
        try:
            _upgrade(config, now)
        except OperationalError as error:
            raise ConfigError(_unusable(db.engine.url, error)) from None
        except DatabaseError as error:
            raise ConfigError(_damaged(config, str(error.orig))) from None
        finally:
            db.engine.dispose()  # nothing of this may be shared with a forked worker


def newest() -> str:
    """The revision of this Kept's schema; needs an app context."""
    return known()[-1]


def known() -> list[str]:
    """All revisions in order: each file is named by its number; needs an app context."""
    files = Path(_folder(), "versions").glob("[0-9]*_*.py")
    return sorted(path.name.partition("_")[0] for path in files)


def migrate_file(path: Path, revision: str) -> None:
    """Bring an SQLite file that nobody uses, empty or a backup, to a version of the schema."""
    folder, config = _folder(), current_app.extensions["kept"]
    app = create_app(replace(config, database_url=f"sqlite:///{path}"))
    app.extensions["migrate"].directory = folder
    with app.app_context():
        try:
            _migrate(revision)
        finally:
            db.engine.dispose()


@contextmanager
def alone(lock: Path):
    """Wait until no other process of this data folder migrates."""
    descriptor = os.open(lock, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _upgrade(config: Config, now: datetime) -> None:
    if db.engine.dialect.name == "sqlite":
        _check_file(config, Path(db.engine.url.database))
    stored = _stored()
    if stored == newest():
        _check_tables(config)
        return
    if stored is not None:
        if stored not in known():
            way = OLDER.format(config.data / "backups")
            raise ConfigError(f"The database is newer than this Kept (version {stored}): {way}.")
        keep_copy(config, f"before-{newest()}", now)
    _migrate("head")
    log.info("database migrated to version %s", newest())


def _migrate(revision: str) -> None:
    from alembic import command  # it takes long to load, and hardly any start needs it

    folder = _folder()
    if "migrate" not in current_app.extensions:  # an app without pages
        current_app.extensions["migrate"] = Migrations(current_app, folder)
    command.upgrade(current_app.extensions["migrate"].migrate.get_config(folder), revision)


def _folder() -> str:
    known = current_app.extensions.get("migrate")
    return known.directory if known else str(ROOT / "migrations")


def _stored() -> str | None:
    """The database's revision, None where it is fresh."""
    with db.engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        if "alembic_version" in tables:
            stored = connection.scalar(text("SELECT version_num FROM alembic_version"))
            if stored is not None or len(tables) == 1:
                return stored
    if tables:
        raise ConfigError(
            "The database holds tables that are not Kept's: "
            "point DATABASE_URL to a database of its own."
        )
    return None


def _check_file(config: Config, path: Path) -> None:
    """Refuse what is no whole database, so that nothing ever starts empty over lost data."""
    journal = path.with_name(path.name + "-wal")
    if not path.exists():
        if journal.exists() and journal.stat().st_size:
            raise ConfigError(_damaged(config, "only its -wal is left"))
        return
    size = path.stat().st_size
    if size == 0:
        raise ConfigError(_damaged(config, "it is empty"))
    with db.engine.connect() as connection:
        # Reading the schema finds a foreign or cut file, quick_check any malformed page.
        connection.execute(text("SELECT count(*) FROM sqlite_master"))
        if size < QUICK and (fault := connection.scalar(text("PRAGMA quick_check(1)"))) != "ok":
            raise ConfigError(_damaged(config, fault))


def _check_tables(config: Config) -> None:
    """Refuse a database that says it is whole and lacks a table: half of a copy, perhaps."""
    missing = set(db.metadata.tables) - set(inspect(db.engine).get_table_names())
    if missing:
        raise ConfigError(_damaged(config, f"the table {min(missing)} is missing"))


def _damaged(config: Config, why: str) -> str:
    place = db.engine.url.database
    return DAMAGED.format(place, " ".join(why.split())[:200], config.data / "backups")


def _unusable(url: URL, error: OperationalError) -> str:
    why = " ".join(str(error.orig).split())[:200]
    if url.get_backend_name() == "sqlite":
        return (
            f"The database {url.database} cannot be used ({why}): make it and its folder "
            "readable and writable for this user, or set DATABASE_URL."
        )
    place = url.host or url.query.get("host") or "localhost"
    return (
        f"PostgreSQL at {place} cannot be used ({why}): "
        "start it, or mend DATABASE_URL and the rights of its user."
    )


def keep_copy(config: Config, why: str, now: datetime) -> Path:
    """A copy of the database in the folder `backups`. Raises ConfigError if there can be none."""
    folder = config.data / "backups"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        path = free_name(folder, why, now)
        backups.write(path, migrate_file)
    except (OSError, db.engine.dialect.loaded_dbapi.Error) as error:
        raise ConfigError(
            f"The database could not be copied to {folder} ({error}): "
            "make room and try again; nothing was changed."
        ) from None
    return path


def free_name(folder: Path, why: str, now: datetime) -> Path:
    """A name for a copy that no file bears: those of one second are numbered from the second on."""
    stem = f"kept-{now:%Y%m%dT%H%M%SZ}-{why}"
    names = chain([f"{stem}.db"], (f"{stem}-{number}.db" for number in count(2)))
    return next(folder / name for name in names if not (folder / name).exists())
