"""kept serve: the production server."""

import ctypes
import os
import re
import socket
import sys
from contextlib import suppress
from pathlib import Path

import click
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from habits import create_app, logs, storage
from habits.cli.ground import settle_heap
from habits.cli.reminding import Reminding
from habits.cli.warming import warm
from habits.config import ConfigError, from_environment, port_number

THREADS = 4
ARENA_MAX = -8  # mallopt(3)
STOPPING = 10  # seconds for requests under way
IDLE = 75  # seconds that a connection is kept: longer than a proxy keeps its own
UNLOGGED = re.compile(r"^/pulse/|/pulse\.css$")  # when someone answers is nobody's to know
METHODS = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}


@click.command()
@click.pass_obj
def serve(ticking):
    """Migrate the database, then serve and remind until stopped.

    PORT is 8000 and KEPT_BIND is 127.0.0.1 unless set: a proxy on this machine reaches Kept there,
    and nobody else does. In a container, or for a proxy elsewhere, set KEPT_BIND=0.0.0.0.

    SIGTERM lets the requests under way finish, then ends; SIGHUP renews the processes so.
    """
    config = from_environment()
    if ticking and not config.loopback:
        raise ConfigError("--now serves only where KEPT_ORIGIN is this machine: leave it out.")
    host = os.environ.get("KEPT_BIND") or "127.0.0.1"
    port = port_number("PORT", os.environ.get("PORT") or "8000")
    if not _is_given_a_socket():
        _free(host, port)
    logs.to_stderr()
    app = create_app(config, ticking)
    storage.upgrade(app, app.extensions["clock"]())
    app.extensions["vapid"].public  # noqa: B018  made on the first start, before anyone asks
    warm(app)
    _share_one_heap()
    settle_heap()  # the processes to come then share what has been loaded
    reminding = Reminding(app) if config.ticker else None
    Server(app, host, port, config.origin, reminding, config.processes).run()


class Server(BaseApplication):
    """gunicorn around an app that is loaded once, before the workers are forked."""

    def __init__(self, app, host, port, origin, reminding=None, processes=2):
        self.app, self.host, self.port, self.origin = app, host, port, origin
        self.reminding, self.processes = reminding, processes
        super().__init__()

    def load_config(self):
        host = f"[{self.host}]" if ":" in self.host else self.host
        settings = {
            "bind": f"{host}:{self.port}",
            "workers": self.processes,
            "threads": THREADS,
            "worker_class": "habits.cli.arrivals.Worker",
            "preload_app": True,
            "graceful_timeout": STOPPING,
            "keepalive": IDLE,
            "limit_request_fields": 64,
            "worker_tmp_dir": "/dev/shm" if Path("/dev/shm").is_dir() else None,
            "control_socket_disable": True,
            "accesslog": "-",
            "loglevel": "warning",
            "logger_class": DiscreetLog,
            "when_ready": self._ready,
        }
        if self.reminding:
            settings["post_worker_init"] = self._remind
            settings["worker_exit"] = lambda _arbiter, _worker: self.reminding.stop()
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self):
        return self.app

    def _remind(self, worker):
        self.reminding.start()
        worker.leave = self.reminding.leave

    def _ready(self, _arbiter):
        click.echo(f"Kept is at {self.origin}", err=True)


class DiscreetLog(Logger):
    """A log without tokens, queries, addresses, or what a browser says of itself."""

    def setup(self, cfg):
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                handler.setFormatter(logs.Lines())

    def access(self, resp, req, environ, request_time):
        if UNLOGGED.search(environ.get("PATH_INFO", "")):  # none where it was no request
            return
        method, status = environ["REQUEST_METHOD"], str(resp.status).partition(" ")[0]
        fields = {
            "request": environ.get("kept.request", "-"),
            "method": method if method in METHODS else "-",
            "route": environ.get("kept.route", "-"),
            "status": int(status),
            "bytes": resp.sent,
            "ms": round(request_time.total_seconds() * 1000, 1),
        }
        self.access_log.info("request", extra={"fields": fields})

    def warning(self, msg, *args, **kwargs):
        if msg.startswith("Invalid request from"):
            msg = "a request was refused that is not HTTP as it should be"
        super().warning(msg, *args, **kwargs)

    def exception(self, msg, *args, **kwargs):
        if not isinstance(sys.exc_info()[1], TimeoutError):  # somebody was too slow
            super().exception(msg.partition("%")[0].strip())


def _share_one_heap() -> None:
    """A heap for each thread costs the workers megabytes and wins nothing under Python's lock."""
    with suppress(AttributeError):  # glibc's alone
        ctypes.CDLL(None).mallopt(ARENA_MAX, 1)
        ctypes.CDLL(None).malloc_trim(0)


def _is_given_a_socket() -> bool:
    """Whether systemd, or the server that this one replaces, listens already."""
    mine = os.environ.get("LISTEN_PID") == str(os.getpid())
    return mine or "GUNICORN_FD" in os.environ


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
