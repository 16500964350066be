"""The public page of the pulse: people without an account answer, once, and leave no trace."""

import re

import pytest

from habits.db import db
from habits.models import Attempt, Leader, Round
from tests import cast
from tests.web import rows
from tests.web.pulse import ITEMS, WEEK, answer, counted, links, open_round


@pytest.fixture
def leading(app, dana):
    client = app.test_client()
    cast.sign_in(client, dana)
    return client


def test_a_link_counts_once(app, leading, clock):
    open_round(leading, 6)
    url = links(leading)[0]
    assert answer(app, url, 4).status_code == 303
    again = answer(app, url, 0)
    assert again.status_code == 404
    assert "This link is used up" in rows.text(again)
    with app.app_context():
        row = db.session.query(Round).one()
        assert counted(app, row) == [[0, 0, 0, 0, 1, 0]] * 5


def test_what_nobody_made_looks_like_what_was_used(app, leading):
    open_round(leading, 6)
    used = links(leading)[0]
    answer(app, used, 4)
    for verb in ("get", "post"):
        fields = dict.fromkeys(ITEMS, "4") if verb == "post" else None
        both = [
            app.test_client().open(url, method=verb, data=fields)
            for url in (used, "/pulse/" + "A" * 32, "/pulse/%00", "/pulse/" + "x" * 500)
        ]
        assert {(each.status_code, each.text) for each in both} == {(404, both[0].text)}


def test_guessing_is_slowed_and_keeps_nobody_else_out(app, leading):
    open_round(leading, 6)
    guesser = app.test_client()
    codes = [guesser.get(f"/pulse/{number:032d}").status_code for number in range(30)]
    assert codes == [404] * 20 + [429] * 10
    assert guesser.post("/pulse/guess", data=dict.fromkeys(ITEMS, "4")).status_code == 429
    assert guesser.get(links(leading)[0]).status_code == 200
    with app.app_context():
        assert "127.0.0.1" not in db.session.query(Attempt).one().bucket


def test_after_the_close_nothing_is_counted(app, leading, clock):
    open_round(leading, 6)
    url = links(leading)[0]
    clock.now += WEEK
    for response in (app.test_client().get(url), answer(app, url, 4)):
        assert response.status_code == 410
        assert "This pulse is closed" in rows.text(response)
    assert "Too few to be anonymous" in rows.text(leading.get("/people/pulses/1"))


def test_the_leader_gets_the_same_answer_for_an_open_and_a_used_link(app, leading):
    open_round(leading, 6)
    one, other = links(leading)[:2]
    answer(app, one, 4)
    seen = [leading.get(url) for url in (one, other)]
    seen.append(leading.post(other, data=dict.fromkeys(ITEMS, "4")))
    assert [each.status_code for each in seen] == [403] * 3
    assert len({each.text for each in seen}) == 1
    assert answer(app, other, 3).status_code == 303


@pytest.mark.parametrize("lacking", [ITEMS, ("follow",)])
def test_a_form_with_gaps_says_where_and_keeps_what_was_ticked(app, leading, lacking):
    open_round(leading, 6)
    url = links(leading)[0]
    fields = {item: "2" for item in ITEMS if item not in lacking}
    response = app.test_client().post(url, data=fields)
    assert response.status_code == 422
    assert rows.text(response).count("Choose one, or “can't say”.") == len(lacking)
    assert response.text.count(" checked") == 5 - len(lacking)
    assert answer(app, url, 3).status_code == 303


@pytest.mark.parametrize(
    "forged", [{"follow": "6"}, {"follow": "-1"}, {"round_id": "1"}, {"follow": "²"}, {"key": "x"}]
)
def test_a_forged_form_is_refused(app, leading, forged):
    open_round(leading, 6)
    url = links(leading)[0]
    assert answer(app, url, 4, **forged).status_code == 400
    assert answer(app, url, 3).status_code == 303


def test_the_page_is_small_and_needs_no_script_cookie_or_account(app, leading):
    open_round(leading, 6)
    person = app.test_client()
    page = person.get(links(leading)[0])
    assert weight(person, page) < 15_000
    assert "<script" not in page.text
    assert "Set-Cookie" not in page.headers
    assert page.text.count("href=") == 2  # the sheet, and an icon that asks for nothing
    for promised in ("no name, address, device, order or time", "fewer than 5", "Nothing helps"):
        assert promised in rows.text(page)
    assert "When Dana takes something on, I expect it to be done well." in rows.text(page)


@pytest.mark.parametrize("locale", ["ar", "ja"])
def test_the_page_is_small_in_wide_letters_too(app, leading, dana, locale):
    with app.app_context():
        db.session.get(Leader, dana.id).locale = locale
        db.session.get(Leader, dana.id).name = "محمد بن عبد الرحمن"
        db.session.commit()
    open_round(leading, 60, "فريق خدمة العملاء في الفترة المسائية")
    person = app.test_client()
    lacking = person.post(links(leading)[0], data={"ability": "4"})
    assert lacking.text.count("محمد بن") > 5
    assert weight(person, lacking) < 15_000


@pytest.mark.parametrize("how", ["guesses", "forged", "elsewhere", "method", "path"])
def test_what_goes_wrong_is_a_plain_page_too_in_the_strangers_language(app, leading, how):
    """No script, no way into an account that the one who is asked has not got."""
    open_round(leading, 6)
    url, stranger = links(leading)[0], app.test_client()
    german = {"Accept-Language": "de"}
    if how == "guesses":
        pages = [stranger.get(f"/pulse/{n:032d}", headers=german) for n in range(21)]
    elif how == "forged":
        pages = [stranger.post(url, data={"ability": "9"}, headers=german)]
    elif how == "elsewhere":
        pages = [stranger.post(url, headers=german | {"Origin": "https://evil.example"})]
    elif how == "method":
        pages = [stranger.delete(url, headers=german)]
    else:
        pages = [stranger.get(f"{url}/more", headers=german)]
    page = pages[-1]
    assert page.status_code in (400, 403, 404, 405, 429)
    assert 'lang="de"' in page.text
    assert "<h1>" in page.text
    assert "<script" not in page.text
    assert 'href="/"' not in page.text
    assert "Set-Cookie" not in page.headers
    assert len(page.data) < 2000


def weight(person, page) -> int:
    """Bytes of a page and its sheet, neither compressed."""
    sheet = person.get(re.search(r'href="([^"]*pulse\.css)"', page.text)[1])
    return len(page.data) + len(sheet.data)
