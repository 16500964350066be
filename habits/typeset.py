"""Lines of text for pictures, where nothing breaks them: how wide they are, roughly, and where to.

The reader's own faces are unknown here, so that a width is an estimate on the safe side.
"""

import re
import unicodedata
from collections.abc import Iterator

NARROW, WIDE = set("ijltfrI.,;:|!'’()[] "), set("mwMW@%—…")
SHARES = {"narrow": 0.36, "wide": 0.92, "capital": 0.7, "full": 1.02, "usual": 0.58}  # of the size
ELLIPSIS = "…"
EAST = "\u3040-\u30ff\u3400-\u9fff"  # may be broken after every character, but not before a mark
PIECE = re.compile(f"[「『（]*[{EAST}][ー、。！？」』）]*|[^{EAST}「『（]+|[「『（]+")


def width(text: str, size: float) -> float:
    """How wide a line is at most, in the unit of `size`."""
    return size * sum(SHARES[_kind(character)] for character in text)


def lines(text: str, size: float, most: float, count: int) -> list[str]:
    """The text broken between words into at most `count` lines no wider than `most`."""
    made: list[str] = []
    for gap, piece in _pieces(text):
        longer = f"{made[-1]}{gap}{piece}" if made else piece
        if made and (len(made) == count or width(longer, size) <= most):
            made[-1] = longer
        else:
            made.append(piece)
    return [shortened(line, size, most) for line in made]


def fitting(text: str, size: float, most: float, least: float) -> float | None:
    """The largest type up to `size` that makes it one line; None if that is below `least`."""
    fits = min(size, size * most / max(width(text, size), 1))
    return int(fits) if fits >= least else None


def shortened(text: str, size: float, most: float) -> str:
    """The text, or as much of its beginning as is no wider than `most`."""
    if width(text, size) <= most:
        return text
    while text and width(text + ELLIPSIS, size) > most:
        text = text[:-1]
    return text.rstrip() + ELLIPSIS


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """What may stand on a line of its own, each after the gap that it has within a line."""
    for word in text.split():
        for place, piece in enumerate(PIECE.findall(word)):
            yield "" if place else " ", piece


def _kind(character: str) -> str:
    if character in NARROW or unicodedata.combining(character):
        return "narrow"
    if character in WIDE:
        return "wide"
    if unicodedata.east_asian_width(character) in "WF":
        return "full"
    return "capital" if character.isupper() else "usual"
