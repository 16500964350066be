"""People: the names that promises bear, and what became of these promises."""

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from habits import people
from habits.models.leaders import NAME_LENGTH, Person
from habits.problems import Refused
from habits.trust.plan import Standing
from habits.web.calendars import standing_words
from habits.web.commitments import cadence_of
from habits.web.forms import Form, Text
from habits.web.fragments import done
from habits.web.guards import today
from habits.web.once import once

page = Blueprint("people", __name__)

LATEST = 10  # promises on a person's page


class NameForm(Form):
    """What to call them."""

    name = Text(_l("Name or alias"), NAME_LENGTH, _l("Type a name or an alias."))


@page.get("/people")
def index():
    found = people.dealings(current_user, today())
    return render_template("people/index.html", found=found, Standing=Standing)


@page.get("/people/<id:person_id>")
def show(person_id):
    person = people.find(current_user, person_id)
    return _show(person, NameForm(data={"name": person.name}))


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


def _show(person: Person, form: NameForm):
    dealings = people.dealings_with(current_user, person, today())
    return render_template(
        "people/show.html",
        person=person,
        form=form,
        dealings=dealings,
        latest=[p for p in dealings.promises if p.standing is not Standing.OPEN][:LATEST],
        Standing=Standing,
        words=standing_words(),
        cadence=cadence_of,
    )
