"""Two tickers remind many leaders over simulated days and are killed meanwhile; who got what?"""

import os
import random
import signal
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from time import monotonic, sleep
from zoneinfo import ZoneInfo

from habits import create_mute_app, sessions
from habits.cli.tick import Ticker
from habits.config import Config
from habits.days import next_moment
from habits.db import db
from habits.models import Commitment, Leader, Reminder, Session, Subscription
from habits.models.devices import Scope
from habits.models.reminders import Kind
from habits.reminders import Wish
from habits.trust.history import CadenceKind, Pillar
from tests import databases
from tests.push_service import Device, Message, PushService

START = datetime(2026, 3, 25, 0, 7, tzinfo=UTC)
STEP = timedelta(minutes=30)
# Clocks go on in Europe and the Levant on 29 March, some at midnight, Troll's by two hours; they go
# back on 5 April in the south, Lord Howe's by half an hour.
ZONES = (
    "Africa/Casablanca",
    "Africa/Johannesburg",
    "America/Anchorage",
    "America/Bogota",
    "America/Los_Angeles",
    "America/New_York",
    "America/Nuuk",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Jerusalem",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Atlantic/Azores",
    "Australia/Adelaide",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Europe/Berlin",
    "Europe/Chisinau",
    "Europe/Lisbon",
    "Europe/London",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Honolulu",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
)
EVENINGS = (time(20, 30), time(21), time(23, 30), time(0, 30), time(19, 15))
MORNINGS = (time(7, 30), time(2, 30))  # a time that some of these nights do not have
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
    killed: int = 0

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
                self._leader(number)
                if number % 500 == 499:
                    db.session.commit()
                    db.session.expunge_all()
            db.session.commit()
            db.engine.dispose()

    def _leader(self, number: int) -> None:
        zone, day_start = ZONES[number % len(ZONES)], (3, 0)[number // 7 % 2]
        wishes, device = _wishes(number), self.service.device(str(number))
        self.devices.append(device)
        self.wishes.append((zone, day_start, wishes))
        mine = {"leader_id": number + 1}
        db.session.add(
            Leader(
                id=number + 1,
                handle=f"{number}".encode(),
                opaque=f"{number:032d}",
                name="Dana",
                timezone=zone,
                day_start=day_start,
                created_at=START,
            )  # fmt: skip
        )
        db.session.flush()
        db.session.add(
            Session(
                **mine,
                id=number + 1,
                digest=sessions.digest(str(number)),
                scope=Scope.FULL,
                created_at=START,
                last_seen_at=START,
            )  # fmt: skip
        )
        db.session.flush()
        db.session.add(
            Subscription(
                **mine,
                session_id=number + 1,
                endpoint=device.endpoint,
                p256dh=device.public,
                auth=device.auth,
                created_at=START,
            )  # fmt: skip
        )
        db.session.add_all(_reminder(mine, wish, zone, day_start) for wish in wishes)
        if _has_promised(number):
            db.session.add(
                Commitment(
                    **mine,
                    title="I start on the minute",
                    pillar=Pillar.CHARACTER,
                    kind=CadenceKind.DAILY,
                    picked_on=date(2026, 3, 20),
                    created_at=START,
                )  # fmt: skip
            )

    def _kill_while_sending(self, tickers) -> None:
        chance = random.Random(self.seed)
        expected = sum(len(asked) for asked in self.expected())
        fatal = set(chance.sample(range(expected), self.kills))
        count = iter(range(10 * expected))

        def arrived(_message: Message) -> None:
            if next(count) in fatal:
                sleep(chance.random() / 100)
                self.killed += chance.choice(tickers).kill()

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
                if wish.enabled and _has_promised(number)
                for at in _moments(zone, day_start, wish.at, tuple(wish.days), end)
                if START < at <= end
            }
            for number, (zone, day_start, wishes) in enumerate(self.wishes)
        ]

    def _found(self) -> "Found":
        found = Found(killed=self.killed)
        got = [[] for _ in self.devices]
        for message in self.service.messages:
            got[int(message.path.rpartition("/")[2])].append(message)
        for device, messages, expected in zip(self.devices, got, self.expected(), strict=True):
            found.count(device, messages, expected)
        return found


@dataclass
class Found:
    """What became of all that was due."""

    killed: int
    due: int = 0
    arrived: int = 0
    doubled: int = 0
    missing: int = 0
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
        self.missing += len(expected.keys() - seen.keys())


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
        """Whether it was alive."""
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


def _reminder(mine: dict, wish: Wish, zone: str, day_start: int) -> Reminder:
    due = next_moment(START, wish.at, wish.days, zone, day_start) if wish.enabled else None
    return Reminder(
        **mine, kind=wish.kind, enabled=wish.enabled, at=wish.at, days=wish.days,
        due_at=due and due[1],
    )  # fmt: skip


def _has_promised(number: int) -> bool:
    """Every fifth leader has promised nothing: there is nothing to ask."""
    return number % 5 != 4


def _wishes(number: int) -> list[Wish]:
    evening = EVENINGS[number % len(EVENINGS)]
    morning = MORNINGS[number // 4 % len(MORNINGS)]
    days = [1, 2, 3, 4, 5] if number % 3 == 0 else list(range(1, 8))
    return [
        Wish(Kind.MORNING, number % 4 == 0, morning, days),
        Wish(Kind.EVENING, True, evening, days),
        Wish(Kind.WEEK, True, time(18), [7]),
    ]


@lru_cache
def _moments(zone: str, day_start: int, at, days: tuple[int, ...], end: datetime):
    """The first minute of each of these days on which the wall clock shows `at` or later."""
    place = ZoneInfo(zone)
    found = {}
    minute = (START - timedelta(days=2)).replace(minute=0)
    while minute < end + timedelta(days=2):
        wall = minute.astimezone(place).replace(tzinfo=None)
        day = wall.date()
        if at.hour < day_start:  # it belongs to the night in which its day ends
            day -= timedelta(days=1)
        if wall.time() >= at and day.isoweekday() in days:
            found.setdefault(day, minute)
        minute += timedelta(minutes=15)  # every zone's clock changes on a quarter of an hour
    return sorted(found.values())


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
