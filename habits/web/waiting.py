"""The words for what waits on a device: a script counts there, so it gets every plural form."""

from functools import lru_cache

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from habits.web.words import saids

NUMBERS = (*range(0, 25), 100, 101, 102, 103, 111, 1000000)  # one at least of every plural form


def words() -> dict:
    """What the strip says, each text with {n} by the CLDR name of its plural form."""
    return _words(str(get_locale()))


@lru_cache(maxsize=32)
def _words(_locale: str) -> dict:
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
