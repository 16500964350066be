"""Time off: the dates, what was declared when, coming back early."""

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from habits import absences, lines, time_off
from habits.db import db
from habits.problems import Refused
from habits.time_off import Answered
from habits.web.forms import Day, Flag, Form
from habits.web.fragments import done, new_key
from habits.web.guards import now, today
from habits.web.once import once

page = Blueprint("time_off", __name__)


class TimeOffForm(Form):
    """The first and the last day; `over` says that answers in between may be withdrawn."""

    first = Day(_l("First day"), required=_l("Say from which day."))
    last = Day(_l("Last day"), required=_l("Say to which day."))
    over = Flag()


@page.get("/time-off")
def index():
    return _index(TimeOffForm(data={"first": today().isoformat(), "last": today().isoformat()}))


@page.post("/time-off")
def create():
    form = TimeOffForm.read()
    if not form.validate():
        return _index(form), 422
    try:
        made = once(form, lambda: _declare(form).id)
    except Answered as asked:
        return _confirm(form, asked)
    except Refused:
        return _index(form), 422
    undo = {
        "action": url_for("time_off.withdraw", time_off_id=made),
        "fields": {"key": new_key()},
    }
    return done(url_for("time_off.index"), _("Noted: nothing is due on these days."), undo)


@page.post("/time-off/<id:time_off_id>/withdrawal")
def withdraw(time_off_id):
    form = Form.read()
    form.validate()

    def take_back():
        row = time_off.find(current_user, time_off_id)
        time_off.withdraw(current_user, row, today(), now())

    try:
        once(form, take_back)
    except Refused:
        return _index(TimeOffForm(), form), 422
    return done(url_for("time_off.index"), _("Taken back: these days count as before."))


@page.post("/time-off/<id:time_off_id>/end")
def end(time_off_id):
    form = Form.read()
    form.validate()
    try:
        once(form, lambda: time_off.end(time_off.find(current_user, time_off_id), today()))
    except Refused:
        return _index(TimeOffForm(), form), 422
    return done(url_for("time_off.index"), _("Welcome back. Promises are due again from today."))


def _declare(form: TimeOffForm):
    first, last = form.first.day, form.last.day
    if not form.over.yes:
        return time_off.declare(current_user, first, last, today(), now())
    return time_off.declare_over_answers(current_user, first, last, today(), now(), form.key.data)


def _index(form: TimeOffForm, pressed: Form | None = None):
    """The page; `pressed` is a button's form that was refused."""
    rows = time_off.of(current_user)
    return render_template(
        "time_off/index.html",
        form=form,
        pressed=pressed,
        ahead=[row for row in rows if row.last >= today()],
        past=[row for row in rows if row.last < today()],
        can_end=lambda row: time_off.can_end(row, today()),
        can_withdraw=lambda row: time_off.can_withdraw(current_user, row, today()),
        absence=absences.wholly_silent_stretch(current_user, today()),
        today=today(),
    )


def _confirm(form: TimeOffForm, asked: Answered):
    """Ask before answers are withdrawn; nothing was changed yet."""
    db.session.rollback()
    titles = {row.id: row.title for line in lines.of(current_user) for row in line.rows}
    answers = [
        (answer.date, titles[answer.commitment_id], answer.reply) for answer in asked.answers
    ]
    return render_template("time_off/confirm.html", form=form, answers=answers)
