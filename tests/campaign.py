"""Two tickers remind many leaders over simulated days and are killed meanwhile; who got what?"""

import os
import random
import signal
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from time import monotonic, sleep

from habits import create_mute_app
from habits.cli.tick import Ticker
from habits.config import Config
from habits.db import db
from habits.models.reminders import Kind
from tests import crowd, databases
from tests.crowd import START
from tests.push_service import Device, Message, PushService

STEP = timedelta(minutes=30)
PATIENCE = 600  # seconds of the real clock for one step


@dataclass
class Campaign:
    """What is tried: so many leaders for so many days."""

    config: Config
    leaders: int
    days: int
    kills: int
    seed: int = 7
    service: PushService = None
    devices: list[Device] = field(default_factory=list)
    wishes: list[tuple] = field(default_factory=list)  # zone, day start, and what is wanted
    kills_at: list[datetime] = field(default_factory=list)

    def run(self) -> "Found":
        """Go through it, and count."""
        self._people()
        context = get_context("forkserver")
        context.set_forkserver_preload(["tests.campaign"])
        instant = context.Value("d", START.timestamp())
        self.service.clock = lambda: instant.value
        tickers = [_Ticking(context, self.config, instant) for _ in range(2)]
        self._kill_while_sending(tickers)
        try:
            for seconds in self._steps():
                instant.value = seconds
                self._settle(tickers, seconds)
        finally:
            for ticker in tickers:
                ticker.kill()
        return self._found()

    def _steps(self):
        end = START + timedelta(days=self.days)
        step = START
        while step <= end:
            yield step.timestamp()
            step += STEP

    def _people(self) -> None:
        app = create_mute_app(self.config, lambda: START)
        with app.app_context():
            for number in range(self.leaders):
                self.devices.append(self.service.device(str(number)))
                self.wishes.append(crowd.add(number, self.devices[-1]))
                if number % 500 == 499:
                    db.session.commit()
                    db.session.expunge_all()
            db.session.commit()
            db.engine.dispose()

    def _kill_while_sending(self, tickers) -> None:
        chance = random.Random(self.seed)
        expected = sum(len(asked) for asked in self.expected())
        fatal = set(chance.sample(range(expected), self.kills))
        count = iter(range(10 * expected))

        def arrived(_message: Message) -> None:
            if next(count) in fatal:
                sleep(chance.random() / 100)
                if chance.choice(tickers).kill():
                    self.kills_at.append(datetime.fromtimestamp(self.service.clock(), UTC))

        self.service.arrived = arrived

    def _settle(self, tickers, seconds: float) -> None:
        """Wait until every ticker found nothing more to do at this instant."""
        until = monotonic() + PATIENCE
        while not all(ticker.is_done(seconds) for ticker in tickers):
            assert monotonic() < until, "a ticker does not come to an end"
            sleep(0.001)

    def expected(self) -> list[dict[datetime, Kind]]:
        """By leader, when each of their reminders is due, worked out minute by minute."""
        end = START + timedelta(days=self.days)
        return [
            {
                at: wish.kind
                for wish in wishes
                if wish.enabled and crowd.has_promised(number)
                for at in crowd.moments(zone, day_start, wish.at, tuple(wish.days), end)
                if START < at <= end
            }
            for number, (zone, day_start, wishes) in enumerate(self.wishes)
        ]

    def _found(self) -> "Found":
        found = Found(killed=len(self.kills_at))
        got = [[] for _ in self.devices]
        for message in self.service.messages:
            got[int(message.path.rpartition("/")[2])].append(message)
        for device, messages, expected in zip(self.devices, got, self.expected(), strict=True):
            found.count(device, messages, expected)
        found.unexplained = (Counter(found.missed) - Counter(self.kills_at)).total()
        return found


@dataclass
class Found:
    """What became of all that was due."""

    killed: int
    due: int = 0
    arrived: int = 0
    doubled: int = 0
    missed: list[datetime] = field(default_factory=list)  # when it would have been sent
    unexplained: int = 0  # missing, and nobody was killed at that instant
    astray: int = 0  # nobody had asked for it then

    def count(self, device: Device, messages: list[Message], expected: dict) -> None:
        """Compare what one device got with what was due."""
        seen = Counter()
        for message in messages:
            kind = device.read(message.body)["notification"]["tag"]
            at = datetime.fromtimestamp(message.at, UTC)
            due = [when for when, what in expected.items()
                   if what == kind and when <= at < when + STEP]  # fmt: skip
            self.astray += not due
            seen.update(due[:1])
        self.due += len(expected)
        self.arrived += len(messages)
        self.doubled += sum(times - 1 for times in seen.values())
        self.missed += [_sent_at(when) for when in expected.keys() - seen.keys()]

    def __str__(self) -> str:
        return (
            f"{self.due} due, {self.arrived} arrived, {self.doubled} doubled, "
            f"{self.astray} astray, {len(self.missed)} missing with {self.killed} kills, "
            f"{self.unexplained} of them at an instant at which nobody was killed"
        )


class _Ticking:
    """A ticker in a process of its own, started again whenever it was killed."""

    def __init__(self, context, config: Config, instant):
        self.context, self.config, self.instant = context, config, instant
        self.done = context.Value("d", 0.0)
        self._start()

    def _start(self):
        self.process = self.context.Process(
            target=tick_along, args=(self.config, self.instant, self.done), daemon=True
        )
        self.process.start()

    def is_done(self, seconds: float) -> bool:
        if not self.process.is_alive():
            self.process.join()
            self._start()
        return self.done.value == seconds

    def kill(self) -> bool:
        """Whether it was alive: one that is just being started has no number yet."""
        if self.process.pid is None:
            return False
        try:
            os.kill(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True


def tick_along(config: Config, instant, done) -> None:
    """Send what is due whenever the instant moves on."""
    app = create_mute_app(config, lambda: datetime.fromtimestamp(instant.value, UTC))
    with app.app_context():
        ticker = Ticker(app)
        while True:
            seen = instant.value
            ticker.run()
            done.value = seen
            while instant.value == seen:
                sleep(0.001)


def _sent_at(due: datetime) -> datetime:
    """The first step that is not before it."""
    return START + -((START - due) // STEP) * STEP


def torture(folder: Path, leaders: int, days: int, kills: int) -> Found:
    """One campaign on SQLite in this folder."""
    service = PushService()
    url = f"sqlite:///{folder / 'kept.db'}"
    databases.migrate(folder, url)
    config = databases.config(folder, url, push_services=(service.host,))
    try:
        return Campaign(config, leaders, days, kills, service=service).run()
    finally:
        service.stop()
