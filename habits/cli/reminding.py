"""Reminds in a thread of each web process, so that one machine needs nothing else."""

import random
import threading

from flask import Flask

from habits.cli.tick import REST, Ticker, stay


class Reminding:
    """One of the tickers of which any number may run; it starts and ends with its process."""

    def __init__(self, app: Flask):
        self.app = app
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._remind, name="ticker", daemon=True)

    def start(self) -> None:
        """To be called once the process has been forked."""
        self.thread.start()

    def stop(self, patience: float) -> None:
        """Take nothing more on, and wait so many seconds for what is being sent."""
        self.stopping.set()
        if self.thread.is_alive():
            self.thread.join(patience)

    def _remind(self):
        if self.stopping.wait(random.uniform(1, REST)):  # not all processes at once, nor at first
            return
        with self.app.app_context():
            stay(Ticker(self.app), self.stopping)
