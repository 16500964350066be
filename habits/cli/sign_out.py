"""kept sign-out: ends every session of a leader, for a host who is asked to or has to."""

import click

from habits import links, roster, sessions
from habits.cli.ground import standing
from habits.cli.leaders import only, plain
from habits.db import db


@click.command("sign-out")
@click.argument("name")
@click.pass_obj
def sign_out(ticking, name):
    """Sign NAME out on all devices and void the links that they made.

    NAME is a leader's name, or the id that `kept leaders` lists. Passkeys stay: they sign in again.
    """
    with standing(ticking):
        leader = only(roster.called(name), name)
        ended = sessions.end_all(leader)
        links.close(leader)
        db.session.commit()
        click.echo(f"{plain(leader.name)} (id {leader.id}) is signed out: {ended} devices.")
