"""Updates without a pause, a rehearsed restore, and a move from SQLite to PostgreSQL."""

import pytest
from sqlalchemy import MetaData, create_engine, func, inspect, select

from habits import backups, create_app, ledger, restoring, sessions, storage
from habits.db import db
from habits.models.accounts import FixedDay
from habits.models.leaders import Leader
from tests import cast, databases, schemas
from tests.bench import record
from tests.clock import MONDAY
from tests.web import rows

FIRST_HELD = "0003"  # from here on a migration only adds; what came before was never released alone


@pytest.fixture
def empty_app(empty_database, tmp_path):
    app = create_app(databases.config(tmp_path, empty_database))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def reflected() -> MetaData:
    seen = MetaData()
    seen.reflect(db.engine)
    return seen


def in_the_way(old: MetaData, new: MetaData) -> list[str]:
    """What of a newer schema code that knows only the older one would stumble over."""
    found = []
    for table in old.tables.values():
        if table.name not in new.tables:
            found.append(f"the table {table.name} is gone")
            continue
        now = new.tables[table.name]
        for column in table.columns:
            if column.name not in now.columns:
                found.append(f"{table.name}.{column.name} is gone")
            elif str(column.type) != str(now.columns[column.name].type):
                found.append(f"{table.name}.{column.name} is of another type")
            elif column.nullable and not now.columns[column.name].nullable:
                found.append(f"{table.name}.{column.name} has to be given now")
        for column in now.columns:
            added = column.name not in table.columns
            if added and not column.nullable and column.server_default is None:
                found.append(f"{table.name}.{column.name} is new and has to be given")
        known = {str(each.name) for each in table.constraints}
        for constraint in now.constraints:
            if str(constraint.name) not in known:
                found.append(f"{table.name} has the new constraint {constraint.name}")
    return found


def test_a_migration_only_adds_so_that_the_old_code_serves_on(empty_app):
    numbers = [each for each in storage.known() if each >= FIRST_HELD]
    schemas.upgrade(FIRST_HELD)
    for number in numbers[1:]:
        old = reflected()
        schemas.upgrade(number)
        assert in_the_way(old, reflected()) == [], number


SHRINK = """
with op.batch_alter_table("leaders") as leaders:
    leaders.drop_column("ask_at")
    leaders.add_column(sa.Column("motto", sa.String(20), nullable=False))
    leaders.alter_column("name", existing_type=sa.String(60), type_=sa.Integer(),
        postgresql_using="0")
"""


def test_one_that_takes_away_would_be_noticed(empty_app, tmp_path):
    schemas.upgrade()
    old = reflected()
    schemas.invent(empty_app, tmp_path / "migrations", SHRINK)
    schemas.upgrade()
    found = " ".join(in_the_way(old, reflected()))
    for word in ("leaders.ask_at is gone", "motto is new", "name is of another type"):
        assert word in found


def test_what_the_old_code_writes_is_taken_by_the_new_schema(app, dana):
    """A row of what the version before knows, into the newest schema."""
    with app.app_context():
        schemas.downgrade(storage.known()[-2])
        people = reflected().tables["people"]
        schemas.upgrade()
        given = {"leader_id": dana.id, "name": "Ben", "created_at": MONDAY}
        assert given.keys() <= set(people.columns.keys())
        needed = [
            column.name
            for column in people.columns
            if not column.nullable and column.server_default is None and column.name != "id"
        ]
        with db.engine.begin() as connection:
            connection.execute(people.insert(), {name: given.get(name, MONDAY) for name in needed})
            assert connection.scalar(select(people.c.name)) == "Ben"


def filled(app):
    """Dana's forty days; her id, the token of her phone, and what Today shows her."""
    with app.app_context():
        dana = record.fill(MONDAY, 40)
        token = sessions.start(dana, "Phone", MONDAY)
        db.session.commit()
        return token, shown(app, token)


def shown(app, token) -> str:
    """Today, without what is new in every answer."""
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    response = client.get("/")
    assert response.status_code == 200
    return rows.text(response)


def verified(app) -> bool:
    with app.app_context():
        dana = db.session.scalar(select(Leader))
        assert db.session.scalar(select(func.count()).select_from(FixedDay)) > 20
        return not list(ledger.verify(dana, MONDAY.date()))


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_restore_elsewhere_or_on_the_other_database_goes_on_where_it_was(
    app, kind, request, tmp_path
):
    """The drill: kept backup, kept restore at another place, kept verify, and a leader's Today."""
    token, today = filled(app)
    with app.app_context():
        backups.write(tmp_path / "backup.db", storage.migrate_file)
    place, other = request.getfixturevalue(kind), tmp_path / "elsewhere"
    other.mkdir()
    url = place.create_empty(other)
    there = create_app(databases.config(other, url), app.extensions["clock"])
    there.test_client_class = cast.Browser
    assert restoring.restore(there, tmp_path / "backup.db", False, MONDAY) is None
    assert shown(there, token) == today, "the same cookie, the same page"
    assert verified(there)
    with there.app_context():
        cast.promise(cast.leader("Cleo"))
        backups.write(tmp_path / "again.db", storage.migrate_file)
        assert backups.check(tmp_path / "again.db", storage.known()) == storage.newest()
        db.session.remove()
        db.engine.dispose()
    place.drop(url)


def test_the_schema_of_a_backup_is_readable_by_any_sqlite(app, dana, tmp_path):
    with app.app_context():
        backups.write(tmp_path / "backup.db", storage.migrate_file)
    engine = create_engine(f"sqlite:///{tmp_path / 'backup.db'}")
    assert "leaders" in inspect(engine).get_table_names()
    engine.dispose()
