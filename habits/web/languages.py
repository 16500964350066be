"""The language before there is an account to keep it: this browser's wish."""

from flask import Blueprint, session
from flask_babel import refresh

from habits import languages
from habits.web.forms import Choice, Form
from habits.web.fragments import done
from habits.web.guards import LANGUAGE, public

page = Blueprint("languages", __name__)


class LanguageForm(Form):
    """One of the languages that Kept speaks."""

    language = Choice("", languages.SPOKEN)


@page.post("/language")
@public
def choose():
    form = LanguageForm.read()
    if form.validate():
        session[LANGUAGE] = form.language.chosen
        session.permanent = True
        refresh()
    return done("/")
