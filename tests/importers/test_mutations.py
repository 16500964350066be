"""Mutated files of each format: an answer in a line, never a fault, and nothing is written.

A few in the suite; `make torture-imports` tries 2,000 of each (FILES says how many).
"""

import os
import random
import resource
import tempfile
from pathlib import Path
from uuid import uuid4

import pytest

from habits import create_app, ledger
from habits.db import Base, db
from tests import cast, databases
from tests.importers import samples
from tests.importers.mutations import mutated
from tests.web.test_imports import send

FILES = int(os.environ.get("FILES", "25"))
LOOKED_AT = {"attempts", "imports", "sessions", "writes"}
MOST_MEMORY = 200 * 1024  # kilobytes


@pytest.fixture
def home(sqlite, clock):
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        app = create_app(databases.config(data, sqlite.create(data)), clock)
        if "FILES" not in os.environ:  # a thousand pages would take an hour to check
            app.test_client_class = cast.Browser
        with app.app_context():
            leader = cast.leader("Dana")
            cast.promise(leader)
            ledger.refold(leader, cast.TODAY)
            db.session.commit()
        yield app, leader
        with app.app_context():
            db.engine.dispose()


def stored(app) -> dict:
    with app.app_context():
        tables = [t for t in Base.metadata.sorted_tables if t.name not in LOOKED_AT]
        return {t.name: db.session.execute(db.select(t)).all() for t in tables}


@pytest.mark.parametrize("name", samples.EACH)
def test_no_mutated_file_is_a_fault_or_writes_anything(home, name, monkeypatch):
    app, leader = home
    monkeypatch.setattr("habits.web.imports.limit", lambda *_: None)
    client, data = app.test_client(), samples.EACH[name]()
    cast.sign_in(client, leader)
    before, chance = stored(app), random.Random(name)
    for round_ in range(FILES):
        answer = send(client, mutated(data, chance))
        assert answer.status_code in (303, 422), round_
        if answer.status_code == 303:
            way = answer.headers["Location"]
            assert client.get(way).status_code == 200, round_
            if round_ % 5 == 0:
                _write_and_undo(client, way, round_)
    assert stored(app) == before
    if "FILES" in os.environ:
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < MOST_MEMORY


def _write_and_undo(client, way: str, round_: int) -> None:
    """What could be read can be written in, if the leader says so, and undone."""
    fields = {"key": str(uuid4()), "counts": "yes" if round_ % 2 else "no"}
    fields |= {f"take_{place}": "yes" for place in range(8)}
    page = client.get(way).text
    fields = {k: v for k, v in fields.items() if k in ("key", "counts") or f'name="{k}"' in page}
    assert client.post(way, data=fields).status_code in (303, 422), round_
    removed = client.post(f"{way}/removal", data={"key": str(uuid4())})
    assert removed.headers["Location"] == "/imports/new", round_
