"""kept-history: Kept's own file, read as strictly as `kept replay` does, with all its sections."""

from collections import Counter
from collections.abc import Sized
from datetime import date, timedelta

from habits import likeness
from habits.archive import parse
from habits.documents import N_, HistoryError, shown
from habits.importers.drafts import (
    EARLIEST,
    INTENTION,
    MOST_COMMITMENTS,
    MOST_RECORDS,
    NOTE,
    TITLE,
    Circumstances,
    Draft,
    Remark,
    Said,
    too_many_records,
)
from habits.models.leaders import NAME_LENGTH
from habits.sections import SECTIONS, questions, settings
from habits.sections.shapes import Known, an_instant

SOURCE = "kept-history"
FURTHEST = timedelta(days=400)  # ahead of today
INSTANTS = {"answers": "answered_at", "lapses": "recorded_at", "time_off": "declared_at"}
LISTS = ("commitments", "answers", "lapses", "time_off")
MOST = {"lapses": 5_000, "time_off": 1_000}  # each is slow to write in, and ten years have fewer
MOST_PEOPLE = 1_000  # each has an account to fold
PASSED_OVER = ("questions", "announced", "reminders", "pulses")
LOCALE_LENGTH = 16


def read(document: dict, around: Circumstances) -> Draft:
    """The document, checked to the last field. HistoryError names what is wrong."""
    parsed = parse(document)
    for name in LISTS:
        document.setdefault(name, [])
    _check_bounds(document, around.today)
    known = Known(frozenset(one["id"] for one in document["commitments"]), len(document["lapses"]))
    for section in SECTIONS:
        if document.get(section.KEY) is not None:
            section.read(document[section.KEY], section.KEY, known)
    _few(_people(document), MOST_PEOPLE, "people")
    keys = {section.KEY for section in SECTIONS}
    missed = [key for key in PASSED_OVER if document.get(key) and key not in keys]
    draft = Draft(SOURCE, document, _origins(document))
    draft.remarks = [Remark(Said.PASSED_OVER, "", key) for key in missed]
    lost = {(stray.answer.commitment, stray.answer.date.isoformat()) for stray in parsed.strays}
    document["answers"] = [
        one for one in document["answers"] if (one["commitment"], one["date"]) not in lost
    ]
    for stray in parsed.strays:
        remarks = draft.of.setdefault(stray.answer.commitment, [])
        remarks.append(Remark(Said.STRAY, "", stray.answer.date.isoformat()))
    ahead = Counter(one.commitment for one in parsed.history.answers if one.date > around.today)
    for name, count in ahead.items():
        draft.of.setdefault(name, []).append(Remark(Said.AHEAD, "", str(count)))
    return draft


def is_one(document: dict) -> bool:
    """Whether a document says that it is one."""
    return document.get("format") == SOURCE


def _origins(document: dict) -> dict[str, list[str]]:
    seen: dict[str, int] = {}
    found = {}
    for one in document["commitments"]:
        first = likeness.origin(one, 1)
        seen[first] = seen.get(first, 0) + 1
        found[one["id"]] = [likeness.origin(one, seen[first])]
    return found


def _check_bounds(document: dict, today: date) -> None:
    """What the format allows and a database or a leader's patience does not."""
    if len(document["commitments"]) > MOST_COMMITMENTS:
        raise HistoryError(N_("commitments: more than %(count)s", count=MOST_COMMITMENTS))
    if sum(len(document[name]) for name in LISTS) > MOST_RECORDS:
        raise too_many_records()
    for name, most in MOST.items():
        _few(document[name], most, name)
    for place, one in enumerate(document["commitments"]):
        _check_commitment(one, f"commitments[{place}]", today)
    for name, key in INSTANTS.items():
        for place, one in enumerate(document[name]):
            at = f"{name}[{place}]"
            if one.get(key) is not None:
                an_instant(one[key], f"{at}.{key}")
            _short(one.get("note"), NOTE, f"{at}.note")
            _short(one.get("person"), NAME_LENGTH, f"{at}.person")
            for day in ("date", "first", "last"):
                _near(one.get(day), f"{at}.{day}", today)
    _short(document["leader"].get("name"), NAME_LENGTH, "leader.name")
    _short(document["leader"].get("locale"), LOCALE_LENGTH, "leader.locale")


def _few(found: Sized, most: int, where: str) -> None:
    if len(found) > most:
        raise HistoryError(N_("%(where)s: more than %(count)s", where=where, count=most))


def _people(document: dict) -> set[str]:
    named = (*document["commitments"], *document["lapses"], *(document.get(questions.KEY) or ()))
    listed = (document.get(settings.KEY) or {}).get("people") or ()
    return {one["person"] for one in named if one.get("person")} | set(listed)


def _check_commitment(one: dict, path: str, today: date) -> None:
    if not (one.get("title") or "").strip():
        raise HistoryError(N_("%(where)s: is missing", where=f"{path}.title"))
    for key, longest in (("title", TITLE), ("intention", INTENTION), ("person", NAME_LENGTH)):
        _short(one.get(key), longest, f"{path}.{key}")
    _near(one["picked_on"], f"{path}.picked_on", today)
    _near(one["cadence"].get("date"), f"{path}.cadence.date", today)


def _short(text: str | None, longest: int, path: str) -> None:
    if text is not None and len(text) > longest:
        said = {"where": path, "count": longest, "value": shown(text)}
        raise HistoryError(N_("%(where)s: more than %(count)s characters, %(value)s", **said))


def _near(text: str | None, path: str, today: date) -> None:
    """From 2000 on, and not much more than a year ahead."""
    if text is not None and not EARLIEST <= date.fromisoformat(text) <= today + FURTHEST:
        raise HistoryError(
            N_("%(where)s: %(day)s is not between 2000 and next year", where=path, day=text)
        )
