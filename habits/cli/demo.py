"""kept demo: a believable record to look at, in a data folder that is still empty."""

import click
from sqlalchemy import select

from habits import demo as cast
from habits.cli.ground import standing
from habits.config import ConfigError
from habits.db import db
from habits.models.leaders import Leader


@click.command()
@click.pass_obj
def demo(ticking):
    """Fill an empty Kept with Dana, who has led for 120 days, and Cleo."""
    with standing(ticking) as ground:
        if db.session.scalar(select(Leader.id).limit(1)) is not None:
            raise ConfigError("This Kept has leaders: the demo fills only an empty data folder.")
        dana, cleo = cast.fill(ground.now)
        db.session.commit()
        click.echo(f"{dana.name} and {cleo.name} are in: kept sign-in-link {dana.name}", err=True)
