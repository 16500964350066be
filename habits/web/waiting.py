"""The words for what waits on a device: a script counts there, so it gets every plural form."""

from functools import lru_cache

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from habits.web.translations import spoken
from habits.web.words import saids

NUMBERS = (*range(0, 25), 100, 101, 102, 103, 111, 1000000)  # one at least of every plural form


def words() -> Markup:
    """What the strip says, each text with {n} by the CLDR name of its plural form, as JSON."""
    return _as_json(spoken())


@lru_cache(maxsize=32)
def _as_json(_locale) -> Markup:
    return htmlsafe_json_dumps(_words(), sort_keys=True)


def _words() -> dict:
    def waiting(n):
        return ngettext("{n} answer waits for the network.", "{n} answers wait for the network.", n)

    def signed_out(n):
        return ngettext("Sign in to send {n} answer.", "Sign in to send {n} answers.", n)

    def refused(n):
        return ngettext("{n} answer was not accepted.", "{n} answers were not accepted.", n)

    forms = {"waiting": waiting, "signed_out": signed_out, "refused": refused}
    return {name: _by_form(text) for name, text in forms.items()} | {
        "said": saids(),
        "copy": _("No network. This is as of {time}."),
        "as_of": _("Shown as of {time}."),
        "strange": _(
            "Something between this device and Kept answered %(status)s.", status="{status}"
        )
        + " {words}",
    }


def _by_form(text) -> dict[str, str]:
    form = get_locale().plural_form
    return {form(number): text(number) for number in reversed(NUMBERS)}
