"""The one question after an absence: where the leader was, for the whole stretch."""

from datetime import date
from enum import StrEnum

from flask import Blueprint, redirect, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user

from habits import absences, ledger, time_off
from habits.book import open_book
from habits.db import db
from habits.problems import Refused
from habits.today import unanswered, unanswered_stretch
from habits.trust.history import Reply
from habits.web.answers import key_for
from habits.web.forms import Day, Form, Word
from habits.web.fragments import done
from habits.web.guards import now, today
from habits.web.today import LEFT

page = Blueprint("returns", __name__)


class Choice(StrEnum):
    """What the stretch was."""

    AWAY = "away"
    KEPT = "kept"
    THROUGH = "through"
    LEAVE = "leave"


class ReturnForm(Form):
    """The answer for a stretch of days."""

    choice = Word(Choice, required=_l("Choose one of the four."))
    first = Day(required=_l("Say from which day."))
    last = Day(required=_l("Say to which day."))


@page.post("/returns")
def create():
    form = ReturnForm.read()
    if not form.validate():
        return done(url_for("today.show"), _("Choose one of the four."))
    stretch = unanswered_stretch(open_book(current_user, today()))
    if stretch is None or stretch[1] != form.last.day:
        return redirect(url_for("today.show"), 303)  # it was answered meanwhile
    answer = {
        Choice.AWAY: _away,
        Choice.KEPT: _kept,
        Choice.THROUGH: _through,
        Choice.LEAVE: _leave,
    }[form.choice.word]
    return answer(form.key.data, *stretch)


def _away(key: str, first: date, last: date):
    away = absences.wholly_silent_stretch(current_user, today()) or (first, last)
    try:
        time_off.declare(current_user, *away, today(), now())
    except Refused as problem:
        db.session.rollback()
        return done(url_for("today.show"), problem.message)
    db.session.commit()
    return done(url_for("today.show"), _("Noted as time off: nothing was due."))


def _kept(key: str, first: date, last: date):
    promises = unanswered(open_book(current_user, today()), first, last)
    for promise in promises:
        said = ledger.Said(
            commitment_id=promise.commitment.id,
            date=promise.date,
            reply=Reply.KEPT,
            key=key_for(key, promise.commitment.id, promise.date),
            answered_at=now(),
        )
        ledger.record(current_user, said, today(), now())
    db.session.commit()
    words = ngettext("%(num)s promise marked kept.", "%(num)s promises marked kept.", len(promises))
    return done(url_for("today.show"), words)


def _through(key: str, first: date, last: date):
    promises = unanswered(open_book(current_user, today()), first, last)
    if not promises:
        return redirect(url_for("today.show"), 303)
    return redirect(url_for("days.show", day=promises[0].date.isoformat()), 303)


def _leave(key: str, first: date, last: date):
    session[LEFT] = last.isoformat()
    return redirect(url_for("today.show"), 303)
