"""A history file is right, or refused in one line that names the field and the value."""

import copy
import json
import random
from datetime import date
from pathlib import Path

import pytest

from habits.archive import parse, read
from habits.documents import HistoryError, load
from habits.trust.history import Answer, Cadence, Lapse, Nature, Pillar, Reply, TimeOff

VECTORS = sorted((Path(__file__).parent / "vectors").glob("*.json"))
RIGHT = {
    "format": "kept-history",
    "version": 1,
    "trust_version": 1,
    "leader": {
        "name": "Dana",
        "timezone": "Europe/Berlin",
        "day_start": 3,
        "week_start": 7,
        "locale": "en",
    },
    "commitments": [
        {
            "id": "c0",
            "title": "I start every meeting on the minute",
            "pillar": "competency",
            "intention": "so that nobody waits for me",
            "person": "Ben",
            "cadence": {"kind": "weekdays", "days": [1, 2, 3, 4, 5]},
            "picked_on": "2026-01-05",
            "retired_on": "2026-03-01",
        },
        {
            "id": "c1",
            "pillar": "character",
            "cadence": {"kind": "per_week", "times": 3},
            "picked_on": "2026-01-05",
        },
    ],
    "answers": [
        {
            "commitment": "c0",
            "date": "2026-01-05",
            "answer": "broken",
            "nature": "mistake",
            "told": True,
            "note": "Train was late",
            "answered_at": "2026-01-05T18:02:11Z",
        },
        {"commitment": "c1", "date": "2026-01-05", "answer": "kept", "nature": None, "told": False},
    ],
    "lapses": [{"date": "2026-01-09", "nature": "choice", "told": False, "person": "Ben"}],
    "time_off": [{"first": "2026-02-02", "last": "2026-02-06"}],
}


def changed(path, value):
    """The right document with one field changed, added, or (with ...) left out."""
    document = copy.deepcopy(RIGHT)
    *way, last = path
    place = document
    for step in way:
        place = place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return document


def refusal(document):
    with pytest.raises(HistoryError) as caught:
        parse(document)
    line = str(caught.value)
    assert line.isprintable()
    assert len(line) < 250
    return line


def test_a_history_is_read():
    found = parse(RIGHT)
    assert (found.leader.name, found.leader.day_start, found.leader.week_start) == ("Dana", 3, 7)
    first, second = found.history.commitments
    assert (first.id, first.pillar, first.person) == ("c0", Pillar.COMPETENCY, "Ben")
    assert first.cadence == Cadence.weekdays(range(1, 6))
    assert (first.picked_on, first.retired_on) == (date(2026, 1, 5), date(2026, 3, 1))
    assert (second.cadence, second.person, second.title) == (Cadence.per_week(3), None, "")
    assert found.history.answers == (
        Answer("c0", date(2026, 1, 5), Reply.BROKEN, Nature.MISTAKE, True),
        Answer("c1", date(2026, 1, 5), Reply.KEPT),
    )
    assert found.history.lapses == (Lapse(date(2026, 1, 9), Nature.CHOICE, False, "Ben"),)
    assert found.history.time_off == (TimeOff(date(2026, 2, 2), date(2026, 2, 6)),)
    assert found.strays == ()


def test_a_missing_optional_key_means_null_or_nothing():
    bare = {"format": "kept-history", "version": 1, "leader": {"week_start": 1}}
    found = parse(bare)
    assert found.leader.timezone is None
    assert found.history.commitments == found.history.answers == found.history.lapses == ()
    assert parse(changed(["trust_version"], None)) == parse(changed(["trust_version"], ...))


@pytest.mark.parametrize(
    "key",
    ["before", "successors", "told_later", "weeks", "questions", "announced", "repairs"]
    + ["reminders", "pulses", "settings"],
)
def test_what_export_adds_is_passed_over(key):
    assert parse({**RIGHT, key: [{"any": "thing"}]}) == parse(RIGHT)


def test_instants_are_never_read():
    other = changed(["answers", 0, "answered_at"], "2026-01-12T23:59:59Z")
    other["lapses"][0]["recorded_at"] = None
    other["time_off"][0]["declared_at"] = "2026-01-30T09:00:00Z"
    assert parse(other) == parse(RIGHT)


def test_an_answer_that_cannot_be_due_is_left_out_and_named():
    extra = {"commitment": "c0", "date": "2026-01-10", "answer": "broken"}  # a Saturday
    found = parse({**RIGHT, "answers": [*RIGHT["answers"], extra]})
    assert found.history == parse(RIGHT).history
    assert [str(stray) for stray in found.strays] == [
        'answers[2].date: "c0" cannot be due on 2026-01-10; the answer is left out'
    ]


@pytest.mark.parametrize(
    ("path", "value", "parts"),
    [
        (["format"], "kept", ["format", '"kept"']),
        (["format"], ..., ["format", "missing"]),
        (["version"], 2, ["version", "2"]),
        (["version"], True, ["version", "true"]),
        (["version"], 1.0, ["version", "1.0"]),
        (["trust_version"], 2, ["trust_version", "2"]),
        (["extra"], 1, ["extra"]),
        (["leader"], ..., ["leader", "missing"]),
        (["leader"], None, ["leader", "null"]),
        (["leader"], [], ["leader", "a list"]),
        (["leader", "week_start"], ..., ["leader.week_start", "missing"]),
        (["leader", "week_start"], 0, ["leader.week_start", "0"]),
        (["leader", "week_start"], True, ["leader.week_start", "true"]),
        (["leader", "week_start"], "1", ["leader.week_start", '"1"']),
        (["leader", "day_start"], 7, ["leader.day_start", "7"]),
        (["leader", "timezone"], "Mars/Olympus", ["leader.timezone", "Mars/Olympus"]),
        (["leader", "born"], 1990, ["leader", "born"]),
        (["commitments"], None, ["commitments", "null"]),
        (["commitments"], {}, ["commitments", "an object"]),
        (["commitments", 0], "c0", ["commitments[0]", '"c0"']),
        (["commitments", 0, "id"], 7, ["commitments[0].id", "7"]),
        (["commitments", 0, "id"], ..., ["commitments[0].id", "missing"]),
        (["commitments", 0, "pillar"], "charm", ["commitments[0].pillar", '"charm"']),
        (["commitments", 0, "pillar"], None, ["commitments[0].pillar", "null"]),
        (["commitments", 0, "pillar"], ["character"], ["commitments[0].pillar", "a list"]),
        (["commitments", 0, "title"], 5, ["commitments[0].title", "5"]),
        (["commitments", 0, "person"], 5, ["commitments[0].person", "5"]),
        (["commitments", 0, "person"], "\ud800", ["commitments[0].person"]),
        (["commitments", 0, "intention"], "a\0b", ["commitments[0].intention", "NUL"]),
        (["commitments", 0, "retired"], "2026-02-01", ["commitments[0]", "retired"]),
        (["commitments", 0, "picked_on"], "2026-02-30", ["picked_on", '"2026-02-30"']),
        (["commitments", 0, "picked_on"], "20260105", ["picked_on", '"20260105"']),
        (["commitments", 0, "picked_on"], "2026-W02-1", ["picked_on", "2026-W02-1"]),
        (["commitments", 0, "picked_on"], "2026-01-05\n", ["picked_on", "2026-01-05\\n"]),
        (["commitments", 0, "picked_on"], "0000-01-05", ["picked_on", "0000-01-05"]),
        (["commitments", 0, "picked_on"], 20260105, ["picked_on", "20260105"]),
        (["commitments", 0, "picked_on"], ..., ["commitments[0].picked_on", "missing"]),
        (["commitments", 0, "retired_on"], "2026-01-04", ["retired_on", "2026-01-04", "before"]),
        (["commitments", 0, "cadence"], "daily", ["commitments[0].cadence", '"daily"']),
        (["commitments", 0, "cadence", "kind"], "monthly", ["cadence.kind", '"monthly"']),
        (["commitments", 0, "cadence", "days"], [], ["cadence.days", "empty"]),
        (["commitments", 0, "cadence", "days"], [0], ["cadence.days[0]", "0"]),
        (["commitments", 0, "cadence", "days"], [1, 8], ["cadence.days[1]", "8"]),
        (["commitments", 0, "cadence", "days"], [1, 1], ["cadence.days[1]", "1", "twice"]),
        (["commitments", 0, "cadence", "days"], [1.0], ["cadence.days[0]", "1.0"]),
        (["commitments", 0, "cadence", "times"], 2, ["cadence.times", "2"]),
        (["commitments", 0, "cadence", "every"], 2, ["cadence", "every"]),
        (["commitments", 1, "cadence", "times"], 7, ["commitments[1].cadence.times", "7"]),
        (["commitments", 1, "cadence", "times"], 0, ["commitments[1].cadence.times", "0"]),
        (["commitments", 1, "cadence", "times"], True, ["commitments[1].cadence.times", "true"]),
        (["commitments", 1, "cadence", "times"], 10**400, ["cadence.times", "very large"]),
        (["commitments", 1, "id"], "c0", ["commitments[1].id", '"c0"', "twice"]),
        (["commitments", 1, "cadence"], {"kind": "once"}, ["cadence.date", "missing"]),
        (["answers", 0, "commitment"], "c9", ["answers[0].commitment", '"c9"']),
        (["answers", 0, "answer"], "yes", ["answers[0].answer", '"yes"']),
        (["answers", 0, "answer"], None, ["answers[0].answer", "null"]),
        (["answers", 0, "nature"], "crime", ["answers[0].nature", '"crime"']),
        (["answers", 0, "told"], "yes", ["answers[0].told", '"yes"']),
        (["answers", 0, "told"], 1, ["answers[0].told", "1"]),
        (["answers", 0, "note"], 1, ["answers[0].note", "1"]),
        (["answers", 0, "date"], "2026-1-5", ["answers[0].date", '"2026-1-5"']),
        (["answers", 0, "key"], "k", ["answers[0]", "key"]),
        (["answers", 1, "nature"], "mistake", ["answers[1].nature", '"mistake"', "kept"]),
        (["answers", 1, "told"], True, ["answers[1].told", "true", "kept"]),
        (["answers", 1], RIGHT["answers"][0], ["answers[1].date", '"c0"', "2026-01-05"]),
        (["lapses", 0, "nature"], ..., ["lapses[0].nature", "missing"]),
        (["lapses", 0, "nature"], None, ["lapses[0].nature", "null"]),
        (["lapses", 0, "date"], "2026-13-01", ["lapses[0].date", '"2026-13-01"']),
        (["time_off", 0, "last"], "2026-02-01", ["time_off[0].last", "2026-02-01", "before"]),
        (["time_off", 0, "last"], None, ["time_off[0].last", "null"]),
    ],
)
def test_what_is_wrong_is_named_with_its_value(path, value, parts):
    line = refusal(changed(path, value))
    for part in parts:
        assert part in line


def test_a_long_or_hostile_value_is_shown_short_and_printable():
    line = refusal(changed(["commitments", 0, "pillar"], "\x1b[31m\u202e\n\ud800" + "x" * 100_000))
    assert line.startswith("commitments[0].pillar: ")
    assert line.encode()


@pytest.mark.parametrize("document", [None, [], "history", 1, True, {}])
def test_what_is_no_history_at_all_is_refused(document):
    refusal(document)


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"", "no JSON at line 1"),
        (b"{", "no JSON"),
        (b"\xff\xfe{\0", "not UTF-8"),
        (b'{"format": NaN}', "NaN"),
        (b'{"a": -Infinity}', "-Infinity"),
        (b'{"version": ' + b"1" * 5000 + b"}", "digits"),
        (b"[" * 100_000, "deep"),
        (b'{"settings":' + b'{"a":' * 100_000, "deep"),
        (b'{"version": 1, "version": 2}', '"version"'),
    ],
)
def test_what_is_no_json_is_refused(data, part):
    with pytest.raises(HistoryError) as caught:
        load(data)
    assert part in str(caught.value)
    assert str(caught.value).isprintable()


def test_a_byte_order_mark_is_no_fault():
    assert read(b"\xef\xbb\xbf" + json.dumps(RIGHT).encode()) == parse(RIGHT)


def test_no_mutation_of_a_history_breaks_the_reader():
    chance = random.Random(1)
    wrong = [None, True, -1, 10**30, 1.5, "", "x", "2026-02-30", [], {}, [[]], "\ud800", "\0"]
    for path in VECTORS[::4]:
        document = json.loads(path.read_bytes())
        for _ in range(150):
            spoiled = copy.deepcopy(document)
            _spoil(spoiled, chance, wrong)
            try:
                parse(spoiled)
            except HistoryError as problem:
                assert str(problem).isprintable()  # noqa: PT017


def _spoil(place, chance, wrong):
    key = chance.choice(list(place) if isinstance(place, dict) else range(len(place)))
    value = place[key]
    if isinstance(value, dict | list) and value and chance.random() < 0.9:
        _spoil(value, chance, wrong)
    elif isinstance(place, dict) and chance.random() < 0.2:
        del place[key]
    else:
        place[key] = chance.choice(wrong)
