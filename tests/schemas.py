"""The schema as the database tells it, and migrations that a test makes up on top of the real."""

import shutil
from pathlib import Path

from alembic import command
from flask import current_app
from sqlalchemy import MetaData, Table, select

from habits import ROOT
from habits.db import db

REVISION = '''"""{name}."""

import sqlalchemy as sa
from alembic import op

revision = "{number}"
down_revision = "{before}"


def upgrade():
{body}


def downgrade():
    pass
'''


def invent(app, folder: Path, body: str, name: str = "Next") -> Path:
    """Give `app` one more migration, whose upgrade is `body`; returns the folder of them all."""
    if not folder.exists():
        shutil.copytree(ROOT / "migrations", folder, ignore=shutil.ignore_patterns("__pycache__"))
    app.extensions["migrate"].directory = str(folder)
    before, number = newest(folder), following(folder)
    lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
    text = REVISION.format(name=name, number=number, before=before, body=lines)
    (folder / "versions" / f"{number}_{name.lower()}.py").write_text(text)
    return folder


def shape() -> dict:
    """Everything the database says of its tables; needs an app context."""
    return {
        table.name: (
            [(c.name, str(c.type), c.nullable, c.primary_key) for c in table.columns],
            sorted((i.name, i.unique, tuple(c.name for c in i.columns)) for i in table.indexes),
            sorted(str(c.name) for c in table.constraints),
        )
        for table in tables()
    }


def tables() -> list[Table]:
    """The tables that the database has now; needs an app context."""
    db.session.remove()
    seen = MetaData()
    seen.reflect(db.engine)
    return seen.sorted_tables


def rows(of: list[Table]) -> dict[str, list[str]]:
    """Every row of these tables, in these columns, but for the schema's version."""
    with db.engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table)).all()))
            for table in of
            if table.name != "alembic_version"
        }


def revisions() -> list[str]:
    """The numbers of all migrations, oldest first."""
    return sorted(path.name[:4] for path in (ROOT / "migrations" / "versions").glob("*.py"))


def newest(folder: Path = ROOT / "migrations") -> str:
    """The number of the last migration."""
    return sorted((folder / "versions").glob("*.py"))[-1].name[:4]


def following(folder: Path = ROOT / "migrations") -> str:
    """The number that the next migration will have."""
    return f"{int(newest(folder)) + 1:04d}"


def upgrade(revision: str = "head") -> None:
    """Migrate the app's database; needs an app context."""
    command.upgrade(_settings(), revision)


def downgrade(revision: str) -> None:
    """Migrate back; needs an app context."""
    command.downgrade(_settings(), revision)


def _settings():
    migrate = current_app.extensions["migrate"]
    return migrate.migrate.get_config(migrate.directory)
