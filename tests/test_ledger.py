"""The record: answers stored once, days that become fixed, and refolding what was changed."""

from datetime import date, timedelta
from itertools import count

import pytest

from habits import ledger
from habits.book import open_book, whole_book
from habits.db import db
from habits.ledger import Said
from habits.models import Answer, FixedDay
from habits.problems import KeyReused, Refused, Unknown
from habits.trust.history import CadenceKind, Nature, Pillar, Reply
from tests import cast
from tests.cast import TODAY
from tests.clock import MONDAY

KEYS = (f"key-{n:08}" for n in count())


def said(commitment, day=TODAY, reply=Reply.KEPT, **more) -> Said:
    values = {"key": next(KEYS), "answered_at": MONDAY, **more}
    return Said(commitment.id, day, reply, **values)


@pytest.fixture
def promise(app, dana):
    with app.app_context():
        yield cast.promise(dana)


def test_an_answer_moves_the_balance(dana, promise):
    before = open_book(dana, TODAY).state.balance
    after = ledger.record(dana, said(promise), TODAY, MONDAY)
    assert after.change > 0
    assert after.book.state.balance == pytest.approx(before + after.change)


def test_what_is_returned_is_what_is_read_afterwards(dana, promise):
    recorded = ledger.record(dana, said(promise), TODAY, MONDAY)
    db.session.commit()
    assert open_book(dana, TODAY).state == recorded.book.state


def test_the_same_key_counts_once(dana, promise):
    answer = said(promise)
    ledger.record(dana, answer, TODAY, MONDAY)
    again = ledger.record(dana, answer, TODAY, MONDAY)
    assert again.repeated
    assert db.session.query(Answer).count() == 1


def test_the_same_key_with_another_answer_is_refused(dana, promise):
    answer = said(promise)
    ledger.record(dana, answer, TODAY, MONDAY)
    other = said(promise, reply=Reply.BROKEN, key=answer.key)
    with pytest.raises(KeyReused):
        ledger.record(dana, other, TODAY, MONDAY)


def test_a_repeat_after_the_window_still_finds_what_it_made(dana, promise):
    answer = said(promise)
    ledger.record(dana, answer, TODAY, MONDAY)
    later = TODAY + timedelta(days=70)
    again = ledger.record(dana, answer, later, MONDAY + timedelta(days=70))
    assert again.repeated


def test_the_latest_answer_counts_whatever_order_they_arrive_in(dana, promise):
    late = said(promise, reply=Reply.BROKEN, answered_at=MONDAY)
    early = said(promise, answered_at=MONDAY - timedelta(hours=1))
    ledger.record(dana, late, TODAY, MONDAY)
    recorded = ledger.record(dana, early, TODAY, MONDAY)
    assert recorded.book.answers[promise.id, TODAY].reply is Reply.BROKEN
    assert open_book(dana, TODAY).answers[promise.id, TODAY].reply is Reply.BROKEN


def test_an_answer_from_a_clock_that_runs_ahead_is_given_now(dana, promise):
    ahead = said(promise, answered_at=MONDAY + timedelta(days=3))
    ledger.record(dana, ahead, TODAY, MONDAY)
    assert db.session.query(Answer).one().answered_at == MONDAY


def test_taking_an_answer_back_opens_the_promise(dana, promise):
    untouched = open_book(dana, TODAY).state
    ledger.record(dana, said(promise), TODAY, MONDAY)
    back = ledger.record(dana, said(promise, reply=None), TODAY, MONDAY)
    assert back.book.state == untouched


def test_nature_and_told_stand_only_with_broken(dana, promise):
    answer = said(promise, nature=Nature.CHOICE, told=True)
    assert (answer.nature, answer.told) == (None, False)


@pytest.mark.parametrize("days", [-1, 8, 40])
def test_days_outside_the_window_are_refused(dana, promise, days):
    with pytest.raises(Refused):
        ledger.record(dana, said(promise, TODAY - timedelta(days=days)), TODAY, MONDAY)


def test_a_day_on_which_nothing_was_promised_is_refused(app, dana):
    with app.app_context():
        friday = cast.promise(dana, kind=CadenceKind.WEEKDAYS, weekdays=[5])
        with pytest.raises(Refused):
            ledger.record(dana, said(friday), TODAY, MONDAY)


def test_a_strangers_commitment_does_not_exist(app, dana, cleo):
    with app.app_context():
        cleos = cast.promise(cleo)
        with pytest.raises(Unknown):
            ledger.record(dana, said(cleos), TODAY, MONDAY)


def test_days_are_stored_when_they_become_fixed(dana, promise):
    ledger.record(dana, said(promise), TODAY, MONDAY)
    dates = [row.date for row in db.session.query(FixedDay).order_by(FixedDay.date)]
    assert dates[0] == promise.picked_on
    assert dates[-1] == TODAY - timedelta(days=8)
    assert ledger.verify(dana, TODAY) == []


def test_folding_from_a_stored_day_gives_what_folding_from_the_start_gives(dana, promise):
    ledger.record(dana, said(promise), TODAY, MONDAY)
    assert open_book(dana, TODAY).since is not None
    assert open_book(dana, TODAY).state == whole_book(dana, TODAY).state


def test_verify_finds_a_stored_day_that_was_tampered_with(dana, promise):
    ledger.record(dana, said(promise), TODAY, MONDAY)
    row = db.session.query(FixedDay).filter_by(date=TODAY - timedelta(days=10)).one()
    row.character += 1e-9
    db.session.flush()
    assert ledger.verify(dana, TODAY) == [TODAY - timedelta(days=10)]


def test_an_answer_given_offline_in_time_counts_when_it_arrives_late(dana, promise):
    ledger.record(dana, said(promise), TODAY, MONDAY)
    day = TODAY - timedelta(days=20)
    offline = said(promise, day, answered_at=MONDAY - timedelta(days=20))
    recorded = ledger.record(dana, offline, TODAY, MONDAY)
    assert recorded.change > 0
    assert ledger.verify(dana, TODAY) == []
    assert recorded.book.state == whole_book(dana, TODAY).state


def test_an_answer_that_arrives_after_sixty_days_is_refused(dana, promise):
    promise.picked_on = TODAY - timedelta(days=90)
    given = MONDAY - timedelta(days=61)
    with pytest.raises(Refused):
        ledger.record(
            dana, said(promise, TODAY - timedelta(days=61), answered_at=given), TODAY, MONDAY
        )


def test_a_zone_change_forgets_days_that_are_in_the_window_again(dana, promise):
    ledger.record(dana, said(promise), TODAY, MONDAY)
    yesterday = TODAY - timedelta(days=1)
    ledger.clock_moved(dana, yesterday)
    assert open_book(dana, yesterday).stored[0].date == yesterday - timedelta(days=8)
    late = said(promise, yesterday - timedelta(days=7))
    ledger.record(dana, late, yesterday, MONDAY)
    ledger.record(dana, said(promise, TODAY), TODAY, MONDAY)
    assert ledger.verify(dana, TODAY) == []


def test_another_week_start_refolds_everything(app, dana):
    with app.app_context():
        twice = cast.promise(dana, kind=CadenceKind.PER_WEEK, times=2)
        ledger.record(dana, said(twice), TODAY, MONDAY)
        dana = db.session.merge(dana)
        dana.week_start = 4
        ledger.refold(dana, TODAY)
        assert ledger.verify(dana, TODAY) == []
        assert open_book(dana, TODAY).state == whole_book(dana, TODAY).state


def test_one_leaders_answers_leave_another_account_alone(app, dana, cleo):
    with app.app_context():
        mine, theirs = cast.promise(dana), cast.promise(cleo)
        before = open_book(cleo, TODAY).state
        ledger.record(dana, said(mine, reply=Reply.BROKEN), TODAY, MONDAY)
        assert open_book(cleo, TODAY).state == before
        assert theirs.id not in open_book(dana, TODAY).commitments


def test_ten_years_cost_a_tap_no_more_statements(app, dana):
    from tests.statements import count_statements

    with app.app_context():
        young = cast.promise(dana, pillar=Pillar.COMPETENCY)
        ledger.record(dana, said(young), TODAY, MONDAY)
        with count_statements() as few:
            ledger.record(dana, said(young, reply=Reply.BROKEN), TODAY, MONDAY)
        young.picked_on = date(2016, 11, 23)
        ledger.refold(dana, TODAY)
        with count_statements() as many:
            ledger.record(dana, said(young), TODAY, MONDAY)
        assert len(many) == len(few)
