"""kept replay: anyone can check the arithmetic, without a database."""

import sys
from itertools import islice
from pathlib import Path

import click

from habits.archive import read
from habits.documents import HistoryError, parse_date, shown
from habits.trust.fold import walk
from habits.trust.plan import Plan

HEADER = "date,character,competency,balance,streak\n"
DAYS_A_WRITE = 500


@click.command()
@click.argument("history", metavar="HISTORY.json")
@click.option("--today", required=True, metavar="YYYY-MM-DD", help="The account's last day.")
@click.option("--person", metavar="NAME", help="Only what bears exactly this person.")
def replay(history, today, person):
    """Fold a history file (- reads standard input) and write the daily account as CSV."""
    last = _today(today)
    parsed = _parsed(history)
    for stray in parsed.strays:
        if stray.answer.date <= last:
            click.echo(f"{history}: {stray}", err=True)
    record = parsed.history if person is None else parsed.history.for_person(person)
    _write(walk(Plan(record), last))


def _today(text):
    try:
        return parse_date(text)
    except ValueError:
        _refuse(f"--today: expected a date (YYYY-MM-DD), not {shown(text)}")


def _parsed(name):
    try:
        return read(sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes())
    except OSError as problem:
        _refuse(f"{name}: {problem.strerror}")
    except HistoryError as problem:
        _refuse(f"{name}: {problem}")


def _refuse(line):
    click.echo(f"kept replay: {line}", err=True)
    raise SystemExit(2)


def _write(days):
    out = sys.stdout
    out.write(HEADER)
    while lines := [_line(day.state) for day in islice(days, DAYS_A_WRITE)]:
        out.write("".join(lines))
    out.flush()


def _line(state):
    numbers = (state.character, state.competency, state.balance)
    return f"{state.date},{','.join(map(repr, numbers))},{state.streak}\n"
