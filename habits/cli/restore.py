"""kept restore: puts a backup in the place of the database."""

from pathlib import Path

import click

from habits import create_app, restoring
from habits.config import from_environment


@click.command()
@click.argument("file")
@click.option("--replace", is_flag=True, help="Even where there are leaders; a copy is kept.")
@click.pass_obj
def restore(ticking, file, replace):
    """Check FILE, a copy that `kept backup` or a migration made, and restore it.

    It may come from SQLite or PostgreSQL, whichever is restored to. Stop `kept serve` first.
    """
    app = create_app(from_environment(), ticking)
    kept = restoring.restore(app, Path(file), replace, app.extensions["clock"]())
    if kept is not None:
        click.echo(f"What was there is kept in {kept}.", err=True)
    click.echo(f"{file} is restored: kept verify checks its accounts.", err=True)
