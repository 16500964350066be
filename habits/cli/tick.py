"""kept tick: sends the reminders that are due, each once, however many of these run."""

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from flask import Flask
from sqlalchemy.exc import DBAPIError

from habits import ROOT, assets, courier, create_mute_app, notices, pulses, reminders, subscriptions
from habits.cli.ground import standing
from habits.config import ConfigError
from habits.db import db, reading
from habits.models.leaders import Leader
from habits.models.reminders import Kind, Outcome
from habits.outward import Carrier
from habits.push import Post

REST = 5  # seconds between two looks
BATCH = 100
ICON = "icons/app-192.png"

log = logging.getLogger("kept")


@click.command()
@click.option("--loop", is_flag=True, help="Stay, and look every few seconds.")
@click.pass_obj
def tick(ticking, loop):
    """Send the reminders that are due now, and end.

    `kept serve` runs one of these beside its workers; any number may run.
    """
    with standing(ticking, create_mute_app) as ground:
        ticker = Ticker(ground.app)
        if loop:
            stay(ticker)
            return
        sent = ticker.run()
        click.echo(f"{sent} sent", err=True)


def stay(ticker: "Ticker") -> None:
    """Tick until told to stop; what is being sent is finished first."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not stop.is_set():
        ticker.run_safely(stop.is_set)
        stop.wait(REST)
    ticker.close()


class Ticker:
    """Takes what is due, one moment after the other: claim, commit, send, note."""

    def __init__(self, app: Flask):
        self.config = app.extensions["kept"]
        self.clock = app.extensions["clock"]
        self.icon = assets.address(ROOT / "static", ICON)
        self.post = Post(app.extensions["vapid"], Carrier(self.config.push_services))

    def run_safely(self, stopping: Callable[[], bool]) -> None:
        """Run, whatever fails: the next look may find the database again."""
        try:
            self.run(stopping)
        except (DBAPIError, ConfigError) as problem:
            log.error("reminders have to wait: %s", type(problem).__name__)
        except Exception:  # one fault is no reason to remind nobody any more
            log.exception("a reminder failed")
        finally:
            db.session.remove()

    def run(self, stopping: Callable[[], bool] = lambda: False) -> int:
        """Send what is due at this instant; returns how many were sent."""
        now = self.clock()
        pulses.settle(self.config.secret, now)
        db.session.commit()
        sent = 0
        while not stopping():
            found = self._due(now)
            if not found:
                break
            for take, seen in found:
                if stopping():
                    break
                sent += take(*seen)
                db.session.remove()
        return sent

    def close(self) -> None:
        """Let go of the push services and of the database."""
        self.post.carrier.close()
        db.engine.dispose()

    def _due(self, now):
        with _only_reading():
            first = [(self._remind, seen) for seen in reminders.due(now, BATCH)]
            again = [(self._remind_again, seen) for seen in subscriptions.due(now, BATCH)]
        return first + again

    def _remind(self, reminder_id, seen) -> bool:
        now = self.clock()
        taken = reminders.claim(reminder_id, seen, now)
        db.session.commit()
        if taken is None:
            return False
        kind = taken.reminder.kind
        outcome, copies = self._carry(taken.leader, kind, taken.at, taken.devices)
        outcome = courier.note(copies, kind, now) if copies else outcome
        reminders.note(taken, outcome, now)
        db.session.commit()
        return outcome is Outcome.SENT

    def _remind_again(self, subscription_id, seen) -> bool:
        """What a push service would not take then; decided anew, and dropped once it is late."""
        now = self.clock()
        claimed = subscriptions.claim(subscription_id, seen, now)
        db.session.commit()
        if claimed is None:
            return False
        device, kind = claimed
        leader = device.session.leader
        at = reminders.last_tried(leader, kind) or seen
        outcome, copies = self._carry(leader, kind, at, [device])
        outcome = courier.note(copies, kind, now) if copies else outcome
        db.session.commit()
        return outcome is Outcome.SENT

    def _carry(self, leader: Leader, kind: Kind, at, devices):
        """What was decided against sending, or the copies that were sent."""
        now = self.clock()
        with _only_reading():
            notice = notices.decide(leader, kind, at, now)
        if isinstance(notice, Outcome):
            return notice, []
        message = notices.message(notice, leader, self.config.origin, self.icon, now)
        return None, courier.carry(devices, message, self.post, now)


@contextmanager
def _only_reading() -> Iterator[None]:
    """A transaction that takes no write lock, so that leaders can answer meanwhile."""
    token = reading.set(True)
    try:
        yield
        db.session.commit()  # a rollback would forget what was read
    finally:
        db.session.rollback()
        reading.reset(token)
