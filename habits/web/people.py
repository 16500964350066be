"""People: the names that promises bear, and what became of these promises."""

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from habits import circles, dealings, people, pulses, questions
from habits.lines import Line
from habits.models.leaders import NAME_LENGTH, Person
from habits.models.people import Parting
from habits.problems import Refused
from habits.trust.plan import Standing
from habits.web import words
from habits.web.calendars import standing_words
from habits.web.circles import view
from habits.web.commitments import cadence_of
from habits.web.forms import Form, Id, Text
from habits.web.fragments import done, new_key
from habits.web.guards import config, now, today
from habits.web.once import once

page = Blueprint("people", __name__)

LATEST = 10  # promises on a person's page


class NameForm(Form):
    """What to call them."""

    name = Text(_l("Name or alias"), NAME_LENGTH, _l("Type a name or an alias."))


class MergerForm(Form):
    """Whose name remains."""

    into = Id(_l("Who else is it?"))


@page.get("/people")
def index():
    return _index(NameForm())


@page.post("/people")
def create():
    form = NameForm.read()
    if not form.validate():
        return _index(form), 422
    try:
        made = once(form, lambda: people.add(current_user, form.name.data, now()).id)
    except Refused:
        return _index(form), 422
    return done(url_for("people.show", person_id=made))


@page.get("/people/<id:person_id>")
def show(person_id):
    return _show(people.find(current_user, person_id))


@page.post("/people/<id:person_id>")
def rename(person_id):
    form = NameForm.read()
    person = people.find(current_user, person_id)
    if not form.validate():
        return _show(person, form), 422
    try:
        once(form, lambda: people.rename(current_user, person, form.name.data))
    except Refused:
        return _show(people.find(current_user, person_id), form), 422
    return done(url_for("people.show", person_id=person_id), _("Renamed."))


@page.post("/people/<id:person_id>/merger")
def merge(person_id):
    form = MergerForm.read()
    if not form.validate() or not form.into.id:
        form.into.errors = [_("Choose whose name remains.")]
        return _show(people.find(current_user, person_id), merger=form), 422
    undo = {}

    def join():
        person = people.find(current_user, person_id)
        into, name = people.find(current_user, form.into.id), person.name
        parting = people.merge(current_user, person, into, now())
        undo.update(_undo(parting, name))
        return parting.id

    try:
        once(form, join)
    except Refused:
        return _show(people.find(current_user, person_id), merger=form), 422
    return done(
        url_for("people.show", person_id=form.into.id), _("They are one now."), undo or None
    )


@page.post("/people/<id:person_id>/removal")
def remove(person_id):
    form = Form.read()
    undo = {}

    def away():
        person = people.find(current_user, person_id)
        name, parting = person.name, people.remove(current_user, person, now())
        undo.update(_undo(parting, name))
        return parting.id

    form.validate()
    once(form, away)
    said = _("The name is removed. What you promised stays, without it.")
    return done(url_for("people.index"), said, undo or None)


@page.post("/people/partings/<id:parting_id>/return")
def put_back(parting_id):
    form = NameForm.read()
    parting = people.find_parting(current_user, parting_id)
    if not form.validate():
        return _index(form), 422

    def back():
        return people.put_back(current_user, parting, form.name.data, now()).id

    try:
        made = once(form, back)
    except Refused:
        return _index(form), 422
    return done(url_for("people.show", person_id=made), _("It is as it was."))


def _show(person: Person, form=None, merger=None) -> str:
    found, book = dealings.with_person(current_user, person, today())
    counted = questions.count(current_user, circles.since(today()), person)
    picture = circles.of_person(book, person, counted)
    talks = questions.conversation(current_user, today(), person)
    return render_template(
        "people/show.html",
        person=person,
        form=form or NameForm(data={"name": person.name}),
        merger=merger or MergerForm(),
        others=[row for row in people.of(current_user) if row.id != person.id],
        dealings=found,
        circles=view(picture) if counted else None,  # a picture that says something of them alone
        talks=talks,
        told={talk.line.head.id: _announcement(talk.line) for talk in talks},
        asked=questions.of(current_user, person),
        answers=words.heard(),
        latest=[p for p in found.promises if p.standing is not Standing.OPEN][:LATEST],
        Standing=Standing,
        words=standing_words(),
        cadence=cadence_of,
    )


def _announcement(line: Line) -> str:
    """What the leader could say to the commitment's person."""
    title, why = (text.rstrip(" .。") for text in (line.head.title, line.head.intention))
    if why:
        begins = _("Starting today: %(title)s, %(why)s.", title=title, why=why)
    else:
        begins = _("Starting today: %(title)s.", title=title)
    return begins + " " + _("Tell me when I don't.")


def _index(form: NameForm) -> str:
    rounds = pulses.of(current_user, config().secret, now())
    heard = questions.count(current_user, circles.since(today()))
    found, book = dealings.of(current_user, today())
    return render_template(
        "people/index.html",
        found=found,
        form=form,
        circles=view(circles.of(book, rounds, heard)),
        rounds=rounds,
        Standing=Standing,
    )


def _undo(parting: Parting, name: str) -> dict:
    """The form that takes it back; the name stands nowhere else by then."""
    action = url_for("people.put_back", parting_id=parting.id)
    return {"action": action, "fields": {"key": new_key(), "name": name}}
