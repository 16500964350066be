"""Commitments: the list, one in own words, its page, and how it changes and ends."""

from dataclasses import replace

from flask import Blueprint, abort, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from habits import commitments, lines, people
from habits.book import open_book, value
from habits.commitments import Terms, Way
from habits.lines import Line
from habits.models.commitments import Commitment
from habits.problems import Refused
from habits.room import MOST_DUE, fullest, standing
from habits.trust.history import CadenceKind
from habits.web import cadences
from habits.web.calendars import month_of, parse_month
from habits.web.forms import Form, Word, parse_id
from habits.web.fragments import done, new_key
from habits.web.guards import now, today
from habits.web.once import once
from habits.web.terms import TermsForm, choices, fields_of, from_row, from_starter, read_edit

page = Blueprint("commitments", __name__)


class MoveForm(Form):
    """One step in the leader's order."""

    way = Word(Way, required=_l("Say whether up or down."))


@page.get("/commitments")
def index():
    book = open_book(current_user, today())
    found = lines.of(current_user)
    holding = [line for line in found if line.holds(today())]
    return render_template(
        "commitments/index.html",
        book=book,
        standing=[line for line in holding if not line.is_once],
        once=[line for line in holding if line.is_once],
        retired=[line for line in found if not line.holds(today()) and not line.is_once],
        ordering="order" in request.args,
        today=today(),
        cadence=cadence_of,
        **room(),
    )


@page.get("/commitments/new")
def new():
    given = request.args.get("starter")
    terms = from_starter(given) if given else cadences.DEFAULTS
    return _new(TermsForm(data=terms | _person(request.args.get("person"))))


@page.post("/commitments")
def create():
    form = TermsForm.read()
    if not form.validate():
        return _new(form), 422
    try:
        once(form, lambda: commitments.pick(current_user, form.terms(), today(), now()).id)
    except Refused:
        return _new(form), 422
    if current_user.ask_at is None:
        return done(url_for("library.show", first=1), _("Promised."))
    return done(url_for("commitments.index"), _("Promised: %(title)s", title=form.title.data))


@page.get("/commitments/<id:commitment_id>")
def show(commitment_id):
    return _show(lines.find(current_user, commitment_id))


@page.get("/commitments/<id:commitment_id>/edit")
def edit(commitment_id):
    line = lines.find(current_user, commitment_id)
    return _edit(line, TermsForm(data=from_row(line.head)))


@page.post("/commitments/<id:commitment_id>")
def update(commitment_id):
    line = lines.find(current_user, commitment_id)
    form = read_edit(line)
    if not form.validate():
        return _edit(line, form), 422

    def change():
        if line.head.id != commitment_id:
            raise Stale
        return commitments.edit(current_user, line, _edited(form, line), today(), now()).id

    try:
        made = once(form, change)
    except Stale:
        form.key.errors = [_("It was changed meanwhile. Look it through and save it again.")]
        return _edit(lines.find(current_user, commitment_id), form), 409
    except Refused:
        return _edit(lines.find(current_user, commitment_id), form), 422
    begins = made != commitment_id
    words = _("Saved. The change begins tomorrow.") if begins else _("Saved.")
    return done(url_for("commitments.show", commitment_id=made), words)


@page.post("/commitments/<id:commitment_id>/retirement")
def retire(commitment_id):
    form = Form.read()

    def end():
        return commitments.retire(lines.find(current_user, commitment_id), today()).id

    return _change(
        commitment_id,
        form,
        end,
        _("Retired. It still counts today."),
        lambda made: _undo(url_for("commitments.bring_back", commitment_id=made)),
    )


@page.post("/commitments/<id:commitment_id>/return")
def bring_back(commitment_id):
    form = Form.read()

    def back():
        line = lines.find(current_user, commitment_id)
        return commitments.bring_back(current_user, line, today(), now()).id

    return _change(commitment_id, form, back, _("Brought back. It counts from today."))


@page.post("/commitments/<id:commitment_id>/removal")
def remove(commitment_id):
    form = Form.read()
    undo = {}

    def away():
        line = lines.find(current_user, commitment_id)
        undo.update(_undo(url_for("commitments.create"), **fields_of(line.head)))
        commitments.remove(line, today())

    form.validate()
    try:
        once(form, away)
    except Refused:
        return _show(lines.find(current_user, commitment_id), form), 422
    return done(url_for("commitments.index"), _("Removed."), undo or None)


@page.post("/commitments/<id:commitment_id>/position")
def move(commitment_id):
    form = MoveForm.read()
    if not form.validate():
        abort(400)

    def step():
        line = lines.find(current_user, commitment_id)
        commitments.move(current_user, line, form.way.word, today())

    once(form, step)
    return done(url_for("commitments.index", order=1) + f"#commitment-{commitment_id}")


class Stale(Exception):
    """A form for a row that was succeeded meanwhile."""


def cadence_of(row: Commitment) -> str:
    """How often a row is due, in words."""
    return cadences.in_words(value(row).cadence)


def room() -> dict:
    """How many standing commitments the fullest day from today on has, of how many."""
    most, _day = fullest(standing(current_user, today()), today())
    return {"most": most, "most_due": MOST_DUE}


def _person(given: str | None) -> dict:
    """Whom it is promised to, where a person's page asked for it."""
    if not given:
        return {}
    return {"person": people.find(current_user, parse_id(given) or abort(404)).name}


def _new(form: TermsForm):
    return render_template("commitments/new.html", form=form, **choices(), **room())


def _edit(line: Line, form: TermsForm):
    return render_template(
        "commitments/edit.html",
        form=form,
        line=line,
        changeable=commitments.is_changeable(line, today()),
        **choices() | {"kinds": _kinds_for(line)},
    )


def _kinds_for(line: Line) -> list:
    """A promise of one date and a standing one stay what they are."""
    return [one for one in cadences.kinds() if (one[0] is CadenceKind.ONCE) == line.is_once]


def _show(line: Line, form: Form | None = None):
    record = lines.record(current_user, line, today())
    first = parse_month(request.args.get("month"), today())
    return render_template(
        "commitments/show.html",
        line=line,
        record=record,
        calendar=month_of(record, line, first, today(), current_user.week_start),
        can_remove=commitments.can_remove(line, today()),
        form=form,
        today=today(),
        cadence=cadence_of,
    )


def _change(commitment_id: int, form: Form, make, message: str, undo=lambda made: None):
    """Do what a button of a commitment's page asks, and say what became of it."""
    form.validate()
    try:
        made = once(form, make)
    except Refused:
        return _show(lines.find(current_user, commitment_id), form), 422
    url = url_for("commitments.show", commitment_id=made)
    return done(url, message, undo(made))


def _undo(action: str, **fields) -> dict:
    return {"action": action, "fields": {**fields, "key": new_key()}}


def _edited(form: TermsForm, line: Line) -> Terms:
    return replace(form.terms(), ask=line.head.ask, library_id=line.head.library_id)
