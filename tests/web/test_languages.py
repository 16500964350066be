"""The language of a page: the browser's, then what was chosen on Welcome, then the account's."""

import pytest

from habits.db import db
from habits.languages import SPOKEN
from habits.models.leaders import Leader
from habits.web.formats import change
from tests import cast

KEY = "a-key-of-language"


def language_of(page) -> str:
    return page.text.partition('<html lang="')[2].partition('"')[0]


@pytest.mark.parametrize(("asked", "lang"), [("de-CH,en", "de"), ("pt", "pt-BR"), ("it", "en")])
def test_a_stranger_is_met_in_the_language_of_the_browser(client, asked, lang):
    page = client.get("/", headers={"Accept-Language": asked})
    assert language_of(page) == lang


def test_arabic_pages_run_from_right_to_left(client):
    assert 'lang="ar" dir="rtl"' in client.get("/", headers={"Accept-Language": "ar"}).text


@pytest.mark.parametrize("code", SPOKEN)
def test_the_language_can_be_switched_on_welcome(client, code):
    response = client.post("/language", data={"key": KEY, "language": code})
    assert (response.status_code, response.location) == (303, "/")
    page = client.get("/", headers={"Accept-Language": "fr"})
    assert language_of(page) == code.replace("_", "-")
    assert f'value="{code}" lang="{code.replace("_", "-")}" dir="auto" aria-current' in page.text
    assert language_of(client.get("/sign-in")) == code.replace("_", "-")


@pytest.mark.parametrize("code", ["", "it", "../de", "x" * 9000])
def test_a_language_that_is_not_spoken_changes_nothing(client, code):
    client.post("/language", data={"key": KEY, "language": code})
    assert language_of(client.get("/")) == "en"


def test_the_account_keeps_its_language_whatever_the_browser_asks_for(app, client, dana):
    cast.sign_in(client, dana)
    with app.app_context():
        db.session.query(Leader).update({"locale": "ar"})
        db.session.commit()
    page = client.get("/", headers={"Accept-Language": "de"})
    assert 'lang="ar" dir="rtl"' in page.text


def test_a_sign_stays_before_its_number_where_lines_run_from_right_to_left(app):
    with app.test_request_context(headers={"Accept-Language": "ar"}):
        assert change(1.5) == "\N{LEFT-TO-RIGHT MARK}+1.5"
        assert change(0.0) == "0.0"
    with app.test_request_context(headers={"Accept-Language": "de"}):
        assert change(-1.5) == "\N{MINUS SIGN}1,5"
