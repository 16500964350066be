"""Words without a break stay on the page, however long or large they are."""

import re

from playwright.sync_api import expect

from tests.browser.test_first_days import FIRST, answer, sign_up
from tests.browser.test_steady_rows import LETTERS

TITLE, PERSON, NOTE = "W" * 120, "N" * 60, "n" * 1000
ROOMY = {
    "/people/1": ".dealt span",
    "/commitments/streaks": ".line-title",
    "/account/ledger": ".pair dt",
}
PAGES = ("/", "/weeks/", "/account", "/people", "/people/1", "/commitments", "/commitments/1")


def test_no_page_is_wider_than_the_phone(kept, phone):
    kept.start(FIRST)
    page = phone.page
    sign_up(page)
    page.goto("/commitments/new")
    page.locator("[name=title]").fill(TITLE)
    page.locator("[name=person]").fill(PERSON)
    page.get_by_role("radio", name=re.compile("Character")).check()
    page.get_by_role("radio", name="Every day").check()
    page.get_by_role("button", name="Promise it").click()
    page.wait_for_url("**/commitments/**")
    page.goto("/")
    answer(page, "Broken", TITLE)
    sheet = page.locator("dialog[open]")
    sheet.get_by_role("textbox", name="Note").fill(NOTE)
    with page.expect_response("**/answers"):
        sheet.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Tomorrow")).to_be_visible()
    wide = {}
    for path in PAGES:
        page.goto(path)
        wide[path] = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
    assert not {path: more for path, more in wide.items() if more > 0}


def test_what_stands_beside_a_title_leaves_it_room_in_letters_twice_as_large(danas):
    page = danas.page
    for path, words in ROOMY.items():
        page.goto(path)
        page.evaluate(LETTERS, 200)
        assert page.locator(words).first.evaluate("(found) => found.clientWidth") > 220, path
