"""Each person's account: what kept replay says, and as fast after ten years as after one."""

import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from habits import archive, dealings, demo, exports, ledger, lines, people, person_days, questions
from habits.book import whole_book
from habits.cli.replay import replay
from habits.db import db
from habits.models import Answer, Commitment, Lapse, Leader, Person, PersonDay, TimeOff
from habits.trust.history import CadenceKind
from habits.trust.plan import Standing
from tests import cast, databases
from tests.bench import record
from tests.cast import TODAY
from tests.clock import MONDAY
from tests.statements import count_statements

VECTORS = Path(__file__).parent / "vectors"
PERSONAL = sorted(VECTORS.glob("*.*.Ana.csv"))


def stored(history, leader) -> dict[str, Person]:
    """Write a history as this leader's rows; returns its people by name."""
    leader.week_start = history.week_start
    names = {c.person for c in history.commitments} | {x.person for x in history.lapses}
    found = {name: cast.person(leader, name) for name in names if name}
    ids = {}
    for one in history.commitments:
        cadence = one.cadence
        row = Commitment(
            leader_id=leader.id,
            title=one.title or str(one.id),
            intention=one.intention,
            pillar=one.pillar,
            person_id=found[one.person].id if one.person else None,
            kind=cadence.kind,
            weekdays=sorted(cadence.days) or None,
            times=cadence.times,
            once_on=cadence.date,
            picked_on=one.picked_on,
            retired_on=one.retired_on,
            created_at=MONDAY,
        )
        db.session.add(row)
        db.session.flush()
        ids[one.id] = row.id
    mine = {"leader_id": leader.id}
    for number, said in enumerate(history.answers):
        db.session.add(
            Answer(
                **mine,
                commitment_id=ids[said.commitment],
                date=said.date,
                reply=said.reply,
                nature=said.nature,
                told=said.told,
                key=f"answer-{number:06}",
                answered_at=MONDAY,
                recorded_at=MONDAY,
            )
        )
    for one in history.lapses:
        whom = found[one.person].id if one.person else None
        db.session.add(
            Lapse(
                **mine,
                date=one.date,
                nature=one.nature,
                told=one.told,
                person_id=whom,
                recorded_at=MONDAY,
            )
        )
    for one in history.time_off:
        db.session.add(TimeOff(**mine, first=one.first, last=one.last, declared_at=MONDAY))
    db.session.flush()
    return found


def replayed(csv: Path) -> list[str]:
    """The lines of `kept replay --person` for the history of this vector."""
    name, today, person, _csv = csv.name.split(".")
    words = [str(VECTORS / f"{name}.json"), "--today", today, "--person", person]
    done = CliRunner().invoke(replay, words)
    assert done.exit_code == 0, done.output
    return done.stdout.splitlines()[1:]


def shown(days) -> list[str]:
    return [
        ",".join(
            [
                str(day.date),
                *map(repr, (day.state.character, day.state.competency, day.state.balance)),
                str(day.state.streak),
            ]
        )
        for day in days
    ]


@pytest.mark.parametrize("csv", PERSONAL, ids=lambda csv: csv.name)
def test_a_persons_account_is_what_replay_says_folded_whole_and_resumed(app, dana, csv):
    name, last, person, _csv = csv.name.split(".")
    today = date.fromisoformat(last)
    parsed = archive.read((VECTORS / f"{name}.json").read_bytes())
    with app.app_context():
        leader = db.session.get(Leader, dana.id)
        ana = stored(parsed.history.until(today), leader).get(person)
        expected = replayed(csv)
        if ana is None:
            assert expected == []
            return
        whole, _book = dealings.with_person(leader, ana, today)
        assert shown(whole.days) == expected
        ledger.refold(leader, today)
        assert db.session.query(PersonDay).filter_by(person_id=ana.id).count() == (
            1 if len(expected) > 8 else 0
        )
        resumed, _book = dealings.with_person(leader, ana, today)
        assert shown(resumed.days) == expected[len(expected) - len(resumed.days) :]
        for standing in Standing:
            assert resumed.count(standing) == whole.count(standing)


@pytest.mark.parametrize("name", ["Ben", "Maria"])
def test_in_the_demo_a_persons_account_is_what_replay_says_of_the_export(app, tmp_path, name):
    file = tmp_path / "dana.json"
    with app.app_context():
        dana, _cleo = demo.fill(MONDAY)
        file.write_bytes(exports.to_bytes(exports.document(dana)))
        (found,) = [one for one in dealings.of(dana, TODAY)[0] if one.person.name == name]
        done = CliRunner().invoke(replay, [str(file), "--today", str(TODAY), "--person", name])
        expected = done.stdout.splitlines()[1:]
        assert len(expected) > 100
        assert shown(found.days) == expected[-len(found.days) :]


@pytest.fixture
def leader(app, dana):
    with app.app_context():
        yield db.session.get(Leader, dana.id)


def years(number: int) -> Leader:
    """Dana with three people who were promised something for so many years."""
    dana = record.fill(MONDAY, number * 365)
    promised = db.session.query(Commitment).filter_by(leader_id=dana.id).all()
    for name, row in zip(("Maria", "Jonas"), promised[1:], strict=False):
        row.person_id = cast.person(dana, name).id
    db.session.commit()
    ledger.refold(dana, TODAY)
    db.session.commit()
    return dana


@databases.on_sqlite  # the statements are the same, and ten years are long to write
def test_the_page_of_people_reads_no_more_after_ten_years(app):
    counted, spent = [], []
    for number in (1, 10):
        with app.app_context():
            db.session.query(Person).delete()
            dana = years(number)
            with count_statements() as seen:
                found, _book = dealings.of(dana, TODAY)
            counted.append(len(seen))
            assert [len(one.days) < 90 for one in found] == [True] * 3
            before = time.process_time()
            dealings.of(dana, TODAY)
            spent.append(time.process_time() - before)
            whole = whole_book(dana, TODAY)
            for one in found:
                folded = list(person_days.days(whole, one.person.id, person_days.Since()))
                assert one.balance == folded[-1].state.balance
    assert counted[0] == counted[1]
    assert spent[1] < 1.5 * spent[0] + 0.02


def test_what_is_stored_of_a_person_is_verified_with_the_rest(leader):
    ben = cast.person(leader)
    cast.promise(leader, person_id=ben.id, picked_on=TODAY - timedelta(days=20))
    ledger.refold(leader, TODAY)
    assert ledger.verify(leader, TODAY) == []
    row = db.session.get(PersonDay, ben.id)
    row.state = row.state | {"character": 99.0}
    db.session.flush()
    assert ledger.verify(leader, TODAY) == [row.date]


def test_a_tap_leaves_peoples_rows_to_other_writes_which_move_them_on(leader):
    ben = cast.person(leader)
    row = cast.promise(leader, person_id=ben.id, picked_on=TODAY - timedelta(days=20))
    ledger.refold(leader, TODAY)
    assert settled_up_to(ben) == TODAY - timedelta(days=8)
    for ahead in (30, 40, 80):
        today = TODAY + timedelta(days=ahead)
        said = ledger.Said(row.id, today, ledger.trust.Reply.KEPT, f"key-{ahead:06}", MONDAY)
        ledger.record(leader, said, today, MONDAY + timedelta(days=ahead))
        assert settled_up_to(ben) == TODAY - timedelta(days=8)
        person_days.settle_late(leader, today)
        moved = today - timedelta(days=8) if ahead == 80 else TODAY - timedelta(days=8)
        assert settled_up_to(ben) == moved
        assert ledger.verify(leader, today) == []


def test_a_name_without_promises_for_long_holds_no_page_up(leader):
    ben = cast.person(leader)
    ended = TODAY - timedelta(days=90)
    cast.promise(leader, person_id=ben.id, picked_on=ended - timedelta(days=9), retired_on=ended)
    before = dealings.with_person(leader, ben, TODAY)[0]
    person_days.settle_late(leader, TODAY)
    assert settled_up_to(ben) == TODAY - timedelta(days=8)
    after = dealings.with_person(leader, ben, TODAY)[0]
    assert (after.balance, after.count(Standing.SILENT)) == (before.balance, 10)


@pytest.mark.parametrize(("back", "stands"), [(0, True), (1, False), (60, False)])
def test_a_one_time_promise_stands_until_its_day_is_over(leader, back, stands):
    """One that was imported may bear no other end than its date."""
    ben, day = cast.person(leader), TODAY - timedelta(days=back)
    once = {"kind": CadenceKind.ONCE, "once_on": day, "picked_on": day}
    row = cast.promise(leader, person_id=ben.id, **once)
    found, _book = dealings.with_person(leader, ben, TODAY)
    assert found.standing == ((row,) if stands else ())
    assert lines.find(leader, row.id).holds(TODAY) is stands
    assert len(questions.conversation(leader, TODAY)) == (back < 28)


def settled_up_to(person) -> date:
    return db.session.get(PersonDay, person.id, populate_existing=True).date


def test_a_merger_makes_one_account_of_two_and_can_be_taken_back(leader):
    ben, benjamin = cast.person(leader), cast.person(leader, "Benjamin")
    for person, title in ((ben, "I listen"), (benjamin, "I am on time")):
        cast.promise(leader, title, person_id=person.id, picked_on=TODAY - timedelta(days=20))
    ledger.refold(leader, TODAY)
    apart = {one.person.name: one.balance for one in dealings.of(leader, TODAY)[0]}
    parting = people.merge(leader, benjamin, ben, MONDAY)
    ((joined,), _book) = dealings.of(leader, TODAY)
    history = whole_book(leader, TODAY).history.for_person(ben.id)
    assert len(history.commitments) == 2
    assert joined.balance != apart["Ben"]
    people.put_back(leader, parting, "Benjamin", MONDAY)
    assert {one.person.name: one.balance for one in dealings.of(leader, TODAY)[0]} == apart


def test_a_removal_leaves_the_promises_and_no_name_and_can_be_taken_back(leader):
    ben = cast.person(leader)
    row = cast.promise(leader, person_id=ben.id, picked_on=TODAY - timedelta(days=20))
    ledger.refold(leader, TODAY)
    ((before,), _book) = dealings.of(leader, TODAY)
    parting = people.remove(leader, ben, MONDAY)
    assert people.of(leader) == []
    db.session.refresh(row)
    assert row.person_id is None
    assert ledger.verify(leader, TODAY) == []
    people.put_back(leader, parting, "Ben", MONDAY)
    ((after,), _book) = dealings.of(leader, TODAY)
    assert (after.balance, after.person.name) == (before.balance, "Ben")
