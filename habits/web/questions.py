"""Notes what a person said when asked, and that they were told of a commitment."""

from flask import Blueprint, abort, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from habits import lines, person_days, questions
from habits.days import week_from_label
from habits.lines import Line
from habits.models.people import Heard
from habits.problems import Refused
from habits.questions import LINE_LENGTH, Talk
from habits.web import words
from habits.web.forms import Form, Id, Text, Word, parse_id
from habits.web.fragments import done, new_key
from habits.web.guards import now, today
from habits.web.once import once

page = Blueprint("questions", __name__)


class WayForm(Form):
    """`week` is where it was pressed, and where it leads back to."""

    week = Text(longest=8)


class HeardForm(WayForm):
    """What was heard about one commitment."""

    commitment = Id()
    heard = Word(Heard, _l("What did you hear?"), required=_l("Say what you heard."))
    line = Text(_l("In a line (optional)"), longest=LINE_LENGTH, id="heard-line")


class AnnouncementForm(Form):
    """Which commitment its person knows of by now."""

    commitment = Id()


@page.get("/questions/new")
def new():
    line = lines.find(current_user, parse_id(request.args.get("commitment", "")) or abort(404))
    return _new(HeardForm(), line)


@page.post("/questions")
def create():
    form = HeardForm.read()
    valid = form.validate()
    line = lines.find(current_user, form.commitment.id or abort(404))
    if not valid:
        return _new(form, line), 422
    way = _week(form) or _page_of(line.head.person_id, line)
    heard, said = form.heard.word, form.line.data or None

    def noted():
        person_days.settle_late(current_user, today())
        return questions.note(current_user, line.head.id, heard, said, today(), now()).id

    try:
        made = once(form, noted)
    except Refused:
        return _new(form, lines.find(current_user, line.head.id)), 422
    undo = _undo("questions.remove", form, question_id=made)
    return done(way, _("Noted. It does not move your account."), undo)


@page.post("/questions/<id:question_id>/removal")
def remove(question_id):
    form, row = WayForm.read(), questions.find(current_user, question_id)
    undo = _undo("questions.put_back", form, question_id=question_id)
    return _change(form, row, lambda: questions.withdraw(row, now()), _("Taken back."), undo)


@page.post("/questions/<id:question_id>/return")
def put_back(question_id):
    form, row = WayForm.read(), questions.find(current_user, question_id)
    return _change(form, row, lambda: questions.put_back(row), _("Noted again."))


@page.post("/announcements")
def announce():
    form = AnnouncementForm.read()
    form.validate()
    line = lines.find(current_user, form.commitment.id or abort(404))
    try:
        once(form, lambda: questions.announce(line, today()))
    except Refused as problem:
        return done(_page_of(line.head.person_id, line), problem.message)
    said = _("%(person)s knows. Today says so.", person=line.head.person.name)
    undo = _undo("questions.take_back", commitment_id=line.head.id)
    return done(_page_of(line.head.person_id, line), said, undo)


@page.post("/announcements/<id:commitment_id>/removal")
def take_back(commitment_id):
    form = Form.read()
    form.validate()
    line = lines.find(current_user, commitment_id)
    once(form, lambda: questions.take_back_announcement(line))
    return done(_page_of(line.head.person_id, line), _("Taken back."))


def _new(form: HeardForm, line: Line):
    if line.head.person is None:
        abort(404)
    talk = Talk(line, line.head.person, None)
    return render_template("questions/new.html", form=form, talk=talk, answers=words.heard())


def _undo(endpoint: str, form: WayForm | None = None, **place) -> dict:
    week = {"week": form.week.data} if form and form.week.data else {}
    return {"action": url_for(endpoint, **place), "fields": {"key": new_key()} | week}


def _change(form: WayForm, row, verb, said, undo=None):
    form.validate()
    way = _week(form) or (
        url_for("people.show", person_id=row.person_id) if row.person_id else "/people"
    )
    once(form, verb)
    return done(way, said, undo)


def _page_of(person_id: int | None, line) -> str:
    if person_id is None:
        return url_for("commitments.show", commitment_id=line.head.id)
    return url_for("people.show", person_id=person_id)


def _week(form: WayForm) -> str | None:
    """The page of the week that it was pressed on, if it was on one's."""
    week = form.week.data
    if not week:
        return None
    try:
        week_from_label(week, current_user.week_start)
    except ValueError:
        abort(400)
    return url_for("weeks.show", label=week)
