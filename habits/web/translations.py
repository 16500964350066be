"""Gettext for templates: a page has hundreds of texts, so its catalogue is looked up once."""

from flask import g
from flask_babel import get_translations
from markupsafe import Markup


def install(app):
    """Give the templates `_` and `ngettext` that escape what they insert."""
    app.jinja_env.globals.update(_=gettext, gettext=gettext, ngettext=ngettext)


def gettext(message: str, **inserted) -> Markup:
    """The text in this page's language, with what is inserted escaped."""
    return _filled(_catalogue().gettext(message), inserted)


def ngettext(singular: str, plural: str, num: int, **inserted) -> Markup:
    """The same for a text that counts; `num` can be inserted too."""
    text = _catalogue().ngettext(singular, plural, num)
    return _filled(text, {"num": num} | inserted)


def _catalogue():
    if "catalogue" not in g:
        g.catalogue = get_translations()
    return g.catalogue


def _filled(text: str, inserted: dict) -> Markup:
    if "%" not in text:
        return Markup(text)
    return Markup(text) % inserted
