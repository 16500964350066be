"""People: one row a name, and an account of each from what was promised to them."""

from datetime import timedelta

import pytest

from habits import dealings, ledger, people
from habits.db import db
from habits.models import Leader
from habits.problems import Refused, Unknown
from habits.trust.history import CadenceKind, Reply
from habits.trust.plan import Standing
from tests import cast
from tests.cast import TODAY
from tests.clock import MONDAY


@pytest.fixture
def leader(app, dana):
    with app.app_context():
        yield db.session.get(Leader, dana.id)


@pytest.mark.parametrize("name", ["Ben", " ben ", "BEN"])
def test_a_known_name_is_found_however_it_is_written(leader, name):
    ben = cast.person(leader)
    assert people.find_or_add(leader, name, MONDAY).id == ben.id


def test_a_new_name_is_added_tidy(leader):
    assert people.find_or_add(leader, "  Ana  María ", MONDAY).name == "Ana María"


@pytest.mark.parametrize("name", ["", "  ", None])
def test_no_name_is_nobody(leader, name):
    assert people.find_or_add(leader, name, MONDAY) is None


def test_a_name_too_long_is_refused(leader):
    with pytest.raises(Refused):
        people.find_or_add(leader, "x" * 61, MONDAY)


def test_two_leaders_may_know_the_same_name(cleo, leader):
    theirs = cast.person(cleo)
    assert people.find_or_add(leader, "Ben", MONDAY).id != theirs.id
    with pytest.raises(Unknown):
        people.find(leader, theirs.id)


def test_a_name_of_someone_else_is_refused_but_ones_own_may_change_its_case(leader):
    ben, maria = cast.person(leader), cast.person(leader, "Maria")
    with pytest.raises(Refused):
        people.rename(leader, maria, "ben")
    people.rename(leader, ben, "BEN")
    assert ben.name == "BEN"


def test_a_persons_account_is_folded_over_their_promises_only(leader):
    ben, maria = cast.person(leader), cast.person(leader, "Maria")
    yesterday = TODAY - timedelta(days=1)
    to_ben = cast.promise(leader, person_id=ben.id, picked_on=yesterday)
    to_maria = cast.promise(leader, "I listen", person_id=maria.id, picked_on=yesterday)
    for row, reply in ((to_ben, Reply.KEPT), (to_maria, Reply.BROKEN)):
        said = ledger.Said(row.id, yesterday, reply, key=f"key-{row.id}-1", answered_at=MONDAY)
        ledger.record(leader, said, TODAY, MONDAY)
    (with_ben, with_maria), _book = dealings.of(leader, TODAY)
    assert with_ben.balance > 50 > with_maria.balance
    assert (with_ben.count(Standing.KEPT), with_maria.count(Standing.BROKEN)) == (1, 1)
    assert [row.id for row in with_ben.standing] == [to_ben.id]


def test_a_repair_is_owed_until_it_is_answered(leader):
    ben = cast.person(leader)
    broken = cast.promise(leader, person_id=ben.id)
    repair = cast.promise(
        leader,
        "I apologise",
        person_id=ben.id,
        kind=CadenceKind.ONCE,
        once_on=TODAY,
        picked_on=TODAY,
        retired_on=TODAY,
        repairs_id=broken.id,
    )
    assert [row.id for row in dealings.with_person(leader, ben, TODAY)[0].repairs] == [repair.id]
    said = ledger.Said(repair.id, TODAY, Reply.KEPT, key="key-repair", answered_at=MONDAY)
    ledger.record(leader, said, TODAY, MONDAY)
    assert dealings.with_person(leader, ben, TODAY)[0].repairs == ()


def test_a_person_without_promises_has_no_account(leader):
    cast.person(leader)
    ((ben,), _book) = dealings.of(leader, TODAY)
    assert ben.balance is None
