"""The end of an account: after a fresh passkey and a typed word, and at once."""

import unicodedata
from datetime import datetime

from flask import Blueprint, render_template, session
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import StringField

from habits import leaders
from habits.date_words import short_day
from habits.db import db, forget_traces
from habits.web.forms import Form
from habits.web.fragments import done
from habits.web.guards import config, fresh_passkey

page = Blueprint("deletions", __name__)


class DeletionForm(Form):
    """The word that says it is meant."""

    word = StringField(_l("Type the word"))


@page.get("/deletions/new")
@fresh_passkey
def new():
    return _show(DeletionForm())


@page.post("/deletions")
@fresh_passkey
def create():
    form = DeletionForm.read()
    form.validate()
    if _plain(form.word.data) != _plain(_("delete")):
        form.word.errors = [_("Type “%(word)s” to delete everything.", word=_("delete"))]
        form.word.data = _plain(form.word.data)[:60]
        return _show(form), 422
    leaders.delete(current_user._get_current_object())
    db.session.commit()
    session.clear()
    forget_traces()
    return done("/", _("Everything of yours is deleted here."))


def _plain(word: str | None) -> str:
    """The word, whatever its case and the spaces around it, without what cannot be shown."""
    seen = (c for c in word or "" if unicodedata.category(c)[0] != "C")
    return unicodedata.normalize("NFC", "".join(seen).strip()).casefold()


def _show(form: DeletionForm) -> str:
    return render_template("deletions/new.html", form=form, copies=_copies())


def _copies() -> dict:
    """How many copies of the database stand beside it, and from when the newest is."""
    found = [path.name for path in (config().data / "backups").glob("kept-*")]
    days = [name[5:13] for name in found if name[5:13].isdigit()]
    newest = datetime.strptime(max(days), "%Y%m%d").date() if days else None  # noqa: DTZ007
    return {"count": len(found), "newest": newest and short_day(newest)}
