"""A leader's settings as a history file bears them: taken over, and put back."""

from datetime import datetime, time

from babel import Locale, UnknownLocaleError

from habits import days, reminders

LONGEST_ZONE = 64
KEYS = ("name", "timezone", "day_start", "week_start", "locale", "theme")


def take_over(leader, said: dict) -> dict:
    """Set what the file says; returns what was set before, as JSON can keep it."""
    before = {key: getattr(leader, key) for key in KEYS}
    before["ask_at"] = leader.ask_at and leader.ask_at.isoformat()
    before["reminder_titles"] = leader.reminder_titles
    before["reminders"] = [
        {
            "kind": row.kind.value,
            "enabled": row.enabled,
            "at": reminders.time_of(leader, row).isoformat(),
            "days": row.days,
        }
        for row in reminders.stored(leader).values()
        if row.kind in reminders.ASKED
    ]
    name = " ".join((said.get("name") or "").split())
    leader.name = name or leader.name
    leader.timezone = _zone(said.get("timezone")) or leader.timezone
    if said.get("day_start") is not None:
        leader.day_start = said["day_start"]
    leader.week_start = said["week_start"]
    leader.locale = _locale(said.get("locale")) or leader.locale
    return before


def put_back(leader, before: dict, now: datetime) -> None:
    """Set again what `take_over` returned."""
    for key in (*KEYS, "reminder_titles"):
        setattr(leader, key, before[key])
    if before["reminders"]:
        reminders.save(leader, [_wish(said) for said in before["reminders"]], now)
    else:
        reminders.forget(leader)
    leader.ask_at = time.fromisoformat(before["ask_at"]) if before["ask_at"] else None
    reminders.reckon(leader, now)


def _wish(said: dict) -> reminders.Wish:
    at = time.fromisoformat(said["at"])
    return reminders.Wish(reminders.Kind(said["kind"]), said["enabled"], at, said["days"])


def _zone(name: str | None) -> str | None:
    try:
        days.zone(name or "")
    except ValueError:
        return None
    return name if len(name) <= LONGEST_ZONE else None


def _locale(name: str | None) -> str | None:
    """A language that dates and numbers can be written in."""
    try:
        Locale.parse(name or "", sep="-" if "-" in (name or "") else "_")
    except (UnknownLocaleError, ValueError, TypeError):
        return None
    return name
