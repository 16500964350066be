import multiprocessing
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from habits import create_app
from habits.db import db
from habits.limits import Limit, spend
from habits.models.limits import Attempt
from tests import databases
from tests.clock import MONDAY

FIVE_A_MINUTE = Limit("sign-in", 5, timedelta(minutes=1))
SPAWNED = multiprocessing.get_context("spawn")


def tries(who="dana", limit=FIVE_A_MINUTE, now=MONDAY):
    allowed = spend(limit, who, now)
    db.session.commit()
    return allowed


def test_the_try_beyond_the_limit_is_refused(app):
    with app.app_context():
        assert [tries() for _ in range(7)] == [True] * 5 + [False] * 2


def test_each_has_a_limit_of_their_own(app):
    with app.app_context():
        for _ in range(5):
            tries("dana")
        assert not tries("dana")
        assert tries("cleo")
        assert tries("dana", Limit("recovery", 5, timedelta(minutes=1)))


def test_the_next_span_allows_again(app):
    with app.app_context():
        for _ in range(6):
            tries()
        assert not tries(now=MONDAY + timedelta(seconds=59))
        assert tries(now=MONDAY + timedelta(seconds=60))


def test_it_holds_over_a_restart(app, config):
    with app.app_context():
        for _ in range(5):
            tries()
    with create_app(config).app_context():
        assert not tries()


def test_it_holds_over_processes(app, database, tmp_path):
    with SPAWNED.Pool(2) as workers:
        allowed = workers.starmap(try_ten_times, [(str(tmp_path), database)] * 4)
    assert sum(allowed) == FIVE_A_MINUTE.tries


def try_ten_times(data, url):
    with create_app(databases.config(Path(data), url)).app_context():
        return sum(tries() for _ in range(10))


def test_what_is_over_is_forgotten(app):
    with app.app_context():
        for n in range(20):
            tries(f"address {n}")
        tries(now=MONDAY + timedelta(hours=1))
        assert db.session.scalar(select(func.count()).select_from(Attempt)) == 1


def test_a_name_of_any_length_is_counted(app):
    with app.app_context():
        assert [tries("x" * 10_000) for _ in range(6)] == [True] * 5 + [False]
