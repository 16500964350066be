"""Kept: a daily trust account for leaders."""

from pathlib import Path

ROOT = Path(__file__).parent.parent


def create_app(config=None, clock=None):
    """Assemble the web app; without arguments from the environment. Raises ConfigError."""
    from habits.assembly import assemble  # `kept replay` must start without Flask

    return assemble(config, clock)


def create_mute_app(config=None, clock=None):
    """The same without pages, which starts in half the time: for who serves nobody.

    It speaks the languages. Raises ConfigError.
    """
    from flask_babel import Babel

    from habits.foundation import lay

    app = lay(config, clock)
    Babel(app, default_timezone="UTC")
    return app
