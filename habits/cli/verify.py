"""kept verify: every stored day against the fold from the beginning."""

import sys

import click

from habits import ledger, roster
from habits.cli.ground import standing
from habits.days import local_date
from habits.db import db


@click.command()
@click.pass_obj
def verify(ticking):
    """Fold every account from its first day and compare each stored day; 1 where any differs."""
    with standing(ticking) as ground:
        leaders, wrong = roster.leaders(), 0
        for leader in leaders:
            today = local_date(ground.now, leader.timezone, leader.day_start)
            for date in ledger.verify(leader, today):
                wrong += 1
                click.echo(f"leader {leader.id}: {date} is stored otherwise than it folds")
            db.session.expunge_all()
        click.echo(f"{len(leaders)} accounts folded, {wrong} stored days differ", err=True)
    sys.exit(1 if wrong else 0)
