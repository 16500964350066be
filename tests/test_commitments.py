"""Commitments: five a day at most, and what is due changes from the next day on."""

import threading
from datetime import timedelta

import pytest

from habits import commitments, lines
from habits.commitments import Terms, Way
from habits.db import db
from habits.models import Answer, Commitment, Leader, TimeOff
from habits.problems import Refused, Unknown
from habits.trust.history import Cadence, CadenceKind, Pillar, Reply
from tests import cast
from tests.cast import TODAY
from tests.clock import MONDAY

TOMORROW = TODAY + timedelta(days=1)
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def leader(app, dana):
    with app.app_context():
        yield db.session.get(Leader, dana.id)


def terms(title="I call back", cadence=None, **changes):
    return Terms(
        title, **({"pillar": Pillar.CHARACTER} | changes), cadence=cadence or Cadence.daily()
    )


def pick(leader, title="I call back", cadence=None, today=TODAY, **changes):
    return commitments.pick(leader, terms(title, cadence, **changes), today, MONDAY)


def line(leader, row):
    return lines.find(leader, row.id)


def answer(leader, row, day=TODAY, reply=Reply.KEPT, note=None):
    db.session.add(
        Answer(
            leader_id=leader.id,
            commitment_id=row.id,
            date=day,
            reply=reply,
            note=note,
            key=f"key-{row.id}-{day}",
            answered_at=MONDAY,
            recorded_at=MONDAY,
        )
    )
    db.session.flush()


def test_a_pick_holds_from_today(leader):
    row = pick(leader, intention="so that nobody waits")
    assert (row.picked_on, row.retired_on, row.continues_id) == (TODAY, None, None)


def test_words_lose_stray_spaces_and_line_breaks(leader):
    assert pick(leader, "  I call\n back ").title == "I call back"


@pytest.mark.parametrize("title", ["", "   ", "x" * 121])
def test_a_title_that_says_nothing_or_too_much_is_refused_at_its_field(leader, title):
    with pytest.raises(Refused) as refused:
        pick(leader, title)
    assert refused.value.field == "title"


def test_a_sixth_on_one_day_is_refused(leader):
    for number in range(5):
        pick(leader, f"Number {number}")
    with pytest.raises(Refused, match="Five standing commitments"):
        pick(leader, "Number six")


def test_times_a_week_ones_count_on_every_day(leader):
    for number in range(5):
        pick(leader, f"Number {number}", Cadence.per_week(1))
    with pytest.raises(Refused):
        pick(leader, "Only Sundays", Cadence.weekdays({7}))


def test_a_sixth_on_other_days_is_welcome(leader):
    for number in range(5):
        pick(leader, f"Number {number}", Cadence.weekdays({1, 2, 3, 4, 5}))
    assert pick(leader, "At the weekend", Cadence.weekdays({6, 7}))
    with pytest.raises(Refused, match="Friday"):
        pick(leader, "On Friday", Cadence.weekdays({5}))


def test_promises_of_one_date_come_on_top(leader):
    for number in range(5):
        pick(leader, f"Number {number}")
    assert pick(leader, "Once", Cadence.once(TODAY))
    assert commitments.promise_once(leader, "A repair", Pillar.CHARACTER, None, TOMORROW, MONDAY)


def test_what_was_retired_today_still_takes_its_place_today(leader):
    rows = [pick(leader, f"Number {number}") for number in range(5)]
    commitments.retire(line(leader, rows[0]), TODAY)
    db.session.commit()
    with pytest.raises(Refused):
        pick(leader, "In its place")
    db.session.rollback()
    assert pick(leader, "In its place", today=TOMORROW)


def test_a_successor_of_tomorrow_is_counted(leader):
    rows = [pick(leader, f"Number {n}", Cadence.weekdays({1})) for n in range(5)]
    tuesdays = terms("Number 0", Cadence.weekdays({2}))
    commitments.edit(leader, line(leader, rows[0]), tuesdays, TODAY, MONDAY)
    for number in range(4):
        pick(leader, f"Tuesday {number}", Cadence.weekdays({2}))
    with pytest.raises(Refused, match="Tuesday"):
        pick(leader, "Tuesday 5", Cadence.weekdays({2}))


def test_an_edit_onto_a_full_day_is_refused(leader):
    for number in range(5):
        pick(leader, f"Number {number}", Cadence.weekdays({1}))
    row = pick(leader, "On Tuesdays", Cadence.weekdays({2}))
    with pytest.raises(Refused, match="Monday"):
        commitments.edit(leader, line(leader, row), terms(cadence=Cadence.daily()), TODAY, MONDAY)


def test_new_words_hold_at_once_and_need_no_successor(leader):
    row = pick(leader)
    held = commitments.edit(leader, line(leader, row), terms("I answer"), TODAY, MONDAY)
    assert held.id == row.id
    assert (row.title, row.retired_on) == ("I answer", None)


@pytest.mark.parametrize(
    "change",
    [{"pillar": Pillar.COMPETENCY}, {"cadence": Cadence.per_week(3)}, {"person_id": "ben"}],
    ids=["pillar", "cadence", "person"],
)
def test_other_changes_retire_it_today_and_pick_a_successor_tomorrow(leader, change):
    ben = cast.person(leader)
    change = {**change, **({"person_id": ben.id} if "person_id" in change else {})}
    row = pick(leader, today=YESTERDAY)
    made = commitments.edit(leader, line(leader, row), terms(**change), TODAY, MONDAY)
    assert made.id != row.id
    assert (row.retired_on, made.picked_on, made.continues_id) == (TODAY, TOMORROW, row.id)
    assert len(lines.of(leader)) == 1
    assert lines.of(leader)[0].picked_on == YESTERDAY


def test_a_second_change_on_the_same_day_makes_no_third_row(leader):
    row = pick(leader, today=YESTERDAY)
    weekly = terms(cadence=Cadence.per_week(3))
    made = commitments.edit(leader, line(leader, row), weekly, TODAY, MONDAY)
    again = terms(cadence=Cadence.per_week(2))
    assert commitments.edit(leader, line(leader, made), again, TODAY, MONDAY).id == made.id
    assert made.times == 2


def test_what_has_ended_changes_in_words_only(leader):
    row = pick(leader, today=YESTERDAY)
    commitments.retire(line(leader, row), TODAY)
    commitments.edit(leader, line(leader, row), terms("Other words"), TODAY, MONDAY)
    assert row.title == "Other words"
    with pytest.raises(Refused):
        commitments.edit(
            leader, line(leader, row), terms(cadence=Cadence.per_week(1)), TODAY, MONDAY
        )


def test_retiring_ends_it_with_today(leader):
    row = pick(leader, today=YESTERDAY)
    commitments.retire(line(leader, row), TODAY)
    assert row.retired_on == TODAY
    assert line(leader, row).is_ending(TODAY)


def test_retiring_what_begins_tomorrow_leaves_what_held_before(leader):
    row = pick(leader, today=YESTERDAY)
    made = commitments.edit(
        leader, line(leader, row), terms(cadence=Cadence.per_week(3)), TODAY, MONDAY
    )
    assert commitments.retire(line(leader, made), TODAY).id == row.id
    assert line(leader, row).head.id == row.id
    assert row.retired_on == TODAY


def test_a_promise_of_one_date_is_not_retired(leader):
    row = pick(leader, "Once", Cadence.once(TOMORROW))
    assert row.retired_on == TOMORROW
    with pytest.raises(Refused):
        commitments.retire(line(leader, row), TODAY)


def test_bringing_back_on_the_same_day_is_as_if_it_had_never_been_retired(leader):
    row = pick(leader, today=YESTERDAY)
    commitments.retire(line(leader, row), TODAY)
    assert commitments.bring_back(leader, line(leader, row), TODAY, MONDAY).id == row.id
    assert row.retired_on is None


def test_bringing_back_later_picks_a_successor_of_today(leader):
    row = pick(leader, today=YESTERDAY)
    commitments.retire(line(leader, row), YESTERDAY)
    made = commitments.bring_back(leader, line(leader, row), TODAY, MONDAY)
    assert (made.picked_on, made.continues_id, made.title) == (TODAY, row.id, row.title)
    assert row.retired_on == YESTERDAY


@pytest.mark.parametrize("retired", [YESTERDAY, TODAY])
def test_bringing_back_a_sixth_is_refused(leader, retired):
    row = pick(leader, today=YESTERDAY)
    commitments.retire(line(leader, row), retired)
    for number in range(5):
        pick(leader, f"Number {number}", today=TOMORROW)
    with pytest.raises(Refused):
        commitments.bring_back(leader, line(leader, row), TODAY, MONDAY)


def test_what_was_never_answered_and_is_young_can_be_removed(leader):
    row = pick(leader, today=TODAY - timedelta(days=7))
    commitments.remove(line(leader, row), TODAY)
    assert lines.of(leader) == []


def test_what_touches_a_fixed_day_cannot_be_removed(leader):
    row = pick(leader, today=TODAY - timedelta(days=8))
    with pytest.raises(Refused, match="Retire it"):
        commitments.remove(line(leader, row), TODAY)


def test_what_was_answered_cannot_be_removed_even_if_taken_back(leader):
    row = pick(leader)
    answer(leader, row, reply=None)
    with pytest.raises(Refused):
        commitments.remove(line(leader, row), TODAY)


def test_order_follows_the_leader_and_stops_at_the_ends(leader):
    rows = [pick(leader, title) for title in "abc"]
    commitments.move(leader, line(leader, rows[2]), Way.UP, TODAY)
    commitments.move(leader, line(leader, rows[0]), Way.UP, TODAY)
    assert [one.head.title for one in lines.of(leader)] == ["a", "c", "b"]
    commitments.move(leader, line(leader, rows[0]), Way.DOWN, TODAY)
    assert [one.head.title for one in lines.of(leader)] == ["c", "a", "b"]


@pytest.mark.parametrize("days", [-1, 367])
def test_a_date_that_is_over_or_far_off_is_refused(leader, days):
    with pytest.raises(Refused) as refused:
        pick(leader, "Once", Cadence.once(TODAY + timedelta(days=days)))
    assert refused.value.field == "on"


def test_a_repair_names_what_it_mends(leader):
    broken = pick(leader)
    row = commitments.promise_once(
        leader,
        "I apologise",
        Pillar.CHARACTER,
        None,
        TOMORROW,
        MONDAY,
        repairs_id=broken.id,
        repairs_date=TODAY,
    )
    assert row.kind is CadenceKind.ONCE
    assert (row.picked_on, row.retired_on, row.repairs_id) == (TOMORROW, TOMORROW, broken.id)


def test_another_leaders_commitment_is_unknown(cleo, leader):
    row = cast.promise(cleo)
    with pytest.raises(Unknown):
        lines.find(leader, row.id)


def test_a_line_counts_its_streak_over_all_its_rows(leader):
    start = TODAY - timedelta(days=4)
    first = pick(leader, today=start)
    for n in range(3):
        answer(leader, first, start + timedelta(days=n))
    changed = terms(pillar=Pillar.COMPETENCY)
    then = commitments.edit(leader, line(leader, first), changed, TODAY - timedelta(days=2), MONDAY)
    answer(leader, then, YESTERDAY, note="It went well")
    record = lines.record(leader, line(leader, then), TODAY)
    assert record.state.streak == 4
    assert (record.kept, record.due) == (4, 4)
    assert [note.text for note in record.notes] == ["It went well"]


def test_days_off_are_no_part_of_a_record(leader):
    row = pick(leader, today=TODAY - timedelta(days=5))
    off = TimeOff(leader_id=leader.id, first=YESTERDAY, last=TODAY, declared_at=MONDAY)
    db.session.add(off)
    db.session.flush()
    assert YESTERDAY not in lines.record(leader, line(leader, row), TODAY).standings


def test_two_sixth_picks_at_once_do_not_both_succeed(app, dana):
    with app.app_context():
        leader = db.session.get(Leader, dana.id)
        for number in range(4):
            pick(leader, f"Number {number}")
        db.session.commit()
    clients = [app.test_client() for _ in range(2)]
    for client in clients:
        cast.sign_in(client, dana)
    barrier, codes = threading.Barrier(2), []

    def post(client, number):
        fields = {"title": "One more", "intention": "", "pillar": "character", "kind": "daily"}
        barrier.wait()
        response = client.post("/commitments", data={**fields, "key": f"parallel-{number}"})
        codes.append(response.status_code)

    threads = [threading.Thread(target=post, args=(c, n)) for n, c in enumerate(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [303, 422]
    with app.app_context():
        assert db.session.query(Commitment).count() == 5
