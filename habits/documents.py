"""JSON documents from outside, read strictly: what is wrong is said in one line, by its place."""

import json
import re
from datetime import date
from enum import StrEnum
from typing import Any

from habits import days

SHOWN_LENGTH = 60
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class HistoryError(ValueError):
    """What is wrong with a history file, in one line that names the field and the value."""


def load(data: bytes) -> object:
    """The JSON document in UTF-8 bytes; HistoryError if it is none."""
    try:
        return json.loads(
            data.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_no_constant
        )
    except UnicodeDecodeError as problem:
        raise HistoryError(f"the file: byte {problem.start} is not UTF-8") from problem
    except json.JSONDecodeError as problem:
        where = f"line {problem.lineno}, column {problem.colno}"
        raise HistoryError(f"the file: no JSON at {where}: {problem.msg}") from problem
    except RecursionError as problem:
        raise HistoryError("the file: nested too deeply") from problem
    except HistoryError:
        raise
    except ValueError as problem:  # the interpreter's bound on the digits of a number
        raise HistoryError("the file: a number has too many digits") from problem


def shown(value: object) -> str:
    """A value as one short printable line."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**SHOWN_LENGTH:
        return "a very large number"
    if isinstance(value, str) and len(value) > SHOWN_LENGTH:
        value = value[:SHOWN_LENGTH] + "…"
    text = json.dumps(value, ensure_ascii=False)
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def parse_date(text: str) -> date:
    """The date in `YYYY-MM-DD`; ValueError if it is none."""
    if not DATE.fullmatch(text):
        raise ValueError("not YYYY-MM-DD")
    return date.fromisoformat(text)


class Fields:
    """The keys of one object, read one by one, so that what is left over is unknown."""

    def __init__(self, value, path):
        if not isinstance(value, dict):
            raise HistoryError(f"{path or 'the file'}: expected an object, not {shown(value)}")
        self.value, self.path = value, path
        self.known = set()

    def the(self, key, read):
        """A required field."""
        self.known.add(key)
        if key not in self.value:
            raise HistoryError(f"{self._at(key)}: is missing")
        return read(self.value[key], self._at(key))

    def maybe(self, key, read):
        """An optional field; None if it is missing or null."""
        self.known.add(key)
        value = self.value.get(key)
        return None if value is None else read(value, self._at(key))

    def each(self, key, read):
        """An optional list of fields."""
        self.known.add(key)
        items = a_list(self.value.get(key, []), self._at(key))
        return [read(item, f"{self._at(key)}[{index}]") for index, item in enumerate(items)]

    def none_of(self, *keys, why="does not belong to this kind"):
        """Refuse these keys where they were not read; null is as good as missing."""
        for key in keys:
            if key not in self.known and self.value.get(key) is not None:
                raise HistoryError(f"{self._at(key)}: {shown(self.value[key])} {why}")
            self.known.add(key)

    def no_more(self, passed_over=frozenset()):
        """Refuse a key that was not asked for."""
        for key in self.value:
            if key not in self.known and key not in passed_over:
                where = self.path or "the file"
                raise HistoryError(f"{where}: the key {shown(key)} is not known")

    def _at(self, key):
        return f"{self.path}.{key}" if self.path else key


def _object(pairs):
    made = dict(pairs)
    if len(made) < len(pairs):
        seen = set()
        for key, _ in pairs:
            if key in seen:
                raise HistoryError(f"the file: the key {shown(key)} stands twice in one object")
            seen.add(key)
    return made


def _no_constant(name):
    raise HistoryError(f"the file: {name} is no number in JSON")


def wrong(path, expected, value):
    return HistoryError(f"{path}: expected {expected}, not {shown(value)}")


def a_list(value, path):
    if not isinstance(value, list):
        raise wrong(path, "a list", value)
    return value


def any_text(value, path):
    if not isinstance(value, str):
        raise wrong(path, "a text", value)
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise wrong(path, "Unicode text (no half of a pair)", value)
    return value


def text(value, path):
    if "\0" in any_text(value, path):
        raise wrong(path, "a text without NUL", value)
    return value


def boolean(value, path):
    if not isinstance(value, bool):
        raise wrong(path, "true, false or null", value)
    return value


def a_date(value, path):
    try:
        return parse_date(any_text(value, path))
    except HistoryError:
        raise wrong(path, "a date (YYYY-MM-DD)", value) from None
    except ValueError as problem:
        raise wrong(path, "a date (YYYY-MM-DD)", value) from problem


def zone(value, path):
    try:
        days.zone(text(value, path))
    except HistoryError:
        raise
    except ValueError as problem:
        raise wrong(path, "an IANA time zone", value) from problem
    return value


def exactly(wanted: Any):
    def read(value, path):
        if type(value) is not type(wanted) or value != wanted:
            raise wrong(path, shown(wanted), value)
        return value

    return read


def between(lowest, highest):
    def read(value, path):
        if type(value) is not int or not lowest <= value <= highest:
            raise wrong(path, f"a whole number from {lowest} to {highest}", value)
        return value

    return read


def one_of(choices: type[StrEnum]):
    expected = " or ".join(choices)

    def read(value, path):
        if not isinstance(value, str) or value not in choices.__members__.values():
            raise wrong(path, expected, value)
        return choices(value)

    return read
