"""Takes one answer for all that a reminder asked about: each of these promises was kept."""

import re
from datetime import date

from flask import Blueprint, abort
from flask_babel import ngettext
from flask_login import current_user
from wtforms import StringField

from habits import ledger
from habits.book import open_book
from habits.db import db
from habits.notices import MOST_ASKED
from habits.problems import Refused
from habits.trust.history import Reply
from habits.web.answers import key_for
from habits.web.forms import Form, parse_day, parse_id
from habits.web.fragments import done
from habits.web.guards import now, today
from habits.web.timing import given_at

page = Blueprint("evenings", __name__)

PROMISE = re.compile(r"([0-9]{1,10}):([0-9-]{10})", re.ASCII)


class EveningForm(Form):
    """Which promises were kept, each as commitment:date."""

    promises = StringField()
    answered_at = StringField()
    sent_at = StringField()


@page.post("/evenings")
def create():
    form = EveningForm.read()
    form.validate()
    kept = sum(_keep(form, *promise) for promise in _promises(form.promises.data))
    db.session.commit()
    words = ngettext("%(num)s promise marked kept.", "%(num)s promises marked kept.", kept)
    return done("/", words if kept else None)


def _promises(text: str | None) -> list[tuple[int, date]]:
    """What the notification named; a list that it could not have sent is malformed."""
    found = [PROMISE.fullmatch(part) for part in (text or "").split()]
    if not 0 < len(found) <= MOST_ASKED or not all(found):
        abort(400)
    return [(parse_id(m[1]) or abort(404), parse_day(m[2]) or abort(400)) for m in found]


def _keep(form: EveningForm, commitment_id: int, day: date) -> bool:
    """Whether this was news; what was answered since the notification came stays as it is."""
    said = ledger.Said(
        commitment_id=commitment_id,
        date=day,
        reply=Reply.KEPT,
        key=key_for(form.key.data, commitment_id, day),
        answered_at=given_at(form.answered_at.data, form.sent_at.data),
    )
    before = open_book(current_user, today(), day).answers.get((commitment_id, day))
    if before is not None and before.reply is not None:
        return False
    try:
        return not ledger.record(current_user, said, today(), now()).repeated
    except Refused:  # it is off, or fixed, by now
        return False
