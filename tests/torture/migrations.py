"""kill -9 in the middle of a migration: the schema is the old one or the new one, the rows stay."""

import multiprocessing
import os
import random
import signal
import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from habits import create_app, storage
from habits.db import db
from habits.models import Answer
from habits.trust.history import Reply
from tests import cast, databases, schemas
from tests.clock import MONDAY

FORKED = multiprocessing.get_context("fork")  # what it needs is loaded: it is killed at its work
ANSWERS = 300
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Found:
    kills: int  # processes that were killed
    halfway: int  # of these, before the new schema was there
    faults: list[str]

    @property
    def clean(self) -> bool:
        return self.kills > 0 and self.halfway > 0 and not self.faults


def campaign(url: str, folder: Path, kills: int, seed: int = 1) -> Found:
    """Migrate from any schema to the newest, killed at any moment, `kills` times; then to the end.

    The database is one of the newest schema without leaders.
    """
    app = create_app(databases.config(folder, url))
    chance, faults, killed, halfway, now = random.Random(seed), [], 0, 0, MONDAY
    with app.app_context():
        _fill()
        fresh = schemas.shape()
        older = schemas.revisions()[:-1]
        takes = _seconds(app, older[0])
        while killed < kills:
            first = older[0] if killed % 2 == 0 else chance.choice(older)
            schemas.downgrade(first)
            then = schemas.tables()
            before, shape = schemas.rows(then), schemas.shape()
            db.engine.dispose()
            now += timedelta(minutes=1)
            killed += _kill(folder, url, now, chance.uniform(0, takes))
            if _version() == first:
                halfway += 1
                faults += ["a part of a migration stands"] if schemas.shape() != shape else []
            faults += _faults_after(app, now + SECOND, then, before, fresh)
    return Found(killed, halfway, faults)


def _faults_after(app, now, then, before, fresh) -> list[str]:
    """What is wrong once the next start has migrated."""
    storage.upgrade(app, now)
    faults = {
        "rows were lost or changed": schemas.rows(then) != before,
        "the schema is not that of a fresh install": schemas.shape() != fresh,
        "no copy was taken first": not _remove_copies(app),
    }
    return [fault for fault, found in faults.items() if found]


def _fill() -> None:
    dana = cast.leader("Dana")
    promise = cast.promise(dana, person_id=cast.person(dana).id)
    for number in range(ANSWERS):
        at = MONDAY - timedelta(days=number)
        db.session.add(
            Answer(
                leader_id=dana.id,
                commitment_id=promise.id,
                date=date(2026, 11, 23) - timedelta(days=number),
                reply=Reply.KEPT,
                key=f"answer-{number}",
                answered_at=at,
                recorded_at=at,
            )
        )
    db.session.commit()


def _seconds(app, first: str) -> float:
    """How long a migration takes that nobody disturbs."""
    schemas.downgrade(first)
    db.engine.dispose()
    began = time.monotonic()
    storage.upgrade(app, MONDAY)
    _remove_copies(app)
    return time.monotonic() - began


def _remove_copies(app) -> int:
    """How many there were."""
    copies = list((app.extensions["kept"].data / "backups").glob("*.db"))
    for copy in copies:
        copy.unlink()
    return len(copies)


def _kill(folder: Path, url: str, now: datetime, wait: float) -> bool:
    """Let a process migrate for so many seconds and no more; whether it was killed at it."""
    said, telling = FORKED.Pipe(duplex=False)
    child = FORKED.Process(target=_migrate, args=(folder, url, now, telling))
    child.start()
    telling.close()
    said.recv()
    time.sleep(wait)
    os.kill(child.pid, signal.SIGKILL)
    child.join(60)
    return child.exitcode == -signal.SIGKILL


def _migrate(folder: Path, url: str, now: datetime, telling) -> None:
    app = create_app(databases.config(folder, url))
    telling.send("begins")
    storage.upgrade(app, now)


def _version() -> str:
    with db.engine.connect() as connection:
        return connection.scalar(text("SELECT version_num FROM alembic_version"))
