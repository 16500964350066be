"""How a leader wants to be addressed, timed and shown."""

from datetime import time

from flask import Blueprint, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import StringField, ValidationError

from habits import days, ledger, passkeys, recovery, reminders, sessions, zones
from habits.db import db
from habits.models.leaders import NAME_LENGTH
from habits.web import entrance
from habits.web.formats import clock_time, weekday_name
from habits.web.forms import Form, Number, Text
from habits.web.fragments import done
from habits.web.guards import now, today
from habits.writes import first_time

page = Blueprint("settings", __name__)

LONGEST_ZONE = 64
LATEST_DAY_START = 6
WEEK_STARTS = (1, 6, 7)  # ISO: Monday, Saturday, Sunday
THEMES = ("system", "light", "dark")


class Zone(StringField):
    """An IANA zone."""

    def pre_validate(self, form):
        try:
            days.zone(self.data or "")
            known = len(self.data) <= LONGEST_ZONE
        except ValueError:
            known = False
        if not known:
            raise ValidationError(_l("Choose a time zone from the list."))


class Choice(StringField):
    """One of a few values; `.chosen` is that value."""

    def __init__(self, label, options, **kwargs):
        super().__init__(label, **kwargs)
        self.options = {str(option): option for option in options}

    def pre_validate(self, form):
        if self.data not in self.options:
            raise ValidationError(_l("Choose one of the answers shown."))

    @property
    def chosen(self):
        return self.options[self.data]


class SettingsForm(Form):
    """All settings but what opens the account."""

    name = Text(_l("First name"), longest=NAME_LENGTH, required=_l("Say what to call you."))
    timezone = Zone(_l("Time zone"))
    day_start = Number(_l("The day starts at"), most=LATEST_DAY_START, required=_l("Choose one."))
    week_start = Choice(_l("The week starts on"), WEEK_STARTS)
    theme = Choice(_l("Colors"), THEMES)


class ZoneForm(Form):
    """The zone that this device says."""

    timezone = Zone()


@page.get("/settings")
def show():
    return _show(SettingsForm(obj=current_user))


@page.post("/settings")
def update():
    form = SettingsForm.read()
    if not form.validate():
        return _show(form), 422
    if first_time(current_user, form.key.data, form.sent(), now()):
        _change(form)
        db.session.commit()
    return done("/settings", _("Saved."))


@page.post("/settings/time-zone")
def move():
    form = ZoneForm.read()
    if not form.validate():
        shown = SettingsForm(obj=current_user)
        shown.timezone.errors = form.timezone.errors
        return _show(shown), 422
    if first_time(current_user, form.key.data, form.sent(), now()):
        _set_clock(form.timezone.data, current_user.day_start)
        db.session.commit()
    return done("/settings", _("Your days now follow %(zone)s.", zone=form.timezone.data))


def _change(form: SettingsForm) -> None:
    current_user.name = " ".join(form.name.data.split())
    current_user.theme = form.theme.chosen
    _set_clock(form.timezone.data, form.day_start.number)
    if form.week_start.chosen != current_user.week_start:
        current_user.week_start = form.week_start.chosen
        ledger.refold(current_user, today())


def _set_clock(zone: str, day_start: int) -> None:
    if (zone, day_start) == (current_user.timezone, current_user.day_start):
        return
    current_user.timezone, current_user.day_start = zone, day_start
    ledger.clock_moved(current_user, today())
    reminders.reckon(current_user, now())


def _show(form: SettingsForm) -> str:
    if form.timezone.errors:  # no list had it, so nobody typed it
        form.timezone.data = current_user.timezone
    return render_template(
        "settings/show.html",
        form=form,
        zone_options=[(zone, zone.replace("_", " ")) for zone in zones.choices(form.timezone.data)],
        hour_options=[(hour, clock_time(time(hour))) for hour in range(LATEST_DAY_START + 1)],
        week_options=[(number, weekday_name(number)) for number in WEEK_STARTS],
        known=passkeys.of(current_user),
        codes_left=recovery.left(current_user),
        devices=len(sessions.of(current_user)),
        accepted=passkeys.accepted(entrance.site(), current_user),
    )
