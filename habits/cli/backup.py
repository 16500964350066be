"""kept backup: a copy of everything, taken while Kept runs."""

from pathlib import Path

import click

from habits import backups, storage
from habits.cli.ground import standing


@click.command()
@click.argument("file")
@click.pass_obj
def backup(ticking, file):
    """Write a copy of the whole database to FILE, which must not exist.

    It is an SQLite file, of PostgreSQL too, for `kept restore`. It holds names, notes and what
    opens accounts: keep it where nobody else looks. The file `secret` is not in it.
    """
    with standing(ticking):
        backups.write(Path(file), storage.migrate_file)
        click.echo(f"Everything is in {file}.", err=True)
