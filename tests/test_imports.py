"""A file written in: in one go, once, without trusting its ids, and undone in one go."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from habits import demo, exports, imports, leaders, ledger, lines, roster
from habits.book import whole_book
from habits.db import Base, db
from habits.imports import Choice, Choices
from habits.models import Answer, Commitment, Import, PastAnswer, Person
from habits.problems import Refused
from habits.trust.history import Pillar, Reply
from habits.trust.plan import Standing
from tests import cast
from tests.cast import TODAY
from tests.clock import MONDAY
from tests.importers import samples

NOT_UNDONE = {"imports", "writes", "fixed_days", "leaders"}


@pytest.fixture
def leader(app, dana):
    with app.app_context():
        yield roster.leaders()[0]


def bring(leader, data: bytes, choices: Choices | None = None) -> Import:
    row = imports.look(leader, data, "file", leader.timezone, TODAY, MONDAY)
    draft = imports.Draft.of_stored(row.draft)
    imports.write(leader, row, choices or imports.defaults(leader, draft), TODAY, MONDAY)
    db.session.commit()
    return row


def stored() -> dict:
    """All rows but those that an undone import may leave."""
    db.session.expire_all()
    return {
        table.name: sorted(map(repr, db.session.execute(select(table)).all()))
        for table in Base.metadata.sorted_tables
        if table.name not in NOT_UNDONE
    }


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def test_export_wipe_import_export_is_equal(app, clock, cleo):
    with app.app_context():
        demo.fill(clock())
        db.session.commit()
        dana = next(one for one in roster.leaders() if one.name == "Dana")
        before = exports.document(dana)
        balance = whole_book(dana, TODAY).state.balance
        leaders.delete(dana)
        db.session.commit()
        again = cast.leader("Someone", "UTC")
        bring(again, exports.to_bytes(before))
        assert exports.document(again) == before
        assert whole_book(again, TODAY).state.balance == balance
        assert ledger.verify(again, TODAY) == []


def test_every_section_comes_back(leader):
    bring(leader, samples.as_json(samples.KEPT))
    first = exports.document(leader)
    assert first["settings"]["theme"] == "dark"
    assert first["leader"] == samples.KEPT["leader"]
    assert len(first["settings"]["earlier"]) == 2
    for key in ("weeks", "repairs", "told_later", "before", "successors"):
        assert first[key], key
    second = cast.leader("Else", "UTC")
    bring(second, exports.to_bytes(first))
    assert exports.document(second) == first


@pytest.mark.parametrize("name", samples.EACH)
@pytest.mark.parametrize("counts", [False, True])
def test_the_same_file_twice_adds_nothing(leader, name, counts):
    data = samples.EACH[name]()
    bring(leader, data, Choices(counts=counts))
    first, rows = exports.document(leader), stored()
    bring(leader, data, Choices(counts=counts))
    assert exports.document(leader) == first
    assert stored() == rows
    assert ledger.verify(leader, TODAY) == []


@pytest.mark.parametrize("name", samples.EACH)
@pytest.mark.parametrize("counts", [False, True])
def test_an_undo_leaves_nothing(leader, name, counts):
    promise = cast.promise(leader, person_id=cast.person(leader, "Maria").id)
    before, settings = stored(), exports.document(leader)
    row = bring(leader, samples.EACH[name](), Choices(counts=counts, settings=True))
    assert stored() != before
    imports.undo(leader, row, TODAY, MONDAY)
    db.session.commit()
    after = stored()
    for tables in (before, after):
        del tables["person_days"]  # folded anew whenever the past changes
    assert after == before
    assert exports.document(leader) == settings
    assert lines.find(leader, promise.id)


def test_history_that_does_not_count_is_shown_and_moves_nothing(leader):
    bring(leader, samples.loop_csv())
    book = whole_book(leader, TODAY)
    assert book.state.balance == 50
    assert all(one.standing is not Standing.SILENT for day in book.days for one in day.promises)
    assert {row.picked_on for row in book.commitments.values() if not row.retired_on} == {TODAY}
    assert count(PastAnswer) == 3 + 1 + 4 + 1
    before = exports.document(leader)["before"]
    assert len(before["answers"]) == 9


def test_answers_that_were_changed_later_do_not_count_in_their_place(leader):
    bring(leader, samples.as_json(samples.KEPT), Choices(counts=False))
    document = exports.document(leader)
    assert [one["answer"] for one in document["answers"] if one["date"] < "2026-11-16"] == []
    again = cast.leader("Else", "UTC")
    bring(again, exports.to_bytes(document), Choices(counts=True, settings=True))
    assert exports.document(again) == document


def test_history_that_counts_has_no_silence(leader):
    bring(leader, samples.loop_csv(), Choices(counts=True))
    book = whole_book(leader, TODAY)
    promises = [one for day in book.days for one in day.promises if day.date < TODAY]
    assert len(promises) > 200
    assert all(one.standing not in (Standing.SILENT, Standing.OPEN) for one in promises)
    assert sum(one.standing is Standing.KEPT for one in promises) == 4
    assert book.state.balance != 50
    assert ledger.verify(leader, TODAY) == []


def test_a_mark_on_a_day_without_a_promise_is_shown_though_it_cannot_count(leader):
    habit = samples.HABIT_TROVE["habits"][0]
    saturday = habit | {"completions": ["2026-11-20T08:00:00Z", "2026-11-21T08:00:00Z"]}
    row = bring(leader, samples.as_json({"habits": [saturday]}), Choices(counts=True))
    past = list(db.session.scalars(select(PastAnswer)))
    assert [(one.date.day, one.reply) for one in past] == [(21, Reply.KEPT)]
    assert ledger.verify(leader, TODAY) == []
    imports.undo(leader, row, TODAY, MONDAY)
    assert count(PastAnswer) == 0


def test_more_than_five_a_day_come_retired(leader):
    habits = [{"name": f"Habit {n}", "records": [{"day": "2026-11-20", "done": True}]}
              for n in range(6)]  # fmt: skip
    for counts in (False, True):
        bring(leader, samples.as_json({"habits": habits}), Choices(counts=counts))
        rows = list(db.session.scalars(select(Commitment)))
        assert len(rows) == 6
        assert all(row.retired_on < TODAY for row in rows)
        assert not [one for one in whole_book(leader, TODAY).days[-1:] if one.promises]
        imports.undo(leader, imports.of(leader)[0], TODAY, MONDAY)
        db.session.commit()


def test_what_the_leader_chose_is_done(leader):
    choices = Choices(
        of={"c0": Choice(pillar=Pillar.CHARACTER, intention="so that …"), "c1": Choice(False)}
    )
    bring(leader, samples.loop_csv(), choices)
    rows = {row.title: row for row in db.session.scalars(select(Commitment))}
    assert rows["Listen first"].pillar is Pillar.CHARACTER
    assert rows["Listen first"].intention == "so that …"
    assert rows["Read"].pillar is Pillar.COMPETENCY
    assert "Call, then write" not in rows


def test_a_later_file_adds_only_what_is_new(leader):
    bring(leader, samples.loop_db())
    habits = samples.LOOP_HABITS.replace("Listen first", "Start on time")
    marks = "Date,Value,Notes\n2026-03-06,NO,\n2026-03-05,NO,\n"
    bring(leader, samples.zipped({"Habits.csv": habits, "001 S/Checkmarks.csv": marks}))
    row = db.session.scalar(select(Commitment).where(Commitment.title == "Start on time"))
    found = db.session.scalars(select(PastAnswer).where(PastAnswer.commitment_id == row.id))
    assert sorted((one.date.day, one.reply.value) for one in found) == [
        (3, "released"), (4, "broken"), (5, "kept"), (6, "broken"),
    ]  # fmt: skip


def test_answers_that_are_left_out_are_not_in_the_figures_either(leader):
    document = json.loads(samples.as_json(samples.KEPT))
    before_it, off, ahead = "2026-11-01", "2026-11-05", "2026-11-24"
    for name, day in [("x", before_it), ("x", off), ("y", ahead)]:
        document["answers"].append({"commitment": name, "date": day, "answer": "kept"})
    file = samples.as_json(document)
    row = imports.look(leader, file, "file", leader.timezone, TODAY, MONDAY)
    draft = imports.Draft.of_stored(row.draft)
    seen = {one.id: (one.kept, str(one.last)) for one in imports.seen(leader, draft, TODAY)}
    assert seen["x"] == (1, "2026-11-11")
    assert seen["y"] == (0, "2026-11-18")
    bring(leader, file, Choices(counts=False))
    days = {str(day) for day in db.session.scalars(select(PastAnswer.date))}
    assert "2026-11-11" in days
    assert not days & {before_it, off, ahead}


def test_a_later_file_fills_the_days_that_the_first_left_empty(leader):
    def bring_days(*days):
        records = [{"day": f"2026-11-{day}", "done": True} for day in days]
        file = samples.as_json({"habits": [{"name": "Listen first", "records": records}]})
        return bring(leader, file, Choices(counts=True))

    def said():
        answers = exports.document(leader)["answers"]
        return {answer["date"][-2:]: answer["answer"] for answer in answers}

    bring_days(18, 19)
    before = said()
    assert before == dict.fromkeys(["18", "19"], "kept") | dict.fromkeys(
        ["20", "21", "22"], "released"
    )
    later = bring_days(18, 19, 21)
    assert said() == before | {"21": "kept"}
    imports.undo(leader, later, TODAY, MONDAY)
    db.session.commit()
    assert said() == before


def test_ids_and_owners_in_a_file_are_not_trusted(dana, cleo, leader):
    theirs = cast.promise(cleo, "Cleo's own")
    document = json.loads(samples.as_json(samples.KEPT).replace(b'"x"', f'"{theirs.id}"'.encode()))
    document["leader"]["name"] = "Cleo"
    bring(leader, samples.as_json(document), Choices(counts=True))
    assert leader.name == "Dana"
    rows = list(db.session.scalars(select(Commitment).where(Commitment.leader_id == cleo.id)))
    assert [row.title for row in rows] == ["Cleo's own"]
    assert count(Answer) == db.session.scalar(
        select(func.count()).select_from(Answer).where(Answer.leader_id == leader.id)
    )


def test_an_import_that_was_lived_with_stays(leader):
    row = bring(leader, samples.loop_db())
    standing = db.session.scalar(select(Commitment).where(Commitment.retired_on.is_(None)))
    said = ledger.Said(standing.id, TODAY, Reply.KEPT, "my-own-key", MONDAY)
    ledger.record(leader, said, TODAY, MONDAY)
    db.session.commit()
    with pytest.raises(Refused):
        imports.undo(leader, row, TODAY, MONDAY)
    assert count(Answer) > 0


def test_what_was_looked_at_stores_no_history(leader):
    imports.look(leader, samples.loop_csv(), "a", "UTC", TODAY, MONDAY)
    imports.look(leader, samples.loop_db(), "b", "UTC", TODAY, MONDAY)
    db.session.commit()
    assert count(Import) == 1
    assert count(Commitment) == count(Person) == count(PastAnswer) == 0


def test_more_history_than_can_count_is_refused(leader):
    habits = [{"name": f"Habit {n}", "records": [{"day": "2001-01-01", "done": True}]}
              for n in range(40)]  # fmt: skip
    with pytest.raises(Refused) as caught:
        bring(leader, samples.as_json({"habits": habits}), Choices(counts=True))
    assert caught.value.field == "counts"
    db.session.rollback()
    assert count(Commitment) == 0


def test_time_off_over_answered_days_is_put_aside(leader):
    promise = cast.promise(leader)
    day = TODAY - timedelta(days=3)
    ledger.record(leader, ledger.Said(promise.id, day, Reply.KEPT, "mine", MONDAY), TODAY, MONDAY)
    off = {"first": day.isoformat(), "last": TODAY.isoformat()}
    bring(leader, samples.as_json(samples.KEPT | {"time_off": [off]}), Choices(counts=True))
    document = exports.document(leader)
    assert document["time_off"] == []
    assert document["before"]["time_off"] == [off]
    assert len(document["answers"]) == 4
