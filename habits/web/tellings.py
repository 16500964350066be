"""Notes that a person was told of a broken promise after its day was fixed: it moves nothing."""

from flask import Blueprint, abort
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from habits import lapses, writes
from habits.days import is_fixed
from habits.db import db
from habits.web.account import day_in_ledger
from habits.web.forms import Day, Form, Id
from habits.web.fragments import done
from habits.web.guards import now, today

page = Blueprint("tellings", __name__)


class TellingForm(Form):
    """Which promise was spoken about."""

    commitment = Id()
    date = Day(required=_l("Say which day."))


@page.post("/tellings")
def create():
    form = TellingForm.read()
    if not form.validate() or not is_fixed(form.date.day, today()):
        abort(400)
    commitment = form.commitment.id or abort(404)
    if writes.first_time(current_user, form.key.data, form.sent(), now()):
        lapses.tell_later(current_user, commitment, form.date.day, now())
    db.session.commit()
    return done(day_in_ledger(form.date.day), _("Noted that you told them."))
