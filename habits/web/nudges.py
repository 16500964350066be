"""Asks once more, later: what a leader wants who is asked at a bad moment."""

from flask import Blueprint, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import StringField

from habits import reminders
from habits.problems import Refused
from habits.reminders import Later
from habits.web.forms import Form, Word
from habits.web.fragments import done
from habits.web.guards import now, this_session
from habits.web.once import once
from habits.web.reminders import said_at, said_time
from habits.web.timing import given_at

page = Blueprint("nudges", __name__)


class NudgeForm(Form):
    """When to ask once more."""

    later = Word(Later, required=_l("Choose when."))
    answered_at = StringField()
    sent_at = StringField()


@page.get("/nudges/new")
def new():
    return _new(NudgeForm())


@page.post("/nudges")
def create():
    form = NudgeForm.read()
    if not form.validate():
        return _new(form), 422
    asked = []
    asked_at = given_at(form.answered_at.data, form.sent_at.data)

    def store():
        asked.append(reminders.nudge(current_user, form.later.word, asked_at, now()))

    try:
        once(form, store)
    except Refused:
        return _new(form), 422
    return done(
        "/", _("You will be asked again: %(when)s.", when=said_at(asked[0])) if asked else None
    )


def _new(form: NudgeForm) -> str:
    return render_template(
        "nudges/new.html",
        form=form,
        tonight=reminders.tonight(current_user, now()),
        reminded=this_session().reminded is not None,
        said_time=said_time,
    )
