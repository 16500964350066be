"""Picking from the library: what to take, why and for whom, and when to be asked."""

import re

from flask import Blueprint, abort, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user
from wtforms import Field, StringField, ValidationError

from habits import commitments, library, lines, people, reminders, room
from habits.commitments import Terms
from habits.library import Starter
from habits.models.commitments import INTENTION_LENGTH
from habits.models.leaders import NAME_LENGTH
from habits.problems import Refused, Unknown
from habits.room import MOST_DUE
from habits.trust.history import Pillar
from habits.web import cadences
from habits.web.commitments import room as room_today
from habits.web.forms import Clock, Form, Text, parse_id
from habits.web.fragments import done
from habits.web.guards import now, today
from habits.web.once import once

page = Blueprint("library", __name__)

OFFERED = re.compile(r"(?:intention|person)_([0-9]{1,10})")


class Starters(Field):
    """The ids of starters, at least one; `.starters` are these. What is none is a 404."""

    def process_formdata(self, valuelist):
        self.data = valuelist

    def pre_validate(self, form):
        self.starters = [_starter(given) for given in self.data or ()]
        if not self.starters:
            raise ValidationError(_l("Leave at least one ticked, or go back."))


class AskingForm(Form):
    """When to be asked in the evening."""

    ask_at = Clock(_l("In the evening at"))
    then = StringField()


@page.get("/commitments/library")
def show():
    return _library()


@page.get("/commitments/picks")
def review():
    promised = _promised()
    starters = [one for one in _asked_for() if one.id not in promised]
    if not starters:
        return _library(untouched=True), 422
    data = {f"intention_{one.id}": one.intention for one in starters}
    form = _form_for(starters)(data={**data, "starter": [str(one.id) for one in starters]})
    return _review(form, starters)


@page.post("/commitments/picks")
def create():
    offered = _offered()
    form = _form_for(offered).read()
    if not form.validate() or _most_due(form, offered) > MOST_DUE:
        return _review(form, offered), 422
    try:
        once(form, lambda: _pick(form))
    except Refused:
        return _review(form, offered), 422
    if current_user.ask_at is None:
        return done(url_for("library.asking"))
    picked = len(form.starter.starters)
    words = ngettext("Promised from today.", "%(num)s promised from today.", picked)
    return done(url_for("commitments.index"), words)


@page.get("/commitments/asking")
def asking():
    at = current_user.ask_at or reminders.FIRST_EVENING
    form = AskingForm(data={"ask_at": at.strftime("%H:%M")})
    return render_template("library/asking.html", form=form)


@page.post("/commitments/asking")
def ask():
    form = AskingForm.read()
    if not form.validate():
        return render_template("library/asking.html", form=form), 422

    def store():
        current_user.ask_at = form.ask_at.time
        reminders.reckon(current_user, now())

    once(form, store)
    return done(url_for("reminders.show") if form.then.data else "/")


def _library(untouched: bool = False):
    """The library; `untouched` says that it was sent with nothing ticked."""
    return render_template(
        "library/show.html",
        untouched=untouched,
        first="first" in request.args or current_user.ask_at is None,
        chosen={starter.id for starter in _asked_for()},
        promised=_promised(),
        packs=library.packs(),
        pillars=[(pillar, library.themes(pillar)) for pillar in Pillar],
        cadence=_cadence,
        **room_today(),
    )


def _asked_for() -> list[Starter]:
    """The starters that the address names, once each."""
    return list(dict.fromkeys(_starter(given) for given in request.args.getlist("starter")))


def _offered() -> list[Starter]:
    """The starters that the form showed, ticked or not."""
    given = [*request.form.getlist("starter")]
    given += [match[1] for name in request.form if (match := OFFERED.fullmatch(name))]
    found = {starter.id: starter for starter in map(_starter, given)}
    return [starter for starter in library.starters() if starter.id in found]


def _starter(given: str) -> Starter:
    starter = library.find(parse_id(given) or abort(404))
    if starter.cadence is None:
        raise Unknown(given)
    return starter


def _form_for(starters: list[Starter]) -> type[Form]:
    """A form with an intention and a person for each of these."""
    fields = {"starter": Starters()}
    for one in starters:
        fields[f"intention_{one.id}"] = Text(_l("So that …"), INTENTION_LENGTH)
        fields[f"person_{one.id}"] = Text(_l("To whom? (optional)"), NAME_LENGTH)
    return type("PicksForm", (Form,), fields)


def _pick(form: Form) -> None:
    promised = _promised()
    for one in form.starter.starters:
        if one.id not in promised:
            commitments.pick(current_user, _terms(form, one), today(), now())


def _terms(form: Form, starter: Starter) -> Terms:
    try:
        person = people.find_or_add(current_user, form[f"person_{starter.id}"].data, now())
    except Refused as problem:
        raise Refused(f"person_{starter.id}", problem.message) from problem
    return Terms(
        title=starter.title,
        pillar=starter.pillar,
        cadence=starter.cadence,
        intention=form[f"intention_{starter.id}"].data or "",
        person_id=person and person.id,
        occasion=starter.occasion,
        ask=starter.ask,
        library_id=starter.id,
    )


def _review(form: Form, starters: list[Starter]):
    pillars = {starter.pillar for starter in starters}
    return render_template(
        "library/review.html",
        form=form,
        starters=starters,
        one_pillar=next(iter(pillars)) if _one_pillar(pillars) else None,
        people=people.of(current_user),
        cadence=_cadence,
        most=_most_due(form, starters),
        most_due=MOST_DUE,
    )


def _most_due(form: Form, starters: list[Starter]) -> int:
    """How many the fullest day would have with those that are ticked and not promised already."""
    ticked, promised = form.starter.data or (), _promised()
    wished = [one for one in starters if str(one.id) in ticked and one.id not in promised]
    return room.with_these(current_user, [one.cadence for one in wished], today())


def _one_pillar(pillars: set[Pillar]) -> bool:
    held = {line.head.pillar for line in lines.of(current_user) if line.holds(today())}
    return len(pillars | held) == 1


def _promised() -> set[int]:
    """The starters that hold already."""
    return {
        line.head.library_id
        for line in lines.of(current_user)
        if line.head.library_id and line.head.retired_on is None
    }


def _cadence(starter: Starter) -> str:
    return cadences.in_words(starter.cadence)
