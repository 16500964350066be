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

# Where a language is spoken most; elsewhere weeks begin on Monday. Settings change it.
WEEK_STARTS = {"pt_BR": 7, "ar": 6, "ja": 7}


def week_start(code: str) -> int:
    """The ISO weekday with which the weeks of a new leader begin."""
    return WEEK_STARTS.get(code, 1)


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
