"""Reminders: on this device or not, when and how, and whether they arrive."""

from datetime import datetime, time

from flask import Blueprint, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from flask_login import current_user
from wtforms import ValidationError

from habits import feeds, reminders, subscriptions
from habits.date_words import weekday_name
from habits.days import local_date, zone
from habits.joiners import listed
from habits.models.reminders import Kind, Outcome, Reminder
from habits.reminders import Wish
from habits.web.cadences import Weekdays, weekdays
from habits.web.formats import ago, clock_time
from habits.web.forms import Clock, Flag, Form, Number
from habits.web.fragments import done
from habits.web.guards import now, this_session
from habits.web.once import once

page = Blueprint("reminders", __name__)


class RemindersForm(Form):
    """When to be asked what, and how much of it a locked screen may show."""

    morning = Flag(_l("In the morning: what will you keep today?"))
    morning_at = Clock(lazy_pgettext("before a time", "At"))
    morning_days = Weekdays(_l("On which days?"))
    evening = Flag(_l("In the evening: was it kept?"))
    evening_at = Clock(lazy_pgettext("before a time", "At"))
    evening_days = Weekdays(_l("On which days?"))
    week = Flag(_l("Once a week: read your week"))
    week_at = Clock(lazy_pgettext("before a time", "At"))
    week_day = Number(
        lazy_pgettext("before a weekday", "On"), least=1, most=7, required=_l("Choose a day.")
    )
    titles = Flag(_l("Show what I promised"))

    def validate_morning_days(self, field):
        _needs_a_day(self.morning, field)

    def validate_evening_days(self, field):
        _needs_a_day(self.evening, field)

    def wishes(self) -> list[Wish]:
        """What was asked for."""
        return [
            Wish(Kind.MORNING, self.morning.yes, self.morning_at.time, self.morning_days.days),
            Wish(Kind.EVENING, self.evening.yes, self.evening_at.time, self.evening_days.days),
            Wish(Kind.WEEK, self.week.yes, self.week_at.time, [self.week_day.number]),
        ]


@page.get("/settings/reminders")
def show():
    return screen(_filled())


@page.post("/settings/reminders")
def update():
    form = RemindersForm.read()
    if not form.validate():
        return screen(form), 422

    def store():
        current_user.reminder_titles = form.titles.yes
        reminders.save(current_user, form.wishes(), now())

    once(form, store)
    return done("/settings/reminders", _("Saved."))


def screen(form: RemindersForm | None = None, **more) -> str:
    """The page; `more` is what one of its other forms has to say."""
    stored = reminders.of(current_user)
    devices = subscriptions.of(current_user, now())
    week = weekdays(current_user.week_start)
    return render_template(
        "reminders/show.html",
        form=form or _filled(),
        asked=[_asked(stored[kind]) for kind in reminders.ASKED],
        nudge=_still_to_come(stored.get(Kind.NUDGE)),
        devices=[(device, _last(device.tried_at, device.came_to)) for device in devices],
        here=next((one for one in devices if one.session_id == this_session().id), None),
        lost=this_session().reminded == subscriptions.LOST,
        feed=feeds.of(current_user),
        weekdays=week,
        week_days=[(number, name) for number, _short, name in week],
        **more,
    )


def said_at(instant: datetime) -> str:
    """Today, 20:30; in the leader's zone."""
    return listed([_day_of(instant), said_time(instant)])


def said_time(instant: datetime) -> str:
    """20:30; in the leader's zone."""
    return clock_time(instant.astimezone(zone(current_user.timezone)).time())


def _day_of(instant: datetime) -> str:
    day = local_date(instant, current_user.timezone, 0)
    here = local_date(now(), current_user.timezone, 0)
    if (day - here).days == 1:
        return _("tomorrow")
    return weekday_name(day.isoweekday()) if 1 < (day - here).days < 7 else ago(day, here)


def _needs_a_day(flag: Flag, field: Weekdays) -> None:
    if flag.yes and not field.days and not field.errors:
        raise ValidationError(_l("Choose at least one weekday."))


def _filled() -> RemindersForm:
    stored = reminders.of(current_user)
    data = {"titles": "yes" if current_user.reminder_titles else ""}
    for kind in reminders.ASKED:
        row = stored[kind]
        data |= {
            kind.value: "yes" if row.enabled else "",
            f"{kind}_at": _written(reminders.time_of(current_user, row)),
            f"{kind}_days": [str(day) for day in row.days],
            f"{kind}_day": str(row.days[0]) if row.days else "",
        }
    return RemindersForm(data=data)


def _written(at: time) -> str:
    return at.strftime("%H:%M")


def _asked(row: Reminder) -> dict:
    """A question with when it comes next, and what became of the last one."""
    comes = _still_to_come(row) if row.enabled else None
    return {"kind": row.kind.value, "next": comes, "last": _last(row.tried_at, row.came_to)}


def _still_to_come(row: Reminder | None) -> str | None:
    return said_at(row.due_at) if row is not None and row.due_at is not None else None


def _last(at: datetime | None, outcome: Outcome | None) -> str | None:
    if at is None:
        return None
    return _("%(when)s: %(outcome)s", when=said_at(at), outcome=outcome_words(outcome))


def outcome_words(outcome: Outcome) -> str:
    """What became of a reminder."""
    return {
        Outcome.SENT: _("sent"),
        Outcome.NOTHING: _("there was nothing to say, so nothing was sent"),
        Outcome.OFF: _("you had time off, so nothing was sent"),
        Outcome.LATE: _("too late to be of use, so nothing was sent"),
        Outcome.WAITING: _("the push service asked to wait; it is tried again"),
        Outcome.REFUSED: _(
            "the push service refused it; whoever runs this Kept finds why in the log"
        ),
        Outcome.GONE: _("the device no longer takes reminders"),
        Outcome.UNSURE: _("sent, but the push service did not confirm it"),
    }[outcome]
