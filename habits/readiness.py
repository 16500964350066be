"""Whether the database can be used by this Kept at this moment."""

import fcntl
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from habits import ROOT
from habits.db import db

REVISIONS = ROOT / "migrations" / "versions"
LOCK = "kept.lock"  # held by who migrates or restores


def obstacle(data: Path) -> str | None:
    """Why no request can be served now, in a word or two, or None; needs an app context.

    A schema that is newer than this Kept is none: a migration only adds, so that processes of the
    version before it serve on until they are replaced.
    """
    if _is_held(data / LOCK):
        return "migrating"
    try:
        stored = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    except DBAPIError:
        db.session.rollback()
        return "no database"
    return "schema too old" if stored is None or stored < newest() else None


def newest() -> str:
    """The number of the last migration of this Kept."""
    return max(path.name for path in REVISIONS.glob("[0-9]*_*.py")).partition("_")[0]


def _is_held(lock: Path) -> bool:
    try:
        with lock.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
