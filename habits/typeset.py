"""Lines of text for pictures, where nothing breaks them: how wide they are, roughly, and where to.

The reader's own faces are unknown here, so that a width is an estimate on the safe side.
"""

import unicodedata

NARROW, WIDE = set("ijltfrI.,;:|!'’()[] "), set("mwMW@%—…")
SHARES = {"narrow": 0.36, "wide": 0.92, "capital": 0.7, "full": 1.02, "usual": 0.58}  # of the size
ELLIPSIS = "…"


def width(text: str, size: float) -> float:
    """How wide a line is at most, in the unit of `size`."""
    return size * sum(SHARES[_kind(character)] for character in text)


def lines(text: str, size: float, most: float, count: int) -> list[str]:
    """The text broken between words into at most `count` lines no wider than `most`."""
    made: list[str] = []
    for word in text.split():
        longer = f"{made[-1]} {word}" if made else word
        if made and width(longer, size) <= most:
            made[-1] = longer
        else:
            made.append(word)
    if len(made) > count:
        made = [*made[: count - 1], " ".join(made[count - 1 :])]
    return [shortened(line, size, most) for line in made]


def shortened(text: str, size: float, most: float) -> str:
    """The text, or as much of its beginning as is no wider than `most`."""
    if width(text, size) <= most:
        return text
    while text and width(text + ELLIPSIS, size) > most:
        text = text[:-1]
    return text.rstrip() + ELLIPSIS


def _kind(character: str) -> str:
    if character in NARROW or unicodedata.combining(character):
        return "narrow"
    if character in WIDE:
        return "wide"
    if unicodedata.east_asian_width(character) in "WF":
        return "full"
    return "capital" if character.isupper() else "usual"
