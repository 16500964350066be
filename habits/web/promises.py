"""Takes a one-time promise for today."""

from flask import Blueprint
from flask_babel import gettext as _
from flask_login import current_user

from habits import commitments, people, writes
from habits.book import open_book
from habits.db import db
from habits.web.fragments import done
from habits.web.guards import now, today
from habits.web.today import PromiseForm, screen

page = Blueprint("promises", __name__)


@page.post("/promises")
def create():
    form = PromiseForm.read()
    if not form.validate():
        return screen(open_book(current_user, today()), form), 422
    if writes.first_time(current_user, form.key.data, form.sent(), now()):
        person = (
            people.find_or_add(current_user, form.person.data, now()) if form.person.data else None
        )
        made = commitments.promise_once(
            current_user, form.title.data, form.pillar.word, person and person.id, today(), now()
        )
        writes.remember(current_user, form.key.data, made.id)
        db.session.commit()
    return done("/", _("Promised for today."))
