"""The command line: a group, and a module a noun that is imported only when it is used."""

from importlib import import_module

import click

COMMANDS = {
    "replay": "habits.cli.replay:replay",
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


@click.command(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
def main():
    """Kept: a daily trust account for leaders."""
