"""JSON documents from outside, read strictly: what is wrong is said in one line, by its place."""

import json
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from habits import days

SHOWN_LENGTH = 60
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Words:
    """A text of the code, in English, and what stands in it: said otherwise where it is shown."""

    text: str
    values: dict[str, object]

    def __str__(self):
        return self.text % self.values


class HistoryError(ValueError):
    """What is wrong with a history file, in one line that names the field and the value."""

    @property
    def words(self) -> Words | str:
        """What it was raised with."""
        return self.args[0]


def N_(text: str, **values: object) -> Words:
    """A text for the catalogues; this module serves `kept replay`, too, which speaks English."""
    return Words(text, values)


OTHER_KIND = N_("does not belong to this kind")


def load(data: bytes) -> object:
    """The JSON document in UTF-8 bytes; HistoryError if it is none."""
    try:
        return json.loads(
            data.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_no_constant
        )
    except UnicodeDecodeError as problem:
        raise HistoryError(
            N_("the file: byte %(place)s is not UTF-8", place=problem.start)
        ) from problem
    except json.JSONDecodeError as problem:
        raise HistoryError(
            N_(
                "the file: no JSON at line %(line)s, column %(column)s: %(why)s",
                line=problem.lineno,
                column=problem.colno,
                why=problem.msg,
            )
        ) from problem
    except RecursionError as problem:
        raise HistoryError(N_("the file: nested too deeply")) from problem
    except HistoryError:
        raise
    except ValueError as problem:  # the interpreter's bound on the digits of a number
        raise HistoryError(N_("the file: a number has too many digits")) from problem


def shown(value: object) -> Words | str:
    """A value as one short printable line."""
    if isinstance(value, dict | list):
        return N_("an object") if isinstance(value, dict) else N_("a list")
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**SHOWN_LENGTH:
        return N_("a very large number")
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
            raise wrong(path or N_("the file"), N_("an object"), value)
        self.value, self.path = value, path
        self.known = set()

    def the(self, key, read):
        """A required field."""
        self.known.add(key)
        if key not in self.value:
            raise HistoryError(N_("%(where)s: is missing", where=self._at(key)))
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

    def none_of(self, *keys, why=OTHER_KIND):
        """Refuse these keys where they were not read; null is as good as missing."""
        for key in keys:
            if key not in self.known and self.value.get(key) is not None:
                said = {"where": self._at(key), "value": shown(self.value[key]), "why": why}
                raise HistoryError(N_("%(where)s: %(value)s %(why)s", **said))
            self.known.add(key)

    def no_more(self, passed_over=frozenset()):
        """Refuse a key that was not asked for."""
        for key in self.value:
            if key not in self.known and key not in passed_over:
                where = self.path or N_("the file")
                raise HistoryError(
                    N_("%(where)s: the key %(key)s is not known", where=where, key=shown(key))
                )

    def _at(self, key):
        return f"{self.path}.{key}" if self.path else key


def _object(pairs):
    made = dict(pairs)
    if len(made) < len(pairs):
        seen = set()
        for key, _ in pairs:
            if key in seen:
                raise HistoryError(
                    N_("the file: the key %(key)s stands twice in one object", key=shown(key))
                )
            seen.add(key)
    return made


def _no_constant(name):
    raise HistoryError(N_("the file: %(name)s is no number in JSON", name=name))


def wrong(path, expected, value):
    return HistoryError(
        N_(
            "%(where)s: expected %(expected)s, not %(value)s",
            where=path,
            expected=expected,
            value=shown(value),
        )
    )


def no_commitment(path, name):
    return HistoryError(N_("%(where)s: there is no commitment %(id)s", where=path, id=shown(name)))


def a_list(value, path):
    if not isinstance(value, list):
        raise wrong(path, N_("a list"), value)
    return value


def any_text(value, path):
    if not isinstance(value, str):
        raise wrong(path, N_("a text"), value)
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise wrong(path, N_("Unicode text (no half of a pair)"), value)
    return value


def text(value, path):
    if "\0" in any_text(value, path):
        raise wrong(path, N_("a text without NUL"), value)
    return value


def boolean(value, path):
    if not isinstance(value, bool):
        raise wrong(path, N_("true, false or null"), value)
    return value


def a_date(value, path):
    try:
        return parse_date(any_text(value, path))
    except HistoryError:
        raise wrong(path, N_("a date (YYYY-MM-DD)"), value) from None
    except ValueError as problem:
        raise wrong(path, N_("a date (YYYY-MM-DD)"), value) from problem


def zone(value, path):
    try:
        days.zone(text(value, path))
    except HistoryError:
        raise
    except ValueError as problem:
        raise wrong(path, N_("an IANA time zone"), value) from problem
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
            span = N_("a whole number from %(low)s to %(high)s", low=lowest, high=highest)
            raise wrong(path, span, value)
        return value

    return read


def one_of(choices: type[StrEnum]):
    expected = " or ".join(choices)

    def read(value, path):
        if not isinstance(value, str) or value not in choices.__members__.values():
            raise wrong(path, expected, value)
        return choices(value)

    return read
