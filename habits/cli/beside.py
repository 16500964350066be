"""A process beside the web workers: forked, so that it shares what is loaded; ends with them."""

import ctypes
import os
import select
import signal
import sys
import time
from collections.abc import Callable

import click

DEATH_OF_PARENT = 1  # PR_SET_PDEATHSIG of prctl (Linux)
SOONEST, LATEST = 1, 60  # seconds between two starts: doubled as long as it does not last
OURS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)  # the server's, not a child's


class Beside:
    """Runs `work`, which ends by itself on SIGTERM, in a child of this process.

    The child holds one end of a pipe, so that its end is seen whoever waits for it.
    """

    def __init__(self, work: Callable[[], None]):
        self.work = work
        self.parent = self.pid = None
        self.alive = -1  # ends when the child does
        self.started = float("-inf")
        self.rest = SOONEST

    def start(self, let_go: Callable[[], None] = lambda: None) -> None:
        """Fork it; `let_go` closes in the child what is the server's alone."""
        self.parent, self.started = os.getpid(), time.monotonic()
        self.alive, held = os.pipe()
        self.pid = os.fork()
        if self.pid:
            os.close(held)
            return
        status = 1
        try:
            _end_with(self.parent)
            let_go()
            self.work()
            status = 0
        except Exception as problem:
            click.echo(f"ERROR reminders have stopped: {problem!r}", err=True)
        finally:
            sys.stderr.flush()
            os._exit(status)  # not through the server's own way out

    def mind(self, let_go: Callable[[], None]) -> None:
        """Start it again where it has ended: at once, then ever later if it ends again soon."""
        if not self._is_ours() or not self._ended(0):
            return
        lasted = time.monotonic() - self.started
        if lasted < self.rest:
            return
        self.rest = SOONEST if lasted > LATEST else min(2 * self.rest, LATEST)
        click.echo("ERROR reminders have stopped: they are started again", err=True)
        os.close(self.alive)
        self.start(let_go)

    def stop(self, patience: float) -> None:
        """End it, and wait until it has finished what it does."""
        if not self._is_ours() or self._ended(0):
            return
        os.kill(self.pid, signal.SIGTERM)
        if not self._ended(patience):
            os.kill(self.pid, signal.SIGKILL)

    def _is_ours(self) -> bool:
        return self.parent == os.getpid()

    def _ended(self, patience: float) -> bool:
        return bool(select.select([self.alive], [], [], patience)[0])


def _end_with(parent: int) -> None:
    """Be told to end when the server is killed, and not as the server is."""
    for number in OURS:
        signal.signal(number, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DEATH_OF_PARENT, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(0)
