"""The command line: a group, and a module a noun that is imported only when it is used."""

import gc
import os
from importlib import import_module

import click

from habits import clock, config

COMMANDS = {
    "backup": "habits.cli.backup:backup",
    "demo": "habits.cli.demo:demo",
    "doctor": "habits.cli.doctor:doctor",
    "export": "habits.cli.export:export",
    "import": "habits.cli.imports:import_",
    "invite": "habits.cli.invite:invite",
    "leaders": "habits.cli.leaders:leaders",
    "migrate": "habits.cli.migrate:migrate",
    "replay": "habits.cli.replay:replay",
    "restore": "habits.cli.restore:restore",
    "serve": "habits.cli.serve:serve",
    "sign-in-link": "habits.cli.sign_in_link:sign_in_link",
    "sign-out": "habits.cli.sign_out:sign_out",
    "tick": "habits.cli.tick:tick",
    "verify": "habits.cli.verify:verify",
}


class Lazy(click.Group):
    """A group that imports a command only when it is called, so that each starts fast."""

    def list_commands(self, ctx):
        return sorted(COMMANDS)

    def get_command(self, ctx, name):
        if name not in COMMANDS:
            return None
        module, attribute = COMMANDS[name].split(":")
        return getattr(import_module(module), attribute)

    def invoke(self, ctx):
        try:
            return super().invoke(ctx)
        except config.ConfigError as error:
            raise click.ClickException(str(error)) from None


@click.command(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--now", metavar="INSTANT", help="Take this instant, such as 2026-11-23T18:00:00Z, for now."
)
@click.pass_context
def main(ctx, now):
    """Kept: a daily trust account for leaders."""
    os.umask(0o077)  # whatever Kept writes is its user's alone
    gc.disable()  # loading leaves no garbage, and looking for it takes a sixth of a start
    if now is not None:
        ctx.obj = clock.starting_at(config.instant("--now", now))
