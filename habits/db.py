"""The database: one session a request, SQLite made durable, instants kept in UTC."""

import sqlite3
from contextvars import ContextVar
from datetime import UTC
from importlib import import_module

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, MetaData, event, text
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000", "foreign_keys=ON")

# True while a request that must not write is served: its transaction then takes no write lock.
reading: ContextVar[bool] = ContextVar("reading", default=False)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})


class Instant(TypeDecorator):
    """An aware instant in UTC; SQLite gives it back without its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value, dialect):
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value, dialect):
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Migrations:
    """What Flask-Migrate leaves in an app, once something but the folder is asked of it.

    Nearly every start finds the schema up to date, and Alembic takes long to load.
    """

    def __init__(self, app, directory: str):
        self.app, self.directory = app, directory

    def __getattr__(self, name):
        from flask_migrate import Migrate

        Migrate(self.app, db, directory=self.directory, render_as_batch=True)
        return getattr(self.app.extensions["migrate"], name)


def insert(model):
    """An INSERT that knows ON CONFLICT, for the database in use."""
    dialect = db.session.get_bind().dialect.name  # the other would take megabytes and its time
    return import_module(f"sqlalchemy.dialects.{dialect}").insert(model)


def overwrite_freed() -> None:
    """From here on SQLite overwrites what this connection frees."""
    if db.session.get_bind().dialect.name == "sqlite":
        db.session.execute(text("PRAGMA secure_delete=ON"))


def forget_traces() -> None:
    """After a commit: empty SQLite's journal of what was there before, if nobody is reading it."""
    if db.session.get_bind().dialect.name == "sqlite":
        with db.engine.connect() as connection:
            raw = connection.connection.driver_connection
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def engine_options(url: str) -> dict:
    """Options for `create_engine`: an SQLite without the WAL-reset bug where there is one.

    No error names the values of its statement: leaders' words belong in no log.
    """
    common = {"hide_parameters": True}
    if make_url(url).get_backend_name() != "sqlite":
        return common | {"pool_pre_ping": True}
    if not has_wal_reset_bug(sqlite3.sqlite_version_info):
        return common
    try:
        from pysqlite3 import dbapi2
    except ImportError:
        return common
    return common | {"module": dbapi2}


def has_wal_reset_bug(version: tuple[int, int, int]) -> bool:
    """SQLite before 3.51.3, but for the mended 3.50.7 and 3.44.6 (sqlite.org/wal.html)."""
    mended = (version[:2] == (3, 50) and version >= (3, 50, 7)) or (
        version[:2] == (3, 44) and version >= (3, 44, 6)
    )
    return version < (3, 51, 3) and not mended


@event.listens_for(Engine, "connect")
def _on_connect(connection, _record):
    if type(connection).__module__.partition(".")[0] not in ("sqlite3", "pysqlite3"):
        return
    # SQLAlchemy's begin event below opens every transaction; the driver must not.
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _on_begin(connection):
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN" if reading.get() else "BEGIN IMMEDIATE")
