import re

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select, text

from habits import ROOT, create_app
from habits.config import ConfigError
from habits.db import db
from habits.models.leaders import Leader
from tests import cast, databases, schemas
from tests.databases import on_sqlite
from tests.test_db import answer

WIDEN_THE_PARENT = """
with op.batch_alter_table("leaders") as leaders:
    leaders.alter_column("name", existing_type=sa.String(60), type_=sa.String(90))
    leaders.add_column(sa.Column("motto", sa.String(20)))
"""


@pytest.fixture
def empty_app(empty_database, tmp_path):
    app = create_app(databases.config(tmp_path, empty_database))
    with app.app_context():
        yield app
        db.engine.dispose()


def test_up_down_and_up_again(empty_app):
    schemas.upgrade()
    first = schemas.shape()
    schemas.downgrade("base")
    assert set(schemas.shape()) == {"alembic_version"}
    schemas.upgrade()
    assert schemas.shape() == first


def test_models_and_migrations_agree(app):
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_a_model_that_no_migration_knows_is_noticed(app):
    with app.app_context(), db.engine.connect() as connection:
        connection.execute(text("DROP TABLE week_notes"))
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, db.metadata)


def test_revisions_are_one_line_in_the_order_of_their_numbers():
    script = ScriptDirectory(ROOT / "migrations")
    line = [revision.revision for revision in script.walk_revisions()][::-1]
    files = sorted(path.name for path in (ROOT / "migrations" / "versions").glob("*.py"))
    assert [name[:4] for name in files] == line
    assert all(re.fullmatch(r"[0-9]{4}_[a-z0-9_]+\.py", name) for name in files)


def populate(dana):
    ben = cast.person(dana)
    promise = cast.promise(dana, person_id=ben.id)
    db.session.add(answer(dana, promise))
    db.session.commit()


def counted():
    db.session.remove()
    with db.engine.connect() as connection:
        return {
            table: connection.scalar(text(f"SELECT count(*) FROM {table}"))
            for table in ("people", "commitments", "answers")
        }


def test_up_from_every_released_schema_all_rows_are_kept(app, dana):
    with app.app_context():
        populate(dana)
        fresh = schemas.shape()
        for revision in schemas.revisions()[-2::-1]:
            schemas.downgrade(revision)
            then = schemas.tables()
            before = schemas.rows(then)
            schemas.upgrade()
            assert schemas.rows(then) == before
            assert schemas.shape() == fresh
        assert counted() == {"people": 1, "commitments": 1, "answers": 1}


def test_migrating_a_parent_keeps_its_children(app, dana, tmp_path):
    with app.app_context():
        populate(dana)
        before = counted()
        schemas.invent(app, tmp_path / "migrations", WIDEN_THE_PARENT)
        schemas.upgrade()
        assert counted() == before == {"people": 1, "commitments": 1, "answers": 1}
        assert "motto" in [column["name"] for column in inspect(db.engine).get_columns("leaders")]


@on_sqlite
def test_with_foreign_keys_on_it_would_have_lost_them(app, dana, tmp_path):
    """What the test above is there to notice."""
    with app.app_context():
        populate(dana)
        db.session.remove()
        folder = schemas.invent(app, tmp_path / "migrations", WIDEN_THE_PARENT)
        env = folder / "env.py"
        env.write_text(env.read_text().replace("foreign_keys=OFF", "foreign_keys=ON"))
        schemas.upgrade()
        assert counted() == {"people": 0, "commitments": 0, "answers": 0}


@on_sqlite
def test_constraints_hold_again_after_a_migration(app, dana, tmp_path):
    with app.app_context():
        schemas.invent(app, tmp_path / "migrations", WIDEN_THE_PARENT)
        schemas.upgrade()
        with db.engine.connect() as connection:
            assert connection.scalar(text("PRAGMA foreign_keys")) == 1
        keys = inspect(db.engine).get_foreign_keys("people")
        assert [(key["referred_table"], key["options"]) for key in keys] == [
            ("leaders", {"ondelete": "CASCADE"})
        ]


@on_sqlite
def test_a_migration_that_orphans_rows_changes_nothing(app, dana, tmp_path):
    with app.app_context():
        populate(dana)
        newest = version()
        db.session.remove()
        schemas.invent(app, tmp_path / "migrations", 'op.execute("DELETE FROM leaders")')
        with pytest.raises(ConfigError, match="nothing was changed"):
            schemas.upgrade()
        assert db.session.scalar(select(Leader.name)) == "Dana"
        assert version() == newest


def test_a_migration_that_fails_halfway_changes_nothing(app, dana, tmp_path):
    with app.app_context():
        before, newest = schemas.shape(), version()
        db.session.remove()
        halfway = WIDEN_THE_PARENT + 'raise ValueError("the power went")'
        schemas.invent(app, tmp_path / "migrations", halfway)
        with pytest.raises(ValueError, match="the power went"):
            schemas.upgrade()
        assert schemas.shape() == before
        assert version() == newest
        assert db.session.scalar(select(Leader.name)) == "Dana"


def version():
    return db.session.scalar(text("SELECT version_num FROM alembic_version"))
