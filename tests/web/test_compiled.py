"""Compiled templates: kept for the next start, never stale, and missed by nobody."""

import re

import pytest

from habits import create_app
from tests import databases
from tests.clock import MONDAY

pytestmark = databases.on_sqlite

KEYS = re.compile(r'(?<=name="key" value=")[^"]+')


@pytest.fixture
def app(tmp_path, database):
    """An app whose compiled templates are its own."""
    settings = databases.config(tmp_path, database, cache=tmp_path / "cache")
    return create_app(settings, lambda: MONDAY)


def welcome(app, language: str = "en") -> str:
    headers = {"Accept-Language": language}
    page = app.test_client().get("/", base_url="http://localhost", headers=headers).text
    return KEYS.sub("", page)


def stored(app) -> dict[str, bytes]:
    folder = app.extensions["kept"].cache
    return {path.name: path.read_bytes() for path in folder.glob("*.template")}


def test_each_language_has_templates_of_its_own(app):
    english, count = welcome(app), len(stored(app))
    assert count
    german = welcome(app, "de")
    assert german != english
    assert len(stored(app)) == 2 * count
    assert welcome(app) == english


def test_they_serve_the_next_start(app, database, tmp_path):
    page, before = welcome(app), stored(app)
    again = create_app(app.extensions["kept"], lambda: MONDAY)
    again.jinja_env._parse = None  # nothing is compiled anew
    assert welcome(again) == page
    assert stored(again) == before


@pytest.mark.parametrize("length", [0, 5, 15, 18, 30, -40])
def test_what_is_no_template_any_more_is_compiled_anew(app, length):
    page = welcome(app)
    for path in app.extensions["kept"].cache.iterdir():
        path.write_bytes(path.read_bytes()[:length])
    assert welcome(create_app(app.extensions["kept"], lambda: MONDAY)) == page


def test_a_folder_that_cannot_be_written_spoils_no_page(tmp_path, database):
    blocked = tmp_path / "cache"
    blocked.write_text("no folder")
    settings = databases.config(tmp_path, database, cache=blocked)
    assert "Kept" in welcome(create_app(settings, lambda: MONDAY))


def test_the_folder_is_its_users_alone(app):
    assert app.extensions["kept"].cache.stat().st_mode & 0o077 == 0
