"""A process beside the web workers: forked, so that it shares what is loaded; ends with them."""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable

import click

DEATH_OF_PARENT = 1  # PR_SET_PDEATHSIG of prctl (Linux)


class Beside:
    """Runs `work`, which ends by itself on SIGTERM, in a child of this process."""

    def __init__(self, work: Callable[[], None]):
        self.work = work
        self.pid = None

    def start(self) -> None:
        """Fork it."""
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid:
            return
        status = 1
        try:
            _end_with(parent)
            self.work()
            status = 0
        except Exception as problem:
            click.echo(f"ERROR reminders have stopped: {problem!r}", err=True)
        finally:
            sys.stderr.flush()
            os._exit(status)  # not through the server's own way out

    def stop(self, patience: float) -> None:
        """End it, and wait until it has finished what it does."""
        if not self.pid or self.pid == os.getpid():
            return
        try:
            os.kill(self.pid, signal.SIGTERM)
            until = time.monotonic() + patience
            while time.monotonic() < until:
                if os.waitpid(self.pid, os.WNOHANG)[0]:
                    return
                time.sleep(0.02)
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            return  # it has ended, and the server has seen it


def _end_with(parent: int) -> None:
    """Be told to end when the server is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DEATH_OF_PARENT, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(0)
