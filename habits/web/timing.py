"""When something was said, by a device whose clock may be wrong and that may send it much later."""

from datetime import UTC, date, datetime

from flask_login import current_user

from habits.days import local_date
from habits.web.guards import now


def given_at(answered_at: str | None, sent_at: str | None) -> datetime:
    """When it was given: the device's clock is corrected by what it showed on sending."""
    answered, sent = instant(answered_at), instant(sent_at)
    if answered is None:
        return now()
    if sent is not None and sent >= answered:
        return now() - (sent - answered)
    return min(answered, now())


def given_on(answered_at: str | None, sent_at: str | None) -> date:
    """The leader's local date of that instant."""
    given = given_at(answered_at, sent_at)
    return local_date(given, current_user.timezone, current_user.day_start)


def instant(text: str | None) -> datetime | None:
    """An instant a device sent, or None where it sent none that can be read."""
    try:
        parsed = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return parsed.astimezone(UTC) if parsed.tzinfo and 2000 < parsed.year < 3000 else None
