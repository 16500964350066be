"""kept sign-in-link: lets a leader in who lost every passkey and code."""

import click

from habits import links, roster
from habits.cli.ground import standing
from habits.cli.leaders import only, plain
from habits.db import db
from habits.models.devices import LinkKind


@click.command("sign-in-link")
@click.argument("name")
@click.pass_obj
def sign_in_link(ticking, name):
    """Print a link that signs NAME in, once, within ten minutes.

    NAME is a leader's name, or the id that `kept leaders` lists.
    """
    with standing(ticking) as ground:
        leader = only(roster.called(name), name)
        token = links.make(LinkKind.SIGN_IN, leader, ground.now)
        db.session.commit()
        click.echo(
            f"For {plain(leader.name)} (id {leader.id}), once, within ten minutes:", err=True
        )
        click.echo(links.address(ground.config.origin, LinkKind.SIGN_IN, token))
