"""What can be wrong with the database of a running Kept, found without changing anything."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from habits import heartbeats, readiness
from habits.config import Config
from habits.db import db, has_wal_reset_bug
from habits.models.answers import Answer
from habits.models.devices import Session
from habits.models.reminders import Reminder

OLDEST_POSTGRESQL = 13
SKEW = timedelta(minutes=2)  # by which two clocks of one Kept may differ
LATE = timedelta(minutes=10)
RESTORE = "stop Kept and put a backup back with kept restore --replace"


class State(Enum):
    """How a finding is; only what is wrong makes the command fail."""

    OK = "ok"
    LOOK = "look"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """What was looked at, how it is, and what to do about it."""

    about: str
    state: State
    says: str


def ok(about: str, says: str) -> Finding:
    return Finding(about, State.OK, says)


def look(about: str, says: str) -> Finding:
    return Finding(about, State.LOOK, says)


def wrong(about: str, says: str) -> Finding:
    return Finding(about, State.WRONG, says)


def database(config: Config) -> Finding:
    """It answers, has this Kept's schema, and no page of it is damaged."""
    about = "database"
    if _is_sqlite() and not Path(db.engine.url.database).exists():
        return wrong(about, "There is none yet: kept serve, or kept migrate, makes it.")
    obstacle = readiness.obstacle(config.data)
    if obstacle == "migrating":
        return look(about, "It is being migrated or restored: ask again in a minute.")
    if obstacle == "no database":
        place = "its file" if _is_sqlite() else "PostgreSQL"
        return wrong(about, f"It does not answer: look whether {place} can be used, and the log.")
    stored = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    if obstacle:
        return wrong(about, f"Its schema is {stored}, not {readiness.newest()}: run kept migrate.")
    if stored > readiness.newest():
        return wrong(about, f"Its schema {stored} is newer than this Kept: update Kept here too.")
    return _soundness(about, stored)


def version() -> Finding:
    """The database's own version, and what is known of it."""
    if _is_sqlite():
        found = db.session.scalar(text("SELECT sqlite_version()"))
        if has_wal_reset_bug(tuple(map(int, found.split(".")))):
            return wrong(
                "version",
                f"SQLite {found} can damage a file that several processes write "
                "(sqlite.org/wal.html#walresetbug): install pysqlite3 0.6.1 or newer.",
            )
        return ok("version", f"SQLite {found}")
    number = int(db.session.scalar(text("SHOW server_version_num")))
    if number // 10_000 < OLDEST_POSTGRESQL:
        return look(
            "version", f"PostgreSQL {number // 10_000} gets no repairs any more: update it."
        )
    return ok("version", f"PostgreSQL {number // 10_000}.{number % 10_000}")


def clock(now: datetime) -> Finding:
    """It is not behind what was stored, nor apart from PostgreSQL's."""
    stored = [
        db.session.scalar(select(func.max(Session.last_seen_at))),
        db.session.scalar(select(Answer.recorded_at).order_by(Answer.id.desc()).limit(1)),
        heartbeats.last(heartbeats.TICKER),
    ]
    newest = max((each for each in stored if each is not None), default=now)
    if newest - now > SKEW:
        return wrong("clock", f"It is {_span(newest - now)} behind what was stored: {_set()}.")
    if not _is_sqlite():
        apart = abs(db.session.scalar(text("SELECT now()")) - now)
        if apart > SKEW:
            return wrong("clock", f"It is {_span(apart)} apart from PostgreSQL's: {_set()}.")
    return ok("clock", f"{now:%Y-%m-%d %H:%M} UTC")


def ticker(now: datetime) -> Finding:
    """One works, and nothing that was due is left."""
    about, last = "ticker", heartbeats.last(heartbeats.TICKER)
    start = "start kept serve, or kept tick --loop"
    if last is None:
        return wrong(about, f"None has run yet, so nobody is reminded: {start}.")
    if now - last > heartbeats.SILENT:
        return wrong(about, f"None has run for {_span(now - last)}: {start}.")
    late = db.session.scalar(
        select(func.count()).select_from(Reminder).where(Reminder.due_at < now - LATE)
    )
    if late:
        return wrong(about, f"{late} reminders are late: look for errors in the ticker's log.")
    return ok(about, f"worked {max(0, int((now - last).total_seconds()))} s ago")


def subscriptions() -> int:
    """How many devices are to be reminded."""
    return db.session.scalar(text("SELECT count(*) FROM subscriptions"))


def _soundness(about: str, stored: str) -> Finding:
    if not _is_sqlite():
        return ok(about, f"PostgreSQL, schema {stored}")
    try:
        fault = db.session.scalar(text("PRAGMA quick_check(1)"))
        orphan = db.session.execute(text("PRAGMA foreign_key_check")).first()
    except DBAPIError as error:
        fault, orphan = str(error.orig), None
    if fault != "ok":
        return wrong(about, f"It is damaged ({' '.join(fault.split())[:120]}): {RESTORE}.")
    if orphan:
        return wrong(about, f"Rows of {orphan[0]} lost their parents: {RESTORE}.")
    if db.session.scalar(text("PRAGMA journal_mode")) != "wal":
        return wrong(about, "It cannot keep a -wal: move KEPT_DATA to a local disk.")
    return ok(about, f"SQLite, schema {stored}, sound")


def _is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def _set() -> str:
    return "set it, and have it kept (timedatectl set-ntp true)"


def _span(time: timedelta) -> str:
    minutes = int(time.total_seconds()) // 60
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{minutes // 60} hours" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days"
