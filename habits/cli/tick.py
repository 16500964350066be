"""kept tick: sends the reminders that are due, each once, however many of these run."""

import logging
import random
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

import click
from flask import Flask
from sqlalchemy.exc import DBAPIError

from habits import (
    ROOT,
    assets,
    courier,
    create_mute_app,
    heartbeats,
    logs,
    notices,
    person_days,
    pulses,
    reminders,
    subscriptions,
)
from habits.cli.ground import standing
from habits.config import ConfigError
from habits.db import db, forget_traces, reading
from habits.models.devices import Subscription
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

    `kept serve` does so, too, in each of its processes; any number may run.
    """
    with standing(ticking, create_mute_app) as ground:
        ticker = Ticker(ground.app)
        if loop:
            logs.to_stderr()
            stay(ticker, _told_to_stop())
            return
        sent = ticker.run()
        click.echo(f"{sent} sent", err=True)


def _told_to_stop() -> threading.Event:
    """What is set by the signals that end a process."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def stay(ticker: "Ticker", stop: threading.Event) -> None:
    """Tick until told to stop; what is being sent is finished first."""
    while not stop.is_set():
        ticker.run_safely(stop.is_set)
        stop.wait(REST)
    ticker.close()


@dataclass(frozen=True)
class Errand:
    """What this process alone took on: to ask a leader what was due at `at`, on these devices."""

    leader: Leader
    kind: Kind
    at: datetime
    devices: list[Subscription]
    taken: reminders.Taken | None = None  # None: a copy that a push service did not take then


@dataclass(frozen=True)
class Done:
    """What came of an errand: copies that were sent, or why none was."""

    errand: Errand
    at: datetime
    copies: courier.Copies
    outcome: Outcome | None = None


class Ticker:
    """Takes what is due, one moment after the other: claim, commit, send, note.

    What came of one is stored along with the claim of the next: a commit waits for the disk.
    """

    def __init__(self, app: Flask):
        self.config = app.extensions["kept"]
        self.clock = app.extensions["clock"]
        self.icon = assets.address(ROOT / "static", ICON)
        self.beaten = None
        self.post = Post(app.extensions["vapid"], Carrier(self.config.push_services))

    def run_safely(self, stopping: Callable[[], bool]) -> None:
        """Run, whatever fails: the next look may find the database again."""
        try:
            self.run(stopping)
        except (DBAPIError, ConfigError) as problem:
            log.error("reminders have to wait: %s", type(problem).__name__)
        except Exception:
            log.exception("reminders have to wait")
        finally:
            db.session.remove()

    def run(self, stopping: Callable[[], bool] = lambda: False) -> int:
        """Send what is due at this instant; returns how many were sent."""
        now = self.clock()
        self._beat(now)
        settled = pulses.settle(self.config.secret, now)
        db.session.commit()
        if settled:
            forget_traces()
        sent, tried = 0, set()
        while not stopping():
            found = [one for one in self._due(now) if one not in tried]
            if not found:
                break
            random.shuffle(found)  # so that two tickers do not reach for the same one
            sent += self._take(found, tried, stopping)
        return sent

    def close(self) -> None:
        """Let go of the push services and of the database."""
        self.post.carrier.close()
        db.engine.dispose()

    def _beat(self, now):
        if self.beaten is None or now - self.beaten >= heartbeats.EVERY:
            heartbeats.beat(heartbeats.TICKER, now)
            self.beaten = now

    def _due(self, now) -> list[tuple]:
        with _only_reading():
            first = [(self._claim, *seen) for seen in reminders.due(now, BATCH)]
            again = [(self._claim_again, *seen) for seen in subscriptions.due(now, BATCH)]
        return first + again

    def _take(self, found: list[tuple], tried: set[tuple], stopping) -> int:
        """Do these; where another process was first, it has more of them: look anew."""
        sent, done = 0, None
        for claim, *seen in found:
            if stopping():
                break
            tried.add((claim, *seen))
            errand = _safely(claim, *seen)
            sent += self._note(done)
            db.session.commit()
            if errand and done and done.errand.leader.id == errand.leader.id:
                errand = _safely(_seen_anew, errand, self.clock())
            done = errand and _safely(self._carry, errand)
            if errand is None:
                break
        sent += self._note(done)
        db.session.commit()
        return sent

    def _claim(self, reminder_id: int, seen: datetime) -> Errand | None:
        taken = reminders.claim(reminder_id, seen, self.clock())
        if taken is None:
            return None
        return Errand(taken.leader, taken.reminder.kind, taken.at, taken.devices, taken)

    def _claim_again(self, subscription_id: int, seen: datetime) -> Errand | None:
        """What a push service would not take then; decided anew, and dropped once it is late."""
        claimed = subscriptions.claim(subscription_id, seen, self.clock())
        if claimed is None:
            return None
        device, kind = claimed
        leader = device.session.leader
        at = reminders.last_tried(leader, kind) or seen
        return Errand(leader, kind, at, [device])

    def _carry(self, errand: Errand) -> Done:
        """Decide what to say now, and send it. No transaction is open meanwhile."""
        now = self.clock()
        with _only_reading():
            notice = notices.decide(errand.leader, errand.kind, errand.at, now)
            db.session.expunge_all()  # what is read for the next is to be as it is then
        if isinstance(notice, Outcome):
            return Done(errand, now, [], notice)
        message = notices.message(notice, errand.leader, self.config.origin, self.icon, now)
        return Done(errand, now, courier.carry(errand.devices, message, self.post, now))

    def _note(self, done: Done | None) -> bool:
        """Store what came of it; whether it was sent."""
        if done is None:
            return False
        errand = done.errand
        outcome = done.outcome or courier.note(done.copies, errand.kind, done.at)
        if errand.taken is not None:
            reminders.note(errand.taken, outcome, done.at)
            if errand.kind is Kind.WEEK:  # often enough for what is weeks old
                person_days.settle_late(errand.leader, errand.taken.day)
        return outcome is Outcome.SENT


def _safely(work: Callable, *arguments):
    """What it gives; None where one errand has a fault, which stops no other."""
    try:
        return work(*arguments)
    except DBAPIError:
        raise
    except Exception:
        log.exception("a reminder failed")
        db.session.rollback()
        return None


def _seen_anew(errand: Errand, now: datetime) -> Errand:
    """With its devices as the errand before it left them: told to wait, or gone."""
    with _only_reading():
        left = {device.id: device for device in subscriptions.of(errand.leader, now)}
        db.session.expunge_all()
    devices = [left[device.id] for device in errand.devices if device.id in left]
    return replace(errand, devices=devices)


@contextmanager
def _only_reading() -> Iterator[None]:
    """A transaction that takes no write lock, so that leaders can answer meanwhile."""
    token = reading.set(True)
    try:
        yield
        db.session.commit()
    finally:
        db.session.rollback()
        reading.reset(token)
