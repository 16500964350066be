"""The history file, kept-history version 1: read strictly, so that no wrong number comes of it."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from habits import days
from habits.trust.account import VERSION as TRUST_VERSION
from habits.trust.history import (
    Answer,
    Cadence,
    CadenceKind,
    Commitment,
    History,
    Lapse,
    Nature,
    Pillar,
    Reply,
    TimeOff,
)
from habits.trust.plan import Plan

FORMAT = "kept-history"
VERSION = 1
EXPORT_ONLY = frozenset(
    ("before", "successors", "told_later", "weeks", "questions")
    + ("announced", "repairs", "reminders", "pulses", "settings")
)
SHOWN_LENGTH = 60
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class HistoryError(ValueError):
    """What is wrong with a history file, in one line that names the field and the value."""


@dataclass(frozen=True, slots=True)
class Leader:
    """Whose history it is; None where the file does not say."""

    name: str | None
    timezone: str | None
    day_start: int | None
    week_start: int
    locale: str | None


@dataclass(frozen=True, slots=True)
class Stray:
    """An answer on a date on which its commitment cannot be due; it counts nowhere."""

    path: str
    answer: Answer

    def __str__(self):
        commitment, day = shown(self.answer.commitment), self.answer.date.isoformat()
        return f"{self.path}: {commitment} cannot be due on {day}; the answer is left out"


@dataclass(frozen=True, slots=True)
class ParsedHistory:
    """A file's leader, its history without the stray answers, and these."""

    leader: Leader
    history: History
    strays: tuple[Stray, ...]


def read(data: bytes) -> ParsedHistory:
    """The history in the bytes of a file; HistoryError if it is malformed."""
    return parse(load(data))


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


def parse(document: object) -> ParsedHistory:
    """The history in a JSON document; HistoryError names the first field that is wrong."""
    top = _Fields(document, "")
    top.the("format", _exactly(FORMAT))
    top.the("version", _exactly(VERSION))
    top.maybe("trust_version", _exactly(TRUST_VERSION))
    leader = top.the("leader", _leader)
    commitments = top.each("commitments", _commitment)
    answers = top.each("answers", _answer)
    lapses = top.each("lapses", _lapse)
    time_off = top.each("time_off", _time_off)
    top.no_more(EXPORT_ONLY)
    _refuse_repeated_ids(commitments)
    _refuse_bad_references(answers, commitments)
    return _without_strays(
        leader,
        History(
            leader.week_start, tuple(commitments), tuple(answers), tuple(lapses), tuple(time_off)
        ),
    )


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


def _leader(value, path):
    fields = _Fields(value, path)
    leader = Leader(
        name=fields.maybe("name", _text),
        timezone=fields.maybe("timezone", _zone),
        day_start=fields.maybe("day_start", _between(0, 6)),
        week_start=fields.the("week_start", _between(1, 7)),
        locale=fields.maybe("locale", _text),
    )
    fields.no_more()
    return leader


def _commitment(value, path):
    fields = _Fields(value, path)
    commitment = Commitment(
        id=fields.the("id", _any_text),
        pillar=fields.the("pillar", _one_of(Pillar)),
        cadence=fields.the("cadence", _cadence),
        picked_on=fields.the("picked_on", _date),
        retired_on=fields.maybe("retired_on", _date),
        person=fields.maybe("person", _text),
        title=fields.maybe("title", _text) or "",
        intention=fields.maybe("intention", _text) or "",
    )
    fields.no_more()
    if commitment.retired_on is not None and commitment.retired_on < commitment.picked_on:
        retired, picked = commitment.retired_on, commitment.picked_on
        raise HistoryError(f"{path}.retired_on: {retired} is before picked_on, {picked}")
    return commitment


def _cadence(value, path):
    fields = _Fields(value, path)
    kind = fields.the("kind", _one_of(CadenceKind))
    cadence = CADENCES[kind](fields)
    fields.none_of("days", "times", "date")
    fields.no_more()
    return cadence


CADENCES: dict[CadenceKind, Callable[["_Fields"], Cadence]] = {
    CadenceKind.DAILY: lambda fields: Cadence.daily(),
    CadenceKind.WEEKDAYS: lambda fields: Cadence.weekdays(fields.the("days", _weekdays)),
    CadenceKind.PER_WEEK: lambda fields: Cadence.per_week(fields.the("times", _between(1, 6))),
    CadenceKind.ONCE: lambda fields: Cadence.once(fields.the("date", _date)),
}


def _weekdays(value, path):
    items = _list(value, path)
    found = [_between(1, 7)(item, f"{path}[{index}]") for index, item in enumerate(items)]
    if not found:
        raise HistoryError(f"{path}: expected at least one weekday, not an empty list")
    for index, weekday in enumerate(found):
        if weekday in found[:index]:
            raise HistoryError(f"{path}[{index}]: {weekday} stands there twice")
    return found


def _answer(value, path):
    fields = _Fields(value, path)
    commitment = fields.the("commitment", _any_text)
    day = fields.the("date", _date)
    reply = fields.the("answer", _one_of(Reply))
    if reply is not Reply.BROKEN:
        why = f"stands only with broken, not with {reply}"
        fields.none_of("nature", why=why)
        if fields.value.get("told") is not False:  # which is as good as null
            fields.none_of("told", why=why)
    nature = fields.maybe("nature", _one_of(Nature))
    told = bool(fields.maybe("told", _bool))
    fields.maybe("note", _text)
    fields.no_more({"answered_at"})
    return Answer(commitment, day, reply, nature, told)


def _lapse(value, path):
    fields = _Fields(value, path)
    lapse = Lapse(
        date=fields.the("date", _date),
        nature=fields.the("nature", _one_of(Nature)),
        told=bool(fields.maybe("told", _bool)),
        person=fields.maybe("person", _text),
        note=fields.maybe("note", _text),
    )
    fields.no_more({"recorded_at"})
    return lapse


def _time_off(value, path):
    fields = _Fields(value, path)
    first, last = fields.the("first", _date), fields.the("last", _date)
    fields.no_more({"declared_at"})
    if last < first:
        raise HistoryError(f"{path}.last: {last} is before first, {first}")
    return TimeOff(first, last)


def _refuse_repeated_ids(commitments):
    seen = set()
    for index, commitment in enumerate(commitments):
        if commitment.id in seen:
            raise HistoryError(f"commitments[{index}].id: {shown(commitment.id)} is there twice")
        seen.add(commitment.id)


def _refuse_bad_references(answers, commitments):
    known = {commitment.id for commitment in commitments}
    seen = set()
    for index, answer in enumerate(answers):
        if answer.commitment not in known:
            raise HistoryError(
                f"answers[{index}].commitment: there is no commitment {shown(answer.commitment)}"
            )
        if (answer.commitment, answer.date) in seen:
            raise HistoryError(
                f"answers[{index}].date: {shown(answer.commitment)} has"
                f" another answer on {answer.date}"
            )
        seen.add((answer.commitment, answer.date))


def _without_strays(leader, history):
    lost = set(Plan(history).stray_answers())
    strays = tuple(
        Stray(f"answers[{index}].date", answer)
        for index, answer in enumerate(history.answers)
        if answer in lost
    )
    answers = tuple(answer for answer in history.answers if answer not in lost)
    return ParsedHistory(leader, replace(history, answers=answers), strays)


class _Fields:
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
        items = _list(self.value.get(key, []), self._at(key))
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


def _wrong(path, expected, value):
    return HistoryError(f"{path}: expected {expected}, not {shown(value)}")


def _list(value, path):
    if not isinstance(value, list):
        raise _wrong(path, "a list", value)
    return value


def _any_text(value, path):
    if not isinstance(value, str):
        raise _wrong(path, "a text", value)
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise _wrong(path, "Unicode text (no half of a pair)", value)
    return value


def _text(value, path):
    if "\0" in _any_text(value, path):
        raise _wrong(path, "a text without NUL", value)
    return value


def _bool(value, path):
    if not isinstance(value, bool):
        raise _wrong(path, "true, false or null", value)
    return value


def _date(value, path):
    try:
        return parse_date(_any_text(value, path))
    except HistoryError:
        raise _wrong(path, "a date (YYYY-MM-DD)", value) from None
    except ValueError as problem:
        raise _wrong(path, "a date (YYYY-MM-DD)", value) from problem


def _zone(value, path):
    try:
        days.zone(_text(value, path))
    except HistoryError:
        raise
    except ValueError as problem:
        raise _wrong(path, "an IANA time zone", value) from problem
    return value


def _exactly(wanted: Any):
    def read(value, path):
        if type(value) is not type(wanted) or value != wanted:
            raise _wrong(path, shown(wanted), value)
        return value

    return read


def _between(lowest, highest):
    def read(value, path):
        if type(value) is not int or not lowest <= value <= highest:
            raise _wrong(path, f"a whole number from {lowest} to {highest}", value)
        return value

    return read


def _one_of(choices: type[StrEnum]):
    expected = " or ".join(choices)

    def read(value, path):
        if not isinstance(value, str) or value not in choices.__members__.values():
            raise _wrong(path, expected, value)
        return choices(value)

    return read
