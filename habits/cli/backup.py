"""kept backup: a copy of everything, taken while Kept runs."""

from pathlib import Path

import click

from habits import backups, storage
from habits.cli.ground import standing
from habits.config import Config, ConfigError, from_environment

SQLITE = "sqlite:///"


@click.command()
@click.argument("file")
@click.pass_obj
def backup(ticking, file):
    """Write a copy of the whole database to FILE, which must not exist.

    It is an SQLite file, of PostgreSQL too, for `kept restore`. It holds names, notes and what
    opens accounts: keep it where nobody else looks. The file `secret` is not in it.
    """
    _there_is_something(from_environment())
    with standing(ticking):
        backups.write(Path(file), storage.migrate_file)
        click.echo(f"Everything is in {file}.", err=True)


def _there_is_something(config: Config) -> None:
    """A backup from another folder than Kept's would be of an empty database made just then."""
    path = config.database_url.removeprefix(SQLITE)
    if config.database_url.startswith(SQLITE) and not Path(path).exists():
        raise ConfigError(
            f"There is no database {path} to back up: set KEPT_DATA, or DATABASE_URL, to Kept's."
        )
