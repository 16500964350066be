from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from habits import writes
from habits.db import db
from habits.models.leaders import Person
from habits.problems import KeyReused
from tests.clock import MONDAY

KEY = "8b7d2e34-0001"
SENT = {"date": "2026-11-23", "nature": "mistake"}


def claim(leader, sent=SENT, key=KEY):
    return writes.first_time(leader, key, sent, MONDAY)


def test_a_repeat_finds_what_the_first_made(app, dana):
    with app.app_context():
        assert claim(dana)
        writes.remember(dana, KEY, 41)
        db.session.commit()
        assert not claim(dana)
        assert writes.made(dana, KEY) == 41


def test_the_order_of_the_fields_is_no_difference(app, dana):
    with app.app_context():
        assert claim(dana)
        assert not claim(dana, dict(reversed(SENT.items())))


@pytest.mark.parametrize("other", [{}, SENT | {"nature": "choice"}, SENT | {"told": True}])
def test_a_key_with_another_body_is_refused(app, dana, other):
    with app.app_context():
        assert claim(dana)
        with pytest.raises(KeyReused):
            claim(dana, other)


def test_keys_are_each_leaders_own(app, dana, cleo):
    with app.app_context():
        assert claim(dana)
        assert claim(cleo, {"another": "body"})


def test_what_was_not_committed_may_come_again(app, dana):
    with app.app_context():
        assert claim(dana)
        db.session.rollback()
        assert claim(dana)


def test_of_fifty_at_once_one_is_the_first(app, dana):
    def send(_n):
        with app.app_context():
            first = claim(dana)
            if first:
                db.session.add(Person(leader_id=dana.id, name="Ben", created_at=MONDAY))
                writes.remember(dana, KEY, 1)
            db.session.commit()
            return first, writes.made(dana, KEY)

    with ThreadPoolExecutor(10) as senders:
        answers = list(senders.map(send, range(50)))
    assert sorted(answers) == [(False, 1)] * 49 + [(True, 1)]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Person)) == 1
