"""Runs migrations in one transaction, with foreign keys off meanwhile and checked at its end."""

from contextlib import contextmanager

import sqlalchemy as sa
from alembic import context
from flask import current_app

from habits import models  # noqa: F401  makes every table known
from habits.config import ConfigError
from habits.db import Instant, db

LOCK = 0x6B657074  # PostgreSQL's number for "someone migrates"


def run_online():
    with db.engine.connect() as connection, foreign_keys_off(connection):
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            transactional_ddl=True,
            render_item=plain_type,
            process_revision_directives=drop_empty,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            wait_for_others(connection)
            context.run_migrations()
            refuse_orphans(connection)


@contextmanager
def foreign_keys_off(connection):
    """SQLite changes a table by making it anew; with foreign keys on, that deletes its children.

    The pragma is ignored inside a transaction, so it goes to the driver before the first one.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection.driver_connection
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


def wait_for_others(connection):
    """One migration at a time; SQLite's write lock does as much."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def refuse_orphans(connection):
    """Raise, and so roll everything back, where a child lost its parent."""
    if connection.dialect.name != "sqlite":
        return
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if orphans:
        tables = ", ".join(sorted({row[0] for row in orphans}))
        raise ConfigError(
            f"The migration would leave rows without their parent in {tables}: "
            "nothing was changed. Go back to the Kept you had, and report this."
        )


def plain_type(kind, item, _autogen):
    """Migrations name SQL's types only, so that they do not change with the models."""
    if kind != "type":
        return False
    if isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, sa.Enum):
        return f"sa.String(length={item.length})"
    return False


def drop_empty(_context, _revision, directives):
    """No file where nothing changed."""
    if directives and directives[0].upgrade_ops and directives[0].upgrade_ops.is_empty():
        directives[:] = []


run_online()
