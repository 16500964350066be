"""kept leaders: who has an account here, and its id."""

import sys
from collections.abc import Iterable

import click

from habits import roster
from habits.cli.ground import standing

COLUMNS = ("id", "name", "created", "last seen")


@click.command()
@click.pass_obj
def leaders(ticking):
    """List the leaders: id, name, when created, when last seen (UTC)."""
    with standing(ticking):
        for line in table(roster.leaders()):
            click.echo(line)


def table(listed: Iterable) -> list[str]:
    """The leaders in aligned columns under a heading."""
    seen = roster.last_seen()
    rows = [COLUMNS] + [_row(leader, seen.get(leader.id)) for leader in listed]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def only(found: list, name: str):
    """The one leader found; else says what is wrong and ends the command with 2."""
    if len(found) == 1:
        return found[0]
    if found:
        click.echo(f"Several leaders are called {plain(name)}: give the id.", err=True)
        click.echo("\n".join(table(found)), err=True)
    else:
        click.echo(f"No leader is called {plain(name)}: `kept leaders` lists them.", err=True)
    sys.exit(2)


def plain(name: str) -> str:
    """A name that cannot steer a terminal."""
    return "".join(c if c.isprintable() else "?" for c in name)


def _row(leader, seen):
    shown = f"{seen:%Y-%m-%d %H:%M}" if seen else "never"
    return str(leader.id), plain(leader.name), f"{leader.created_at:%Y-%m-%d %H:%M}", shown
