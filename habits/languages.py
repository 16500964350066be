"""The languages that Kept speaks, each by its own name."""

from werkzeug.datastructures import LanguageAccept

FIRST = "en"  # the texts in the code
SPOKEN = {
    "en": "English",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "pt_BR": "Português (Brasil)",
    "ar": "العربية",
    "ja": "日本語",
}


def nearest(tag: str | None) -> str | None:
    """The language spoken for a tag such as pt-PT or de_CH: pt_BR, de; None if there is none."""
    wanted = (tag or "").replace("-", "_").lower()
    exact = {code.lower(): code for code in SPOKEN}
    kindred = {code.partition("_")[0].lower(): code for code in SPOKEN}
    return exact.get(wanted) or kindred.get(wanted.partition("_")[0])


def best(accepted: LanguageAccept) -> str:
    """The first that a browser asks for and Kept speaks, else English."""
    found = (nearest(tag) for tag in accepted.values())
    return next(filter(None, found), FIRST)
