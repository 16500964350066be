"""kept export: everything that Kept holds of one leader, as a file."""

from pathlib import Path

import click

from habits import exports, ledger_sheet, roster
from habits.cli.ground import standing
from habits.cli.leaders import only
from habits.config import ConfigError
from habits.days import local_date


@click.command()
@click.argument("name")
@click.option("--ledger", is_flag=True, help="The ledger as CSV instead of the whole history.")
@click.option(
    "-o", "--output", metavar="FILE", help="Write to a new file instead of standard output."
)
@click.pass_obj
def export(ticking, name, ledger, output):
    """Write the whole history of NAME as kept-history JSON.

    NAME is a leader's name, or the id that `kept leaders` lists.
    """
    with standing(ticking) as ground:
        leader = only(roster.called(name), name)
        if ledger:
            today = local_date(ground.now, leader.timezone, leader.day_start)
            written = ledger_sheet.sheet(leader, today).encode()
        else:
            written = exports.to_bytes(exports.document(leader))
    _write(written, output)


def _write(content: bytes, output: str | None) -> None:
    if output is None:
        click.get_binary_stream("stdout").write(content)
        return
    try:
        with Path(output).open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise ConfigError(f"{output} exists: choose another name, or move it away.") from None
    except OSError as error:
        raise ConfigError(f"{output} cannot be written: {error.strerror}.") from None
