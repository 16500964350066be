"""kept serve: the production server."""

import gc
import logging
import os
import re
import socket
from pathlib import Path

import click
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from habits import create_app, storage
from habits.cli.beside import Beside
from habits.cli.tick import Ticker, stay
from habits.cli.warming import warm
from habits.config import ConfigError, from_environment, port_number

WORKERS, THREADS = 2, 4
STOPPING = 10  # seconds for requests under way
SECRET_PATH = re.compile(r"^/(links|invitations|devices|calendars|pulse)/[^/?]+")
UNLOGGED = re.compile(r"^/pulse/|/pulse\.css$")  # when someone answers is nobody's to know
ACCESS = '%(t)s "%(m)s %(U)s" %(s)s %(B)s bytes %(M)s ms'


@click.command()
@click.pass_obj
def serve(ticking):
    """Migrate the database, then serve and remind until stopped.

    PORT is 8000 and KEPT_BIND is 127.0.0.1 unless set: a proxy on this machine reaches Kept there,
    and nobody else does. In a container, or for a proxy elsewhere, set KEPT_BIND=0.0.0.0.
    """
    config = from_environment()
    if ticking and not config.loopback:
        raise ConfigError("--now serves only where KEPT_ORIGIN is this machine: leave it out.")
    host = os.environ.get("KEPT_BIND") or "127.0.0.1"
    port = port_number("PORT", os.environ.get("PORT") or "8000")
    _free(host, port)
    _log_to_stderr()
    app = create_app(config, ticking)
    storage.upgrade(app, app.extensions["clock"]())
    app.extensions["vapid"].public  # noqa: B018  made on the first start, before anyone asks
    warm(app)
    gc.freeze()  # the processes to come then share what has been loaded
    beside = Beside(lambda: remind(app))
    beside.start()
    Server(app, host, port, config.origin, beside).run()


def remind(app) -> None:
    """Send reminders as long as the server runs."""
    with app.app_context():
        stay(Ticker(app))


def shown(path: str) -> str:
    """A path as it may stand in a log: no query, no token, nothing unprintable."""
    path = SECRET_PATH.sub(r"/\1/-", path.partition("?")[0])
    return "".join(c if c.isprintable() and c != '"' else "?" for c in path)


class Server(BaseApplication):
    """gunicorn around an app that is loaded once, before the workers are forked."""

    def __init__(self, app, host, port, origin, beside):
        self.app, self.host, self.port, self.origin = app, host, port, origin
        self.beside = beside
        super().__init__()

    def load_config(self):
        host = f"[{self.host}]" if ":" in self.host else self.host
        settings = {
            "bind": f"{host}:{self.port}",
            "workers": WORKERS,
            "threads": THREADS,
            "worker_class": "gthread",
            "preload_app": True,
            "graceful_timeout": STOPPING,
            "worker_tmp_dir": "/dev/shm" if Path("/dev/shm").is_dir() else None,
            "control_socket_disable": True,
            "accesslog": "-",
            "access_log_format": ACCESS,
            "loglevel": "warning",
            "logger_class": DiscreetLog,
            "when_ready": self._ready,
            "on_exit": lambda _arbiter: self.beside.stop(STOPPING),
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self):
        return self.app

    def _ready(self, _arbiter):
        click.echo(f"Kept is at {self.origin}", err=True)


class DiscreetLog(Logger):
    """A log without tokens, queries, addresses, or what a browser says of itself."""

    def atoms(self, resp, req, environ, request_time):
        atoms = super().atoms(resp, req, environ, request_time)
        kept = {name: atoms[name] for name in ("t", "m", "s", "B", "M")}
        return kept | {"U": shown(environ["PATH_INFO"])}

    def access(self, resp, req, environ, request_time):
        if not UNLOGGED.search(environ["PATH_INFO"]):
            super().access(resp, req, environ, request_time)

    def exception(self, msg, *args, **kwargs):
        plain = (shown(arg) if isinstance(arg, str) else arg for arg in args)
        super().exception(msg, *plain, **kwargs)


def _free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ConfigError(
                f"Kept cannot listen on {host}, port {port} ({error.strerror}): "
                f"stop what does, or set PORT to another number."
            ) from None


def _log_to_stderr() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    log = logging.getLogger("kept")
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False
