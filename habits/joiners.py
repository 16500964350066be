"""Colon, comma and space between two texts, as each language writes them."""

from collections.abc import Iterable
from functools import reduce

from flask_babel import get_locale
from flask_babel import gettext as _


def labelled(label: str, what: str) -> str:
    """Take back: I start every meeting on the minute; an empty label leaves colon and text."""
    return _("%(label)s: %(what)s", label=label, what=what)


def listed(parts: Iterable[str]) -> str:
    """Mon, Wed, Fri."""
    return reduce(_and_then, parts)


def sentences(parts: Iterable[str | None]) -> str:
    """You kept 3 of 4. One is still open."""
    return reduce(_and_on, filter(None, parts))


def apart(text: str) -> str:
    """A text that keeps its own direction beside words that run leftwards; others need no help."""
    if get_locale().text_direction != "rtl":
        return text
    return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"


def _and_then(first: str, then: str) -> str:
    return _("%(first)s, %(then)s", first=first, then=then)


def _and_on(first: str, then: str) -> str:
    return _("%(first)s %(then)s", first=first, then=then)
