"""A week as a value: its grid, its counts, what moved the account, and the decision."""

from datetime import timedelta

import pytest
from hypothesis import given

from habits import ledger, weeks
from habits.book import whole_book
from habits.days import week_first
from habits.db import db
from habits.models import Answer, Telling
from habits.trust.account import EntryKind
from habits.trust.history import CadenceKind, Lapse, Nature, Reply
from habits.trust.plan import Standing
from habits.week_notes import Noted
from habits.weeks import Choice
from tests import books, cast
from tests.books import FIRST
from tests.cast import TODAY
from tests.clock import MONDAY
from tests.statements import count_statements
from tests.trust.histories import records
from tests.written_weeks import AFTER, LATER, relaxed, week


@relaxed
@given(records())
def test_the_lines_add_up_to_the_change_of_balance(drawn):
    history, today = drawn
    book = books.of(history, today)
    for back in range(5):
        found = weeks.summary(book, week_first(today - timedelta(weeks=back), history.week_start))
        if found is None:
            continue
        total = sum(move.change for move in found.movements)
        assert total == pytest.approx(found.change, abs=1e-9)
        shown = sum(move.shown for move in found.movements)
        assert shown == pytest.approx(
            round(found.closing, 1) - round(found.opening, 1) if found.movements else 0, abs=1e-6
        )


@relaxed
@given(records())
def test_every_promise_stands_in_the_grid_once(drawn):
    history, today = drawn
    book = books.of(history, today)
    first = week_first(today, history.week_start)
    found = weeks.summary(book, first)
    if found is None:
        return
    due = sum(len(day.promises) for day in book.days if day.date >= first)
    counted = sum(row.count(*Standing) for row in found.rows)
    loose = sum(len(book.plan.uncounted(day.date)) for day in book.days if day.date >= first)
    assert counted == due + loose


def test_a_week_counts_what_is_decided():
    found = week({"a": "kkrkuu."}, today=AFTER)
    assert (found.kept, found.due, found.open) == (3, 5, 1)
    assert [cell.standing.value for cell in found.rows[0].cells] == [
        *("kept", "kept", "released", "kept", "broken", "broken", "open")
    ]


def test_what_is_silent_counts_as_due():
    assert week({"a": "kkkkkk."}, today=LATER).due == 7


def test_a_day_to_come_is_neither_open_nor_due():
    found = week({"a": "kk"}, today=FIRST + timedelta(days=2))
    assert (found.kept, found.due, found.open, found.ahead) == (2, 2, 1, 4)


def test_time_off_stands_in_the_grid():
    off = FIRST + timedelta(days=3)
    found = week({"a": "kkk.kkk"}, off=[(off, off)])
    assert found.off == (off,)
    assert found.rows[0].cells[3].off
    assert found.rows[0].cells[3].standing is None


def test_streaks_are_those_of_the_weeks_end():
    row = week({"a": "kkkkukk" + "kkk"}, today=FIRST + timedelta(days=9)).rows[0]
    assert (row.streak, row.longest) == (2, 4)


def test_a_week_without_a_day_of_the_account_is_none():
    book = books.written({"a": "k"}, AFTER)
    assert weeks.summary(book, FIRST - timedelta(days=7)) is None


def test_the_first_week_is_known():
    book = books.written({"a": "k" * 14}, FIRST + timedelta(days=14))
    assert weeks.summary(book, FIRST).is_first
    assert not weeks.summary(book, AFTER).is_first


def test_deposits_stand_joined_and_each_withdrawal_alone():
    found = week({"a": "kktkkuk", "b": "kkkkkkk"})
    kinds = [move.kind for move in found.movements]
    assert kinds == [EntryKind.KEPT, EntryKind.BROKEN, EntryKind.BROKEN]
    assert found.movements[0].count == 12
    assert [move.told for move in found.movements[1:]] == [True, False]


def test_a_lapse_outside_a_promise_is_a_line():
    lapse = Lapse(FIRST + timedelta(days=2), Nature.CHOICE, note="Took the credit.")
    found = week({"a": "kkkkkkk"}, lapses=[lapse])
    line = found.movements[-1]
    assert (line.kind, line.note, line.nature) == (
        EntryKind.LAPSE,
        "Took the credit.",
        Nature.CHOICE,
    )


def test_strongest_and_most_fragile():
    found = week({"a": "kkkkkkk", "b": "kukkkkk", "c": "kukukkk"})
    assert (found.strongest.title, found.fragile.title) == ("a", "c")
    assert week({"a": "kkkkkkk"}).strongest is None


def test_a_commitment_broken_in_two_of_four_weeks_is_offered_smaller():
    signs = {"a": "kkukkkk" + "kkkkkkk" + "kkkkukk", "b": "k" * 21}
    found = week(signs, today=FIRST + timedelta(days=21), first=FIRST + timedelta(days=14))
    assert (found.offer.choice, found.offer.row.title) == (Choice.SHRINK, "a")
    assert found.offer.weeks_broken == 2


def test_weeks_after_this_one_do_not_count_for_its_decision():
    signs = {"a": "kkukkkk" + "kkukkkk"}
    found = week(signs, today=FIRST + timedelta(days=14))
    assert (found.offer.choice, found.offer.weeks_broken) == (Choice.REPAIR, 1)


def test_a_kept_week_offers_to_keep():
    assert week({"a": "kkkkkkk"}).offer.choice is Choice.KEEP


def test_a_finished_week_asks_for_a_guess_until_it_was_asked():
    book = books.written({"a": "kkkkkkk"}, AFTER)
    assert weeks.summary(book, FIRST).asks_guess
    assert not weeks.summary(book, FIRST, Noted(asked=True)).asks_guess
    assert not weeks.summary(book, AFTER).asks_guess


def give(leader, commitment, first, days, reply=Reply.KEPT):
    """Answers on as many days, as they were given on each."""
    values = [
        {
            "leader_id": leader.id,
            "commitment_id": commitment.id,
            "date": first + timedelta(days=n),
            "reply": Reply.BROKEN if n % 9 == 4 else reply,
            "nature": Nature.MISTAKE if n % 9 == 4 else None,
            "told": n % 2 == 0 and n % 9 == 4,
            "key": f"key-{commitment.id}-{n:05}",
            "answered_at": MONDAY,
            "recorded_at": MONDAY,
        }
        for n in range(days)
    ]
    db.session.execute(db.insert(Answer), values)


def lived(leader, days):
    """A record of so many days before today, with its fixed days stored."""
    first = TODAY - timedelta(days=days)
    for title in ("One", "Two"):
        row = cast.promise(leader, title, picked_on=first)
        give(leader, row, first, days)
    ledger.refold(leader, TODAY)
    db.session.commit()


def test_a_week_read_alone_is_the_week_of_the_whole_record(app, dana):
    with app.app_context():
        lived(dana, 120)
        whole = whole_book(dana, TODAY)
        for back in (0, 1, 2, 6, 15, 18):
            first = week_first(TODAY, 1) - timedelta(weeks=back)
            alone = weeks.read(dana, first, TODAY)
            expected = weeks.summary(whole, first)
            assert alone.points == expected.points
            assert alone.rows == expected.rows
            assert [m.change for m in alone.movements] == [m.change for m in expected.movements]
            assert alone.is_first == expected.is_first
        assert weeks.read(dana, week_first(TODAY, 1) - timedelta(weeks=19), TODAY) is None


@pytest.mark.parametrize("days", [90, 3650])
@pytest.mark.parametrize("back", [0, 1, 10])
def test_a_week_takes_six_statements_however_long_the_record(app, dana, days, back):
    with app.app_context():
        lived(dana, days)
        first = week_first(TODAY, 1) - timedelta(weeks=back)
        with count_statements() as seen:
            found = weeks.read(dana, first, TODAY)
        assert found.kept > 0 or back == 0
        assert len(seen) <= 6, seen


def test_a_successor_stands_in_the_row_of_what_it_continues(app, dana):
    with app.app_context():
        first = week_first(TODAY, 1) - timedelta(weeks=1)
        old = cast.promise(dana, "Old words", retired_on=first + timedelta(days=2))
        new = cast.promise(
            dana, "New words", picked_on=first + timedelta(days=3), continues_id=old.id
        )
        for row, day in ((old, first), (new, first + timedelta(days=4))):
            give(dana, row, day, 1)
        (row,) = weeks.read(dana, first, TODAY).rows
        assert (row.title, row.commitment_id) == ("New words", new.id)
        assert row.cells[0].standing is Standing.KEPT
        assert row.cells[4].standing is Standing.KEPT


def test_a_promise_for_one_date_stands_only_in_its_week(app, dana):
    with app.app_context():
        first = week_first(TODAY, 1) - timedelta(weeks=1)
        cast.promise(dana, "Daily")
        cast.promise(
            dana, "Once", kind=CadenceKind.ONCE, once_on=first, picked_on=first - timedelta(days=2)
        )
        titles = [row.title for row in weeks.read(dana, first, TODAY).rows]
        assert titles == ["Daily", "Once"]
        before = weeks.read(dana, first - timedelta(weeks=1), TODAY)
        assert [row.title for row in before.rows] == ["Daily"]


def test_what_was_told_later_is_said(app, dana):
    with app.app_context():
        first = week_first(TODAY, 1) - timedelta(weeks=3)
        promise = cast.promise(dana, picked_on=first)
        give(dana, promise, first, 7)
        broken = first + timedelta(days=4)
        db.session.add(
            Telling(leader_id=dana.id, commitment_id=promise.id, date=broken, told_at=MONDAY)
        )
        db.session.flush()
        later = [m.on for m in weeks.read(dana, first, TODAY).movements if m.told_later]
        assert later == [broken]
