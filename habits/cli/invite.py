"""kept invite: lets one more person create an account."""

import click

from habits import links
from habits.cli.ground import standing
from habits.config import ConfigError
from habits.db import db
from habits.models.devices import LinkKind


@click.command()
@click.pass_obj
def invite(ticking):
    """Print a link that lets one person create an account, within seven days."""
    with standing(ticking) as ground:
        if ground.config.registration == "closed":
            raise ConfigError("REGISTRATION is closed: set it to invite for links to work.")
        token = links.make(LinkKind.INVITE, None, ground.now)
        db.session.commit()
        click.echo(links.address(ground.config.origin, LinkKind.INVITE, token))
