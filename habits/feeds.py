"""The calendar feed: the same questions for whoever cannot be pushed, behind a private link."""

import secrets
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import contains_eager

from habits import reminders, time_off
from habits.days import DAY, next_moment, zone
from habits.db import db
from habits.models.leaders import Leader
from habits.models.reminders import CalendarFeed, Kind, Reminder
from habits.sessions import digest

LENGTH = timedelta(minutes=5)
YEAR = timedelta(days=366)
READ_AGAIN = timedelta(hours=6)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
PATHS = {Kind.MORNING: "/", Kind.EVENING: "/", Kind.WEEK: "/weeks/"}


def renew(leader: Leader, now: datetime) -> str:
    """A new link in place of an older one; returns its token, which is kept nowhere else."""
    revoke(leader)
    token = secrets.token_urlsafe(32)
    db.session.add(CalendarFeed(leader_id=leader.id, digest=digest(token), created_at=now))
    db.session.flush()
    return token


def of(leader: Leader) -> CalendarFeed | None:
    """The leader's feed, if there is one."""
    return db.session.get(CalendarFeed, leader.id)


def revoke(leader: Leader) -> None:
    """The link leads nowhere from now on."""
    db.session.execute(delete(CalendarFeed).where(CalendarFeed.leader_id == leader.id))


def find(token: str) -> CalendarFeed | None:
    """The feed of this token with its leader."""
    query = select(CalendarFeed).join(CalendarFeed.leader)
    query = query.options(contains_eager(CalendarFeed.leader))
    return db.session.scalar(query.where(CalendarFeed.digest == digest(token)))


def calendar(feed: CalendarFeed, origin: str, now: datetime) -> bytes:
    """The feed as iCalendar (RFC 5545): a weekly event a question, without time off."""
    from icalendar import Calendar  # a fifth of a second that only this request has to wait for

    leader = feed.leader
    with force_locale(leader.locale):
        shown = Calendar.new(
            prodid="-//Kept//Reminders//EN",
            name="Kept",
            uid=feed.digest[:24],
            refresh_interval=READ_AGAIN,
        )
        for kind, row in reminders.of(leader).items():
            if kind in reminders.ASKED and row.enabled and row.days:
                shown.add_component(_event(feed, row, origin, now))
    shown.add_missing_timezones(now.date() - YEAR, now.date() + 2 * YEAR)
    return shown.to_ical()


def _event(feed: CalendarFeed, row: Reminder, origin: str, now: datetime):
    from icalendar import Event, vRecur

    leader, at = feed.leader, reminders.time_of(feed.leader, row)
    starts = _starts(leader, at)
    first, _moment = next_moment(now, at, row.days, leader.timezone, leader.day_start)
    days = [day for day in _week_from(first) if day.isoweekday() in row.days]
    event = Event()
    event.add("uid", f"{row.kind}-{feed.digest[:24]}@kept")
    event.add("dtstamp", feed.created_at)
    event.add("dtstart", starts(days[0]))
    event.add("duration", LENGTH)
    event.add("rrule", vRecur(freq="WEEKLY", byday=[_weekday(starts(day)) for day in days]))
    for day in _off(leader, row, days[0]):
        event.add("exdate", starts(day))
    event.add("summary", _question(row.kind))
    event.add("url", origin + PATHS[row.kind])
    event.add("transp", "TRANSPARENT")
    event.add_component(_alarm(row.kind))
    return event


def _alarm(kind: Kind):
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", timedelta())
    alarm.add("description", _question(kind))
    return alarm


def _question(kind: Kind) -> str:
    return {
        Kind.MORNING: _("Kept: what will you keep today?"),
        Kind.EVENING: _("Kept: was it kept?"),
        Kind.WEEK: _("Kept: read your week"),
    }[kind]


def _starts(leader: Leader, at: time) -> Callable[[date], datetime]:
    """The local moment of a day of the leader's, as a calendar writes it."""
    place = zone(leader.timezone)
    night = DAY if at < time(leader.day_start) else timedelta()
    return lambda day: datetime.combine(day + night, at, place)


def _off(leader: Leader, row: Reminder, first: date) -> list[date]:
    """The days of time off from `first` on, on which nobody is asked."""
    days = set()
    for stretch in time_off.of(leader):
        length = (stretch.last - stretch.first).days + 1
        days |= {stretch.first + timedelta(days=n) for n in range(length)}
    return sorted(day for day in days if day >= first and day.isoweekday() in row.days)


def _week_from(day: date) -> list[date]:
    return [day + timedelta(days=n) for n in range(7)]


def _weekday(start: datetime) -> str:
    return WEEKDAYS[start.isoweekday() - 1]
