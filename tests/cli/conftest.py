"""Data folders for the commands: an empty one, and one with the demo's leaders."""

import shutil

import pytest

from tests.clock import MONDAY
from tests.command import kept

NOW = MONDAY.isoformat()


@pytest.fixture
def empty(tmp_path):
    return tmp_path / "data"


@pytest.fixture(scope="session")
def _demo(tmp_path_factory):
    data = tmp_path_factory.mktemp("demo") / "data"
    done = kept("--now", NOW, "demo", data=data)
    assert done.returncode == 0, done.stderr
    return data


@pytest.fixture
def demo(_demo, tmp_path):
    """The demo as it is on the tests' Monday: Dana is leader 1, Cleo leader 2."""
    return shutil.copytree(_demo, tmp_path / "demo")


@pytest.fixture
def at_monday():
    """Runs a command on that Monday; returns its lines, and asserts that it succeeded."""

    def run(*words, data, **settings):
        done = kept("--now", NOW, *words, data=data, **settings)
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    return run
