"""Takes a one-time promise for today."""

from datetime import date

from flask import Blueprint
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from habits import commitments, people, writes
from habits.book import open_book
from habits.days import DAY, in_window
from habits.db import db
from habits.problems import Refused
from habits.web.fragments import done
from habits.web.guards import now, today
from habits.web.timing import given_on
from habits.web.today import PromiseForm, screen

page = Blueprint("promises", __name__)


@page.post("/promises")
def create():
    form = PromiseForm.read()
    if not form.validate():
        return _refused(form)
    try:
        if writes.first_time(current_user, form.key.data, form.sent(), now()):
            writes.remember(current_user, form.key.data, _promise(form))
    except Refused as problem:
        db.session.rollback()
        form.refuse(problem)
        return _refused(form)
    db.session.commit()
    return done("/", _("Promised for today."))


def _promise(form: PromiseForm) -> int:
    on = _day_of(form)
    person = people.find_or_add(current_user, form.person.data, now()) if form.person.data else None
    made = commitments.promise_once(
        current_user, form.title.data, form.pillar.word, person and person.id, on, now()
    )
    return made.id


def _day_of(form: PromiseForm) -> date:
    """The day for which it was promised: the one on which it was said, or the one before, where
    the page was still open. What arrives when it can no longer be answered is not taken.
    """
    said = given_on(form.answered_at.data, form.sent_at.data)
    on = form.date.day or said
    if not said - DAY <= on <= said or not in_window(on, today()):
        raise Refused("title", _l("That day is over: promise it for today."))
    return on


def _refused(form: PromiseForm):
    return screen(open_book(current_user, today()), form), 422
