"""kept sign-in-link: the way in for a leader who lost every other."""

import pytest
from sqlalchemy import create_engine, text

from tests.cli.conftest import NOW
from tests.command import kept


@pytest.fixture
def two_danas(demo):
    engine = create_engine(f"sqlite:///{demo / 'kept.db'}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE leaders SET name = 'dana' WHERE name = 'Cleo'"))
    engine.dispose()
    return demo


@pytest.mark.parametrize("name", [" dana ", "1"])
def test_a_leader_is_found_by_name_or_id(demo, at_monday, name):
    (link,) = at_monday("sign-in-link", name, data=demo)
    assert link.startswith("http://localhost:8000/links/")


def test_an_ambiguous_name_is_refused_with_the_list(two_danas):
    done = kept("--now", NOW, "sign-in-link", "Dana", data=two_danas)
    assert done.returncode == 2
    assert done.stdout == ""
    said, _heading, first, second = done.stderr.splitlines()
    assert "give the id" in said
    assert (first.split()[:2], second.split()[:2]) == (["1", "Dana"], ["2", "dana"])


def test_the_id_tells_two_of_a_name_apart(two_danas):
    done = kept("--now", NOW, "sign-in-link", "2", data=two_danas)
    assert "For dana (id 2)" in done.stderr


@pytest.mark.parametrize("name", ["Nobody", "99999999999999999999", ""])
def test_an_unknown_leader_is_said_in_a_line(demo, name):
    done = kept("--now", NOW, "sign-in-link", name, data=demo)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert "`kept leaders` lists them" in line
