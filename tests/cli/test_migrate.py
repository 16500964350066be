"""kept migrate: a schema for whoever serves in another way."""

from habits import ROOT
from tests.command import kept, refusal


def test_a_fresh_database_gets_the_newest_schema(empty):
    newest = max(path.name[:4] for path in (ROOT / "migrations" / "versions").glob("[0-9]*.py"))
    first, again = (kept("migrate", data=empty) for _ in range(2))
    assert first.stdout == again.stdout == f"The database is at version {newest}.\n"
    assert (empty / "kept.db").exists()
    assert not (empty / "backups").exists()


def test_on_postgresql_as_well(postgresql, tmp_path):
    url = postgresql.empty("migrated_by_command")
    done = kept("migrate", data=tmp_path, DATABASE_URL=url)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "kept.db").exists()
    postgresql.drop(url)


def test_a_database_that_is_away_is_said_in_a_line(tmp_path):
    url = f"postgresql://kept@localhost:1/kept?host={tmp_path}"
    line = refusal("migrate", data=tmp_path, DATABASE_URL=url)
    assert "start it, or mend DATABASE_URL" in line
