"""Records a lapse outside a promise; it can be told later and taken back."""

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import StringField

from habits import lapses, ledger, people, writes
from habits.book import open_book
from habits.db import db
from habits.models.answers import NOTE_LENGTH
from habits.models.commitments import TITLE_LENGTH
from habits.models.leaders import NAME_LENGTH
from habits.problems import Refused
from habits.trust.history import Nature
from habits.web.forms import Day, Flag, Form, Text, Word, parse_day
from habits.web.fragments import done, new_key
from habits.web.guards import now, today
from habits.web.timing import given_at
from habits.web.words import repair_titles

page = Blueprint("lapses", __name__)


class LapseForm(Form):
    """One lapse, with whom it touched if the leader says so."""

    date = Day(_l("When"), required=_l("Say which day."), id="lapse-date")
    nature = Word(Nature, _l("What was it?"), required=_l("Say what it was."))
    told = Flag(_l("Have you told them?"))
    person = Text(_l("Who was affected? (optional)"), longest=NAME_LENGTH, id="lapse-person")
    repair = Text(
        _l("What will you do about it? (optional)"), longest=TITLE_LENGTH, id="lapse-repair"
    )
    note = Text(_l("Note (optional)"), longest=NOTE_LENGTH, id="lapse-note")
    answered_at = StringField()
    sent_at = StringField()

    @classmethod
    def blank(cls, day):
        """The form as it is before anything is said."""
        form = cls()
        form.date.data, form.told.data = day.isoformat(), "no"
        return form


@page.get("/lapses/new")
def new():
    return _page(LapseForm.blank(parse_day(request.args.get("date", "")) or today()))


@page.post("/lapses")
def create():
    form = LapseForm.read()
    if not form.validate():
        return _page(form), 422
    if not writes.first_time(current_user, form.key.data, form.sent(), now()):
        return _done(writes.made(current_user, form.key.data))
    person = people.find_or_add(current_user, form.person.data, now()) if form.person.data else None
    said = lapses.Said(
        date=form.date.day,
        nature=form.nature.word,
        told=form.told.yes,
        note=form.note.data or None,
        person_id=person.id if person else None,
        given_at=given_at(form.answered_at.data, form.sent_at.data),
    )
    try:
        lapse = lapses.record(current_user, said, today(), now())
        if form.repair.data:
            lapses.promise_repair(current_user, lapse, form.repair.data, today(), now())
    except Refused as problem:
        db.session.rollback()
        form.refuse(problem)
        return _page(form), 422
    writes.remember(current_user, form.key.data, lapse.id)
    _settle()
    db.session.commit()
    return _done(lapse.id)


@page.post("/lapses/<id:lapse_id>/removal")
def remove(lapse_id):
    return _change(lapse_id, lapses.withdraw, _("The lapse is taken back."), (today(), now()))


@page.post("/lapses/<id:lapse_id>/return")
def put_back(lapse_id):
    return _change(lapse_id, lapses.put_back, _("The lapse stands again."), (today(),))


@page.post("/lapses/<id:lapse_id>/telling")
def tell(lapse_id):
    def told(lapse):
        lapses.tell(current_user, lapse, today(), now())

    return _change(lapse_id, told, _("Noted that you told them."), ())


def _change(lapse_id, verb, message, arguments):
    form = Form.read()
    lapse = lapses.find(current_user, lapse_id)
    if form.validate() and writes.first_time(current_user, form.key.data, _body(), now()):
        try:
            verb(lapse, *arguments)
        except Refused as problem:
            db.session.rollback()
            return done(url_for("account.show"), problem.message)
        _settle()
        db.session.commit()
    return done(url_for("account.show"), message)


def _body() -> dict:
    return {"path": request.path}


def _settle() -> None:
    ledger.settle(open_book(current_user, today()))


def _done(lapse_id: int):
    undo = {"action": url_for("lapses.remove", lapse_id=lapse_id), "fields": {"key": new_key()}}
    return done(url_for("today.show"), _("The lapse is recorded."), undo)


def _page(form: LapseForm) -> str:
    names = [person.name for person in people.of(current_user)]
    return render_template(
        "lapses/new.html", form=form, names=names, today=today(), repairs=repair_titles()
    )
