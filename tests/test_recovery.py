"""Recovery codes: ten, each used once, and worth nothing to who reads the database."""

from concurrent.futures import ThreadPoolExecutor
from math import log2
from threading import Barrier

import pytest

from habits import recovery
from habits.db import db
from habits.models.devices import RecoveryCode
from habits.models.leaders import Leader
from tests.clock import MONDAY

PEPPER = "what is in no database"


@pytest.fixture
def codes(app, dana):
    return renewed(app, dana)


def renewed(app, leader):
    with app.app_context():
        codes = recovery.renew(db.session.merge(leader), PEPPER, MONDAY)
        db.session.commit()
    return codes


def used(app, typed, pepper=PEPPER):
    """The id of the leader whom the code lets in, or None."""
    with app.app_context():
        leader = recovery.use(typed, pepper, MONDAY)
        db.session.commit()
        return leader.id if leader else None


def left(app, leader):
    with app.app_context():
        return recovery.left(leader)


def test_each_has_a_place_of_its_own_and_eighty_secret_bits(codes):
    plain = [code.replace("-", "") for code in codes]
    assert len(plain) == len({code[:8] for code in plain}) == 10
    assert len({code[8:] for code in plain}) == 10
    assert all(set(code) <= set(recovery.ALPHABET) for code in plain)
    assert {len(code[8:]) * log2(len(set(recovery.ALPHABET))) for code in plain} == {80}


def test_they_are_read_in_groups_of_four(codes):
    assert {len(part) for code in codes for part in code.split("-")} == {4}


def test_no_letter_is_taken_for_another():
    assert not set("ILOU") & set(recovery.ALPHABET)


def test_the_database_holds_no_secret(app, codes):
    with app.app_context():
        stored = repr([tuple(vars(row).values()) for row in db.session.query(RecoveryCode)])
    for code in codes:
        secret = code.replace("-", "")[8:]
        assert secret not in stored
        assert secret[:8] not in stored


def test_a_code_lets_its_leader_in_once(app, dana, codes):
    assert used(app, codes[3]) == dana.id
    assert used(app, codes[3]) is None
    assert left(app, dana) == 9


def test_each_of_them_works(app, dana, codes):
    assert [used(app, code) for code in codes] == [dana.id] * 10
    assert left(app, dana) == 0


def test_a_new_set_makes_the_earlier_one_void(app, dana, codes):
    fresh = renewed(app, dana)
    assert not set(fresh) & set(codes)
    assert used(app, codes[0]) is None
    assert used(app, fresh[0]) == dana.id
    assert left(app, dana) == 9


def test_a_set_says_when_it_was_made(app, dana):
    assert dana.codes_at is None
    renewed(app, dana)
    with app.app_context():
        assert db.session.get(Leader, dana.id).codes_at == MONDAY


def test_cleos_codes_are_left_alone(app, dana, cleo, codes):
    theirs = renewed(app, cleo)
    renewed(app, dana)
    assert used(app, theirs[0]) == cleo.id
    assert left(app, cleo) == 9


def test_a_stolen_database_makes_no_codes(app, codes):
    assert used(app, codes[0], "another secret") is None
    assert used(app, codes[0], "") is None


def test_a_place_with_anothers_secret_is_no_code(app, codes):
    one, two = (code.replace("-", "") for code in codes[:2])
    assert used(app, one[:8] + two[8:]) is None
    assert used(app, one[:8]) is None
    assert used(app, one[8:]) is None


@pytest.mark.parametrize(
    "typed",
    [str.lower, lambda c: c.replace("-", ""), lambda c: f"\t{c} ", lambda c: "- ".join(c)],
)
def test_it_may_be_typed_as_one_likes(app, dana, codes, typed):
    assert used(app, typed(codes[0])) == dana.id


def test_letters_that_look_like_digits_are_read_as_such(app, dana, codes):
    misread = str.maketrans("01", "OI")
    assert used(app, codes[0].translate(misread)) == dana.id
    assert used(app, codes[1].translate(misread).replace("I", "l")) == dana.id


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "-",
        " ",
        "0" * 23,
        "0" * 24,
        "0" * 25,
        "U" * 24,
        "٠" * 24,
        "ß" * 12,
        "\ud800",
        "\x00" * 24,
    ],
)
def test_what_is_no_code_lets_nobody_in(app, codes, typed):
    assert used(app, typed) is None


def test_tries_are_counted_by_the_place_however_it_is_typed(codes):
    place = codes[0].replace("-", "")[:8]
    assert recovery.locator(codes[0]) == place
    assert recovery.locator(codes[0].lower().replace("0", "o")) == place
    assert recovery.locator("") == ""


def test_of_twenty_at_once_one_gets_in(app, dana, codes):
    start = Barrier(20)

    def attempt(_n):
        start.wait()
        return used(app, codes[0])

    with ThreadPoolExecutor(20) as pool:
        results = list(pool.map(attempt, range(20)))
    assert [result for result in results if result] == [dana.id]
    assert left(app, dana) == 9
