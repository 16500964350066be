"""kept import: a file from another tracker, looked at first and written in on a word."""

from pathlib import Path

import click

from habits import import_words, importers, imports, matches, roster
from habits.cli.ground import standing
from habits.cli.leaders import only, plain
from habits.config import ConfigError
from habits.days import local_date, zone
from habits.db import db
from habits.documents import HistoryError
from habits.importers.drafts import Draft
from habits.imports import Choice, Choices, Seen
from habits.problems import Refused
from habits.trust.history import Pillar


@click.command("import")
@click.argument("name")
@click.argument("file")
@click.option("--write", is_flag=True, help="Write it in; without it nothing is stored.")
@click.option("--counts/--no-counts", default=None, help="Whether its history moves the account.")
@click.option("--character", multiple=True, metavar="ID", help="What is of this pillar (c0, c1 …).")
@click.option("--leave-out", multiple=True, metavar="ID", help="What to leave out (c0, c1 …).")
@click.option("--settings/--no-settings", default=None, help="Take name, zone and so on over.")
@click.option("--zone", "zone_name", metavar="ZONE", help="Where its days begin, if it is silent.")
@click.pass_obj
def import_(ticking, name, file, write, counts, character, leave_out, settings, zone_name):
    """Show what FILE would bring to NAME, and with --write bring it.

    FILE is of Kept, Loop Habit Tracker, beaverhabits, HabitTrove or Table Habit.
    """
    with standing(ticking) as ground:
        leader = only(roster.called(name), name)
        today = local_date(ground.now, leader.timezone, leader.day_start)
        place = _zone(zone_name) or leader.timezone
        row = _look(leader, file, place, today, ground.now)
        draft = Draft.of_stored(row.draft)
        seen = imports.seen(leader, draft, today)
        beside = matches.new_beside(leader, draft.document)
        _say(row.source, draft, seen, beside)
        choices = _choices(leader, draft, counts, settings, character, leave_out)
        if not write:
            db.session.rollback()
            click.echo("Nothing was written: --write does it.", err=True)
            return
        try:
            imports.write(leader, row, choices, today, ground.now)
        except Refused as problem:
            raise ConfigError(str(problem.message)) from None
        db.session.commit()
        click.echo("Imported: they can undo it under Settings, Bring history along.", err=True)


def _zone(name: str | None) -> str | None:
    try:
        return name and zone(name).key
    except ValueError:
        raise ConfigError(f"--zone: {name} is no IANA time zone.") from None


def _look(leader, file: str, place: str, today, now):
    try:
        with Path(file).open("rb") as opened:
            data = opened.read(importers.LARGEST + 1)
        return imports.look(leader, data, Path(file).name, place, today, now)
    except OSError as problem:
        raise ConfigError(f"{file}: {problem.strerror}.") from None
    except HistoryError as problem:
        raise ConfigError(f"{file}: {problem}.") from None


def _say(source: str, draft: Draft, seen: list[Seen], beside: tuple[int, int]) -> None:
    click.echo(f"{import_words.SOURCES[source]}: {_number(len(seen), 'commitment')}")
    for one in seen:
        click.echo(f"{one.id}  {plain(one.title)}")
        state = "is here" if one.is_here else "new"
        days = f", {one.first} to {one.last}" if one.first else ""
        click.echo(
            f"    {state}: {one.kept} kept, {one.broken} broken, {one.released} released{days};"
            f" {one.here} here already"
        )
        for remark in one.remarks:
            click.echo(f"    {plain(import_words.remark(remark))}")
    lapses, off = beside
    if lapses or off:
        stretches = _number(off, "stretch", "es")
        click.echo(f"new beside them: {_number(lapses, 'lapse')}, {stretches} of time off")
    for remark in draft.remarks:
        click.echo(plain(import_words.remark(remark)))
    if imports.is_all_here(seen, beside):
        click.echo("All of it is here already.")


def _number(count: int, noun: str, more: str = "s") -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}{more}"


def _choices(leader, draft: Draft, counts, settings, character, leave_out) -> Choices:
    usual = imports.defaults(leader, draft)
    unknown = {*character, *leave_out} - set(draft.origins)
    if unknown:
        raise ConfigError(f"There is no {min(unknown)} in the file.")
    of = dict(usual.of) | {name: Choice(pillar=Pillar.CHARACTER) for name in character}
    of |= {name: Choice(taken=False) for name in leave_out}
    return Choices(
        usual.counts if counts is None else counts,
        usual.settings if settings is None else settings,
        of,
    )
