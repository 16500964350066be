"""Reminds in a thread of each web process, so that one machine needs nothing else."""

import logging
import random
import threading
from time import monotonic

from flask import Flask

from habits.cli.tick import REST, Ticker, stay

PATIENCE = 9.5  # seconds that what is being sent is waited for: the server kills after ten
AGAIN = 60  # seconds after which one that failed is begun anew

log = logging.getLogger("kept")


class Reminding:
    """One of the tickers of which any number may run; it starts and ends with its process."""

    def __init__(self, app: Flask):
        self.app = app
        self.thread = None
        self.until = 0.0

    def start(self) -> None:
        """To be called once the process has been forked: a fork ends every thread it knows."""
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._remind, name="ticker", daemon=True)
        self.thread.start()

    def leave(self) -> None:
        """Take nothing more on."""
        if self.thread and not self.stopping.is_set():
            self.until = monotonic() + PATIENCE
            self.stopping.set()

    def stop(self) -> None:
        """Wait for what is being sent, as long as there is time since it was told to leave."""
        self.leave()
        if self.thread:
            self.thread.join(max(0.0, self.until - monotonic()))

    def _remind(self):
        self.stopping.wait(random.uniform(1, REST))  # not all processes at once, nor at first
        while not self.stopping.is_set():
            try:
                with self.app.app_context():
                    stay(Ticker(self.app), self.stopping)
            except Exception:
                log.exception("reminders have to wait")
                self.stopping.wait(AGAIN)
