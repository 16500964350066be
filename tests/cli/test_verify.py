"""kept verify: a stored day that is not what folding gives is found."""

from sqlalchemy import create_engine, text

from tests.cli.conftest import NOW
from tests.command import kept


def test_a_tampered_day_is_named(demo):
    engine = create_engine(f"sqlite:///{demo / 'kept.db'}")
    with engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE fixed_days SET character = character + 0.001"
                " WHERE leader_id = 1 AND date = '2026-10-01'"
            )
        )
    engine.dispose()
    done = kept("--now", NOW, "verify", data=demo)
    assert done.returncode == 1
    assert done.stdout.splitlines() == ["leader 1: 2026-10-01 is stored otherwise than it folds"]
    assert "2 accounts folded, 1 stored days differ" in done.stderr


def test_a_tampered_answer_shows_from_its_day_on(demo):
    engine = create_engine(f"sqlite:///{demo / 'kept.db'}")
    with engine.begin() as connection:
        day = connection.scalar(
            text("SELECT max(date) FROM answers WHERE leader_id = 1 AND date < '2026-11-01'")
        )
        connection.execute(
            text(
                "UPDATE answers SET reply = 'broken', nature = 'deception'"
                " WHERE leader_id = 1 AND date = :day"
            ),
            {"day": day},
        )
    engine.dispose()
    done = kept("--now", NOW, "verify", data=demo)
    assert done.returncode == 1
    assert done.stdout.splitlines()[0] == f"leader 1: {day} is stored otherwise than it folds"


def test_an_empty_kept_is_in_order(empty):
    done = kept("verify", data=empty)
    assert (done.returncode, done.stdout) == (0, "")
