"""Puts a backup in the place of the database: checked first, and what was there is kept."""

import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from habits import backups, storage
from habits.config import Config, ConfigError
from habits.db import db

LEADERS_THERE = (
    "This Kept holds leaders already: nothing was changed. Add --replace to put the backup in "
    "their place; a copy of what is there is kept."
)
DAMAGED_THERE = (
    "The database that is there is damaged: nothing was changed. Add --replace to put the backup "
    "in its place; the damaged one is kept."
)


def restore(app, path: Path, replace: bool, now: datetime) -> Path | None:
    """Restore `path`; returns where what was there is kept, if anything. Raises ConfigError."""
    config = app.extensions["kept"]
    with app.app_context():
        backups.check(path, storage.known())
        is_file = db.engine.dialect.name == "sqlite"
        if is_file and (there := Path(db.engine.url.database)).exists() and path.samefile(there):
            raise ConfigError(f"{path} is the database itself.")
        way = _restore_file if is_file else _restore_rows
        with tempfile.TemporaryDirectory(dir=config.data) as folder:
            return way(app, _newest(path, Path(folder)), replace, now)


def _newest(path: Path, folder: Path) -> Path:
    """A copy of this Kept's schema with all of its tables, before anything is touched."""
    newest = folder / "backup.db"
    shutil.copyfile(path, newest)
    try:
        storage.migrate_file(newest, "head")
    except DatabaseError as problem:
        raise ConfigError(f"{path} is damaged: {problem.orig}.") from None
    if missing := backups.missing_tables(newest):
        raise ConfigError(f"{path} is damaged: the table {min(missing)} is missing.")
    return newest


def _restore_file(app, newest: Path, replace: bool, now: datetime) -> Path | None:
    config, there = app.extensions["kept"], Path(db.engine.url.database)
    with storage.alone(config.data / "kept.lock"):
        try:
            kept = _keep(config, replace, now) if there.exists() else None
        except DatabaseError:
            kept = _move_away(config, there, replace, now)
        backups.restore_sqlite(newest)
        db.engine.dispose()
    storage.upgrade(app, now)
    return kept


def _restore_rows(app, newest: Path, replace: bool, now: datetime) -> Path | None:
    storage.upgrade(app, now)
    with storage.alone(app.extensions["kept"].data / "kept.lock"):
        kept = _keep(app.extensions["kept"], replace, now)
        backups.restore_rows(newest)
    return kept


def _keep(config: Config, replace: bool, now: datetime) -> Path | None:
    """A copy of what is there, where that is anything and may be replaced."""
    if backups.is_empty():
        return None
    if not replace:
        raise ConfigError(LEADERS_THERE)
    return storage.keep_copy(config, "before-restore", now)


def _move_away(config: Config, there: Path, replace: bool, now: datetime) -> Path:
    if not replace:
        raise ConfigError(DAMAGED_THERE)
    db.engine.dispose()
    folder = config.data / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    kept = storage.free_name(folder, "damaged", now)
    for end in ("", "-wal", "-shm"):
        part = there.with_name(there.name + end)
        if part.exists():
            part.rename(kept.with_name(kept.name + end))
    return kept
