"""kept doctor: looks at everything a host answers for, and says what to do."""

import json
import sys
from collections.abc import Iterator

import click
from sqlalchemy.exc import DBAPIError

from habits import checkup, create_app
from habits.checkup import Finding, State
from habits.cli import surroundings
from habits.config import Config, from_environment
from habits.db import reading


@click.command()
@click.option("--json", "as_json", is_flag=True, help="A JSON object a line, for a machine.")
@click.pass_obj
def doctor(ticking, as_json):
    """Check address, TLS, clock, database, ticker, push key, disk and folder; 1 if one is wrong.

    Run it with the settings of the server, beside it. It changes nothing.
    """
    config = from_environment()
    app = create_app(config, ticking)
    with app.app_context():
        reading.set(True)
        findings = list(examine(config, app.extensions["clock"]()))
    for finding in findings:
        click.echo(_line(finding, as_json))
    sys.exit(any(finding.state is State.WRONG for finding in findings))


def examine(config: Config, now) -> Iterator[Finding]:
    """One finding after the other; the database's own only where it can be asked."""
    yield surroundings.origin(config)
    yield surroundings.address(config, now)
    yield surroundings.folder(config)
    yield surroundings.disk(config)
    database = checkup.database(config)
    yield database
    if database.state is not State.OK:
        return
    try:
        yield checkup.version()
        yield checkup.clock(now)
        yield checkup.ticker(now)
        yield surroundings.push_key(config, checkup.subscriptions())
    except DBAPIError as error:
        yield checkup.wrong("database", f"It stopped answering ({type(error.orig).__name__}).")


def _line(finding: Finding, as_json: bool) -> str:
    if as_json:
        return json.dumps(
            {"about": finding.about, "state": finding.state.value, "says": finding.says}
        )
    return f"{finding.state.value:6}{finding.about:10}{finding.says}"
