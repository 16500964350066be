import multiprocessing
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import delete, event, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from habits import create_app
from habits.db import db, has_wal_reset_bug, insert, reading
from habits.models.answers import Answer
from habits.models.leaders import Leader, Person
from habits.models.limits import Attempt
from habits.trust.history import Reply
from tests import cast, databases
from tests.clock import MONDAY
from tests.databases import on_sqlite

SPAWNED = multiprocessing.get_context("spawn")
WRITERS, WRITES = 4, 40


@on_sqlite
def test_sqlite_is_made_durable_on_every_connection(app):
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "busy_timeout": 5000,
        "foreign_keys": 1,
    }
    with app.app_context():
        open_at_once = [db.engine.raw_connection() for _ in range(3)]
        for connection in open_at_once:
            for name, value in wanted.items():
                assert connection.cursor().execute(f"PRAGMA {name}").fetchone() == (value,)
            connection.close()


@on_sqlite
def test_sqlite_is_one_without_the_wal_reset_bug(app):
    with app.app_context():
        version = db.session.scalar(text("SELECT sqlite_version()"))
    assert not has_wal_reset_bug(tuple(map(int, version.split("."))))


@pytest.mark.parametrize(
    ("version", "buggy"),
    [
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 0), True),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 4), False),
    ],
)
def test_the_versions_with_the_bug_are_known(version, buggy):
    assert has_wal_reset_bug(version) is buggy


@on_sqlite
def test_writers_take_their_lock_at_the_start(app):
    assert begun(app) == ["BEGIN IMMEDIATE"]


@on_sqlite
def test_readers_take_none(app):
    token = reading.set(True)
    try:
        assert begun(app) == ["BEGIN"]
    finally:
        reading.reset(token)


def begun(app):
    seen = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
        db.session.scalar(select(Leader.id))
    return [statement for statement in seen if statement.startswith("BEGIN")]


@on_sqlite
def test_a_get_reads_and_a_post_writes(app, client, dana):
    app.add_url_rule("/probe", "probe", _probe, methods=["GET", "POST"])
    cast.sign_in(client, dana)
    assert client.get("/probe").text == "BEGIN"
    assert client.post("/probe").text == "BEGIN IMMEDIATE"
    assert client.get("/probe").text == "BEGIN"


def _probe():
    db.session.rollback()
    seen = []
    engine = db.engine

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    db.session.scalar(select(Leader.id))
    event.remove(engine, "before_cursor_execute", note)
    return seen[0]


def test_processes_that_count_together_lose_nothing(app, database, tmp_path):
    with app.app_context():
        db.session.add(Attempt(bucket="count", span=0, tries=0, expires_at=MONDAY))
        db.session.commit()
        db.engine.dispose()
    writers = [
        SPAWNED.Process(target=count, args=(str(tmp_path), database)) for _ in range(WRITERS)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
        assert writer.exitcode == 0
    with app.app_context():
        assert db.session.get(Attempt, ("count", 0)).tries == WRITERS * WRITES


def count(data, url):
    """Read, add one, write: what loses updates where writers do not wait for each other."""
    app = create_app(databases.config(Path(data), url))
    with app.app_context():
        for _ in range(WRITES):
            query = select(Attempt).where(Attempt.bucket == "count").with_for_update()
            row = db.session.scalar(query.execution_options(populate_existing=True))
            row.tries = row.tries + 1
            db.session.commit()


def test_a_row_whose_parent_is_absent_is_refused(app):
    with app.app_context():
        db.session.add(Person(leader_id=99, name="Ben", created_at=MONDAY))
        with pytest.raises(IntegrityError):
            db.session.commit()


def test_a_leader_takes_everything_along(app, dana, cleo):
    with app.app_context():
        ben = cast.person(dana)
        first = cast.promise(dana, person_id=ben.id)
        cast.promise(dana, "I call back", continues_id=first.id, repairs_id=first.id)
        db.session.add(answer(dana, first))
        cast.promise(cleo)
        db.session.commit()
        db.session.execute(delete(Leader).where(Leader.id == dana.id))
        db.session.commit()
        for table in ("answers", "commitments", "people", "leaders"):
            left = db.session.scalar(text(f"SELECT count(*) FROM {table}"))
            assert left == (1 if table in ("commitments", "leaders") else 0)


def test_a_person_leaves_their_promises_behind(app, dana):
    with app.app_context():
        ben = cast.person(dana)
        promise = cast.promise(dana, person_id=ben.id)
        db.session.delete(ben)
        db.session.commit()
        db.session.refresh(promise)
        assert promise.person_id is None


def answer(leader, commitment):
    return Answer(
        leader_id=leader.id,
        commitment_id=commitment.id,
        date=cast.TODAY,
        reply=Reply.KEPT,
        key="a-key-of-hers",
        answered_at=MONDAY,
        recorded_at=MONDAY,
    )


def test_instants_come_back_in_utc(app):
    lisbon_summer = timezone(timedelta(hours=1))
    with app.app_context():
        leader = cast.leader("Dana", since=datetime(2026, 7, 1, 12, tzinfo=lisbon_summer))
        db.session.expire_all()
        stored = db.session.get(Leader, leader.id).created_at
        assert stored == datetime(2026, 7, 1, 12, tzinfo=lisbon_summer)
        assert stored.utcoffset() == timedelta(0)


def test_an_instant_without_its_zone_is_refused(app):
    with app.app_context(), pytest.raises(StatementError, match="needs its zone"):
        cast.leader("Dana", since=datetime(2026, 7, 1, 12))  # noqa: DTZ001


def test_words_are_stored_as_text(app, dana):
    with app.app_context():
        cast.promise(dana)
        assert db.session.scalar(text("SELECT pillar FROM commitments")) == "character"


def test_insert_knows_conflicts_on_both(app):
    row = {"bucket": "a", "span": 1, "tries": 1, "expires_at": MONDAY}
    with app.app_context():
        for _ in range(2):
            query = insert(Attempt).values(row).on_conflict_do_nothing()
            db.session.execute(query)
        db.session.commit()
        assert db.session.scalar(text("SELECT count(*) FROM attempts")) == 1
