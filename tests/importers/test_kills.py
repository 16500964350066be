"""A process that is killed while it imports: all of the file is there, or none of it.

A few kills in the suite; `make torture-imports` kills more (KILLS says how many).
"""

import multiprocessing
import os
import random
import signal
import time
from pathlib import Path

import pytest

from habits import create_app, exports, imports, ledger, roster
from habits.db import db
from habits.imports import Choices
from tests import cast, databases
from tests.cast import TODAY
from tests.clock import MONDAY, Clock
from tests.importers import samples

SPAWNED = multiprocessing.get_context("spawn")
KILLS = int(os.environ.get("KILLS", "2"))
COUNTS = Choices(counts=True)


@pytest.fixture
def leader(app):
    with app.app_context():
        leader = cast.leader("Dana")
        cast.promise(leader)
        imports.look(leader, samples.loop_csv(), "file", leader.timezone, TODAY, MONDAY)
        db.session.commit()
        yield leader


def write() -> None:
    leader = roster.leaders()[0]
    row = db.session.scalar(db.select(imports.Import))
    imports.write(leader, row, COUNTS, TODAY, MONDAY)


def write_and_tell(data: str, url: str, telling) -> None:
    """In a process of its own, which says when it begins."""
    with create_app(databases.config(Path(data), url), Clock()).app_context():
        roster.leaders()
        telling.send("begins")
        write()
        db.session.commit()
        telling.send("done")


def test_a_kill_in_the_middle_changes_nothing(leader, database, tmp_path):
    before, began = exports.document(leader), time.monotonic()
    write()
    whole = time.monotonic() - began
    after = exports.document(leader)
    db.session.rollback()
    assert after != before
    chance = random.Random(7)
    for _ in range(KILLS):
        kill(str(tmp_path), database, chance.uniform(0, whole / 2))
        assert exports.document(leader) == before
    assert ledger.verify(leader, TODAY) == []
    write()
    db.session.commit()
    assert exports.document(leader) == after


def kill(data: str, url: str, wait: float) -> None:
    """Let a process write for so many seconds and no more."""
    db.session.rollback()  # the reading so far, which would stand in its way
    said, telling = SPAWNED.Pipe(duplex=False)
    child = SPAWNED.Process(target=write_and_tell, args=(data, url, telling))
    child.start()
    telling.close()
    assert said.recv() == "begins"
    time.sleep(wait)
    os.kill(child.pid, signal.SIGKILL)
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    db.session.rollback()
    db.session.expire_all()
