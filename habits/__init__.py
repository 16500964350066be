"""Kept: a daily trust account for leaders."""

from pathlib import Path

ROOT = Path(__file__).parent.parent


def create_app(config=None, clock=None):
    """Assemble the web app; without arguments from the environment. Raises ConfigError."""
    from habits.assembly import assemble  # `kept replay` must start without Flask

    return assemble(config, clock)
