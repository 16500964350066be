"""Bringing history along: a file is read, looked at, written in on a word, and can be undone."""

import hashlib
from datetime import timedelta
from threading import Lock

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.exceptions import RequestEntityTooLarge
from wtforms import StringField, ValidationError

from habits import importers, imports, matches, writes, zones
from habits.db import db
from habits.documents import HistoryError
from habits.import_words import SOURCES, remark, why
from habits.importers import kept
from habits.importers.drafts import Draft, Remark, Said, clean
from habits.imports import Choice, Choices, Seen
from habits.limits import Limit
from habits.models.commitments import INTENTION_LENGTH
from habits.models.imports import Import
from habits.problems import Refused
from habits.trust.history import Pillar
from habits.web import cadences
from habits.web.forms import Flag, Form, Text, Word
from habits.web.fragments import done, new_key
from habits.web.guards import limit, now, today
from habits.web.once import once
from habits.web.settings import Zone

page = Blueprint("imports", __name__)

LARGEST_BODY = importers.LARGEST + 64 * 1024  # the file and what a form puts around it
TRIES = Limit("imports", tries=60, per=timedelta(minutes=10))
UNREAD = (Said.LINE, Said.NAMELESS, Said.NO_HABIT, Said.MORE)
one_at_a_time = Lock()  # a large file takes much memory while it is read


class File(StringField):
    """A file that was sent, as its `content` in bytes and its `file_name`."""

    content = None
    file_name = ""

    def pre_validate(self, form):
        sent = request.files.get(self.name)
        if sent is None or not sent.filename:
            raise ValidationError(_l("Choose a file."))
        self.file_name = clean(sent.filename)
        content = sent.stream.read(importers.LARGEST + 1)
        if len(content) > importers.LARGEST:
            raise ValidationError(_too_large())
        self.content = content


class FileForm(Form):
    """A file, and where its days begin if it does not say so."""

    file = File(_l("The file"))
    timezone = Zone(_l("Time zone of the file"))


class ChoicesForm(Form):
    """What is wanted of a file; each commitment has fields of its own."""

    counts = Flag(_l("What becomes of the history?"))
    settings = Flag(_l("Use the file's name, time zone, and start of day and week"))


@page.get("/imports/new")
def new():
    return _new(FileForm(data={"timezone": current_user.timezone}))


@page.post("/imports")
def create():
    request.max_content_length = LARGEST_BODY
    try:
        form = FileForm.read()
    except RequestEntityTooLarge:
        form = FileForm(data={"timezone": current_user.timezone})
        form.file.errors = [_too_large()]
        return _new(form), 413
    limit(TRIES, str(current_user.id))
    if not form.validate():
        return _new(form), 422
    data = form.file.content
    sent = {"path": request.path, "file": hashlib.sha256(data).hexdigest()}
    if not writes.first_time(current_user, form.key.data, sent, now()):
        return done(url_for("imports.show", import_id=writes.made(current_user, form.key.data)))
    try:
        with one_at_a_time:
            row = imports.look(
                current_user, data, form.file.file_name, form.timezone.data, today(), now()
            )
    except HistoryError as problem:
        db.session.rollback()
        words = {"file": form.file.file_name, "why": clean(why(problem))}
        form.file.errors = [_("“%(file)s” cannot be imported: %(why)s", **words)]
        return _new(form), 422
    writes.remember(current_user, form.key.data, row.id)
    db.session.commit()
    return done(_place(row))


@page.get("/imports/<id:import_id>")
def show(import_id):
    row = imports.find(current_user, import_id)
    if row.draft is None:
        new = len(row.made["commitments"]) if row.made else 0
        return render_template("imports/done.html", row=row, source=SOURCES[row.source], new=new)
    draft = Draft.of_stored(row.draft)
    seen = imports.seen(current_user, draft, today())
    return _show(row, draft, seen, _offered(seen, imports.defaults(current_user, draft)))


@page.post("/imports/<id:import_id>")
def write(import_id):
    row = imports.find(current_user, import_id)
    if row.draft is None:
        return _done(row) if row.undone_at is None else done(_place(row))
    draft = Draft.of_stored(row.draft)
    seen = imports.seen(current_user, draft, today())
    form = _form(seen).read()
    if not form.validate():
        return _show(row, draft, seen, form), 422
    try:
        once(form, lambda: imports.write(current_user, row, _chosen(form, seen), today(), now()).id)
    except Refused:
        row = imports.find(current_user, import_id)
        return _show(row, draft, seen, form), 422
    return _done(row)


@page.post("/imports/<id:import_id>/removal")
def remove(import_id):
    form = Form.read()
    row = imports.find(current_user, import_id)
    was_written = row.written_at is not None
    form.validate()
    try:
        once(form, lambda: imports.undo(current_user, row, today(), now()))
    except Refused as problem:
        return done(url_for("imports.show", import_id=import_id), problem.message)
    words = _("The import is undone.") if was_written else _("Nothing was imported.")
    return done(url_for("imports.new"), words)


def _place(row: Import) -> str:
    return url_for("imports.show", import_id=row.id)


def _new(form: FileForm) -> str:
    form.timezone.data = form.timezone.data or current_user.timezone
    return render_template(
        "imports/new.html",
        form=form,
        zone_options=[(zone, zone.replace("_", " ")) for zone in zones.choices(form.timezone.data)],
        earlier=imports.of(current_user),
        sources=SOURCES,
        megabytes=importers.LARGEST // 2**20,
    )


def _too_large() -> str:
    return _("Choose a file of at most %(size)d MB.", size=importers.LARGEST // 2**20)


def _form(seen: list[Seen]) -> type[Form]:
    """The form for these commitments, by their place in the file."""
    fields = {}
    for place in range(len(seen)):
        fields[f"take_{place}"] = Flag()
        fields[f"pillar_{place}"] = Word(Pillar, _l("Pillar"))
        fields[f"intention_{place}"] = Text(_l("So that …"), INTENTION_LENGTH)
    return type("TheseChoices", (ChoicesForm,), fields)


def _offered(seen: list[Seen], usual: Choices) -> Form:
    said = {"counts": "yes" if usual.counts else "no", "settings": "yes" if usual.settings else ""}
    for place, one in enumerate(seen):
        said[f"take_{place}"] = "yes" if usual.of.get(one.id, Choice()).taken else ""
        said[f"pillar_{place}"] = one.pillar.value
        said[f"intention_{place}"] = one.intention
    return _form(seen)(data=said)


def _chosen(form: Form, seen: list[Seen]) -> Choices:
    of = {
        one.id: Choice(
            form[f"take_{place}"].yes,
            form[f"pillar_{place}"].word,
            form[f"intention_{place}"].data,
        )
        for place, one in enumerate(seen)
    }
    return Choices(form.counts.yes, form.settings.yes, of)


def _show(row: Import, draft: Draft, seen: list[Seen], form: Form) -> str:
    beside = matches.new_beside(current_user, draft.document)
    return render_template(
        "imports/show.html",
        row=row,
        source=SOURCES[row.source],
        is_kept=row.source == kept.SOURCE,
        form=form,
        seen=[_line(one, form, place) for place, one in enumerate(seen)],
        lapses=beside[0],
        time_off=beside[1],
        all_here=imports.is_all_here(seen, beside),
        unread=[remark(one) for one in draft.remarks if one.said in UNREAD],
        unread_count=sum(_unread(one) for one in draft.remarks),
        remarks=[remark(one) for one in draft.remarks if one.said not in UNREAD],
    )


def _unread(one: Remark) -> int:
    """How many lines a remark says were not understood."""
    if one.said not in UNREAD:
        return 0
    return int(one.value) if one.said == Said.MORE else 1


def _line(one: Seen, form: Form, place: int) -> dict:
    return {
        "one": one,
        "place": place,
        "cadence": cadences.in_words(one.cadence),
        "count": _count(one),
        "remarks": [remark(each) for each in one.remarks],
        "take": form[f"take_{place}"],
        "pillar": form[f"pillar_{place}"],
        "intention": form[f"intention_{place}"],
    }


def _count(one: Seen) -> int:
    return one.kept + one.broken + one.released


def _done(row: Import):
    count = len(row.made["commitments"]) if row.made else 0
    words = ngettext("%(num)d commitment is new.", "%(num)d commitments are new.", count)
    if imports.is_all_retired(current_user, row):
        words += " " + _("They wait under Retired: bring back those you choose.")
    undo = {
        "action": url_for("imports.remove", import_id=row.id),
        "fields": {"key": new_key()},
    }
    return done(url_for("commitments.index"), _("Imported. %(new)s", new=words), undo)
