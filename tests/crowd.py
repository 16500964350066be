"""Many leaders in many zones, each with a device and wishes of when to be asked."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from habits import sessions
from habits.days import next_moment
from habits.db import db
from habits.models import Commitment, Leader, Reminder, Session, Subscription
from habits.models.devices import Scope
from habits.models.reminders import Kind
from habits.reminders import Wish
from habits.trust.history import CadenceKind, Pillar
from tests.push_service import Device

START = datetime(2026, 3, 25, 0, 7, tzinfo=UTC)
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


def add(number: int, device: Device) -> tuple[str, int, list[Wish]]:
    """Store one with this device; returns the zone, the day's start, and what is wanted."""
    zone, day_start = ZONES[number % len(ZONES)], (3, 0)[number // 7 % 2]
    wishes = _wishes(number)
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
    if has_promised(number):
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
    return zone, day_start, wishes


def _reminder(mine: dict, wish: Wish, zone: str, day_start: int) -> Reminder:
    due = next_moment(START, wish.at, wish.days, zone, day_start) if wish.enabled else None
    return Reminder(
        **mine, kind=wish.kind, enabled=wish.enabled, at=wish.at, days=wish.days,
        due_at=due and due[1],
    )  # fmt: skip


def has_promised(number: int) -> bool:
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
def moments(zone: str, day_start: int, at, days: tuple[int, ...], end: datetime):
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
