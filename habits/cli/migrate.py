"""kept migrate: what `kept serve` does first, for those who serve in another way."""

import click

from habits import storage
from habits.cli.ground import standing


@click.command()
@click.pass_obj
def migrate(ticking):
    """Bring the database to this Kept's schema, after a copy of it."""
    with standing(ticking):
        click.echo(f"The database is at version {storage.newest()}.")
