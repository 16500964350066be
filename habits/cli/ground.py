"""What a command stands on: the settings, the database at its newest schema, and the clock."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from flask import Flask
from sqlalchemy.exc import OperationalError

from habits import create_app, storage
from habits.clock import Clock
from habits.config import Config, ConfigError, from_environment


@dataclass(frozen=True)
class Ground:
    """The settings, the app and the instant of one command."""

    config: Config
    app: Flask
    now: datetime


@contextmanager
def standing(ticking: Clock | None, create=create_app) -> Iterator[Ground]:
    """Within it the database is open; the command commits. Raises ConfigError.

    `create` makes the app: create_mute_app for a command that needs no page of it.
    """
    config = from_environment()
    app = create(config, ticking)
    now = app.extensions["clock"]()
    storage.upgrade(app, now)
    settle_heap()
    with app.app_context():
        try:
            yield Ground(config, app, now)
        except OperationalError as error:
            why = " ".join(str(error.orig).split())
            raise ConfigError(f"The database does not answer ({why}): try again.") from None


def settle_heap() -> None:
    """What has been loaded stays until the end; what is made from now on is collected again."""
    gc.freeze()
    gc.enable()
