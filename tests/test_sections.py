"""People, what they were told and asked, reminders and pulses: out, in again, and undone."""

from datetime import time, timedelta

import pytest

from habits import exports, imports, leaders, pulses, questions, reminders, roster
from habits.db import db
from habits.imports import Choices
from habits.models.people import Heard
from habits.models.reminders import Kind
from habits.reminders import Wish
from habits.trust.pulse import OPEN_FOR
from tests import cast
from tests.cast import TODAY
from tests.clock import MONDAY
from tests.importers import samples
from tests.test_imports import bring, stored

SECRET = "a secret that only tests know: 0123456789"
SECTIONS = ("announced", "questions", "reminders", "pulses", "settings")
OPENED = MONDAY - OPEN_FOR - timedelta(days=1)


@pytest.fixture
def leader(app, dana):
    with app.app_context():
        yield roster.leaders()[0]


@pytest.fixture
def led(leader):
    """Dana with people who were told, asked and invited, and with reminders."""
    ben, maria = cast.person(leader), cast.person(leader, "Maria")
    told = cast.promise(leader, "I ask before I advise", person_id=ben.id)
    told.announced_on = TODAY - timedelta(days=9)
    cast.promise(leader, "I call back the same day", person_id=maria.id)
    questions.note(leader, told.id, Heard.PARTLY, "Not on Mondays.", TODAY, MONDAY)
    asked = questions.note(leader, told.id, Heard.SEEN, None, TODAY, MONDAY - timedelta(hours=1))
    questions.withdraw(
        questions.note(leader, told.id, Heard.NOT_YET, "A slip.", TODAY, MONDAY), MONDAY
    )
    asked.person_id = None  # they were removed since
    leader.reminder_titles = True
    reminders.save(
        leader,
        [
            Wish(Kind.MORNING, False, time(6, 45), [1, 3, 5]),
            Wish(Kind.EVENING, True, time(21, 15), [1, 2, 3, 4, 5, 6, 7]),
            Wish(Kind.WEEK, True, time(17), [6]),
        ],
        MONDAY,
    )
    publish(leader, "The night shift")
    db.session.commit()
    return leader


def publish(leader, group: str) -> None:
    """A round of eight that all answered, and that has closed."""
    row = pulses.open_round(leader, group, 8, SECRET, OPENED)
    for place, token in enumerate(pulses.tokens(row, SECRET)):
        pulses.answer(token, (4, 3, place % 5, 2, 4), SECRET, OPENED)
    pulses.settle(SECRET, MONDAY)


def test_it_comes_back_whole_after_everything_was_deleted(led):
    before = exports.document(led)
    assert [key for key in SECTIONS if not before.get(key)] == []
    assert len(before["questions"]) == 2
    assert before["pulses"][0]["items"]
    leaders.delete(led)
    db.session.commit()
    again = cast.leader("Someone", "UTC")
    bring(again, exports.to_bytes(before))
    assert exports.document(again) == before
    rows = reminders.stored(again)
    asked = {kind: row.due_at is not None for kind, row in rows.items()}
    assert asked == {Kind.MORNING: False, Kind.EVENING: True, Kind.WEEK: True}


def test_an_undo_takes_it_away_again(led):
    file = exports.to_bytes(exports.document(led))
    other = cast.leader("Else", "UTC")
    reminders.save(other, [Wish(Kind.MORNING, True, time(8), [2])], MONDAY)
    db.session.commit()
    settings, rows = exports.document(other), stored()
    row = bring(other, file)
    assert exports.document(other)["questions"]
    imports.undo(other, row, TODAY, MONDAY)
    db.session.commit()
    assert exports.document(other) == settings
    after = stored()
    for tables in (rows, after):
        del tables["person_days"], tables["reminders"]  # written anew with other ids
    assert after == rows


@pytest.mark.parametrize("counts", [False, True])
def test_a_leaders_own_file_adds_nothing_to_them(led, counts):
    bring(led, samples.as_json(samples.KEPT), Choices(counts=True))
    before, rows = exports.document(led), stored()
    bring(led, exports.to_bytes(before), Choices(counts=counts))
    assert exports.document(led) == before
    again = stored()
    for tables in (rows, again):
        del tables["origins"]  # a commitment may be known by one more name
    assert again == rows


def test_without_the_settings_no_reminder_is_changed(led):
    file = exports.to_bytes(exports.document(led))
    other = cast.leader("Else", "UTC")
    bring(other, file, Choices(counts=True, settings=False))
    assert not reminders.stored(other)
    assert "reminders" not in exports.document(other)


def test_nobody_elses_rows_are_touched(led):
    file = exports.to_bytes(exports.document(led))
    mine = exports.document(led)
    bring(cast.leader("Else", "UTC"), file)
    assert exports.document(led) == mine


@pytest.mark.parametrize(
    ("key", "value", "place"),
    [
        ("announced", [{"commitment": "none", "on": "2026-11-01"}], "announced[0].commitment"),
        ("announced", {}, "announced"),
        ("questions", [{"commitment": "x"}], "questions[0].date"),
        ("reminders", {"asked": [{"kind": "nudge"}]}, "reminders.asked[0].kind"),
        ("reminders", {"asked": [{"kind": "week", "enabled": True, "at": "25:00", "days": []}]},
         "reminders.asked[0].at"),
        ("pulses", [{"group": "x" * 200}], "pulses[0].group"),
        ("pulses", [{"group": "x", "votes": [1]}], "pulses[0].opened_at"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_it_is_named(leader, key, value, place):
    file = samples.as_json(samples.KEPT | {key: value})
    with pytest.raises(imports.importers.HistoryError, match=place.replace("[", r"\[")):
        imports.look(leader, file, "file", leader.timezone, TODAY, MONDAY)
