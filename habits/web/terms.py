"""The fields that ask what is promised, wherever a commitment is worded, picked or changed."""

from flask import abort, request
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from habits import library, people
from habits.book import value
from habits.commitments import Terms
from habits.lines import Line
from habits.models.commitments import INTENTION_LENGTH, TITLE_LENGTH, Commitment
from habits.models.leaders import NAME_LENGTH
from habits.problems import Unknown
from habits.trust.history import Pillar
from habits.web import cadences
from habits.web.cadences import CadenceForm
from habits.web.forms import Flag, Id, Text, Word, parse_id
from habits.web.guards import now, today


class TermsForm(CadenceForm):
    """What is promised. `starter` is the library's, where it came from there."""

    title = Text(_l("What do you promise?"), TITLE_LENGTH, _l("Say what you promise."))
    intention = Text(_l("Why? So that …"), INTENTION_LENGTH)
    pillar = Word(Pillar, _l("Which pillar does it build?"), _l("Choose character or competency."))
    person = Text(_l("To whom? (optional)"), NAME_LENGTH)
    occasion = Flag(_l("Some days it may not come up"))
    starter = Id()

    def terms(self) -> Terms:
        """The terms of a valid form; makes the person if the name is new. Raises Unknown."""
        starter = library.find(self.starter.id) if self.starter.id else None
        person = people.find_or_add(current_user, self.person.data, now())
        return Terms(
            title=self.title.data,
            pillar=self.pillar.word,
            cadence=self.cadence(),
            intention=self.intention.data or "",
            person_id=person and person.id,
            occasion=self.occasion.yes,
            ask=starter.ask if starter else "",
            library_id=starter and starter.id,
        )


def choices() -> dict:
    """What the fields of terms offer."""
    return {
        "kinds": cadences.kinds(),
        "weekdays": cadences.weekdays(current_user.week_start),
        "people": people.of(current_user),
        "today": today(),
    }


def read_edit(line: Line) -> TermsForm:
    """The form that was sent; where only words were asked for, the rest is as it was."""
    form = TermsForm.read()
    if "kind" in request.form:
        return form
    held = from_row(line.head)
    kept = [
        (name, part) for name in held if name not in request.form for part in _parts(held[name])
    ]
    return TermsForm(MultiDict([*request.form.items(multi=True), *kept]))


def _parts(held: str | list[str]) -> list[str]:
    return held if isinstance(held, list) else [held]


def from_starter(given: str) -> dict:
    """A starter's words and cadence, to be changed before it is picked."""
    starter = library.find(parse_id(given) or abort(404))
    if starter.cadence is None:
        raise Unknown(starter.id)
    return {
        "title": starter.title,
        "intention": starter.intention,
        "pillar": starter.pillar.value,
        "occasion": "yes" if starter.occasion else "",
        "starter": str(starter.id),
        **cadences.fields_of(starter.cadence),
    }


def from_row(row: Commitment) -> dict:
    return {
        "title": row.title,
        "intention": row.intention,
        "pillar": row.pillar.value,
        "person": row.person.name if row.person else "",
        "occasion": "yes" if row.occasion else "",
        **cadences.fields_of(value(row).cadence),
    }


def fields_of(row: Commitment) -> dict:
    """The fields that pick a removed row again."""
    fields = {**from_row(row), "starter": row.library_id or ""}
    return {**fields, "days": ",".join(fields["days"])}
