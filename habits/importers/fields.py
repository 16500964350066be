"""Values of foreign JSON, of whatever type they turn out to be."""

import math
from datetime import date

from habits.documents import parse_date

LARGEST = 10**12


def an_object(value) -> dict:
    """The object, or an empty one."""
    return value if isinstance(value, dict) else {}


def objects(value) -> list:
    """The list, or an empty one."""
    return value if isinstance(value, list) else []


def a_text(value) -> str:
    """The text, or an empty one."""
    return value if isinstance(value, str) else ""


def a_number(value) -> float | None:
    """The number, if it is one of a size that means something."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if math.isfinite(value) and abs(value) <= LARGEST else None


def whole(value) -> int | None:
    """The whole number."""
    found = a_number(value)
    return int(found) if found is not None and found == int(found) else None


def a_day(value) -> date | None:
    """The date of YYYY-MM-DD."""
    try:
        return parse_date(a_text(value))
    except ValueError:
        return None
