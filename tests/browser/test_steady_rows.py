"""The next promise stays where the thumb expects it while the evening's answers are given."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.gallery import speak
from tests.browser.kept import await_copy
from tests.browser.test_first_days import FIRST, pick_three, sign_up

LETTERS = """size => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`html { font-size: ${size}% }`);
  document.adoptedStyleSheets = [sheet];
}"""


# In one evaluation: a row found in one and measured in the next may have been swapped in between.
TOPS = """() => [...document.querySelectorAll("[data-promise]")].map(
  row => Math.round(row.getBoundingClientRect().top + scrollY)
)"""


def tops(page) -> list[int]:
    return page.evaluate(TOPS)


def test_no_row_moves_while_promises_are_kept_and_taken_back(kept, phone):
    kept.start(FIRST)
    page = phone.page
    sign_up(page)
    pick_three(page)
    before = tops(page)
    for at in (0, 2):
        row = page.locator("[data-promise]").nth(at)
        for button in (re.compile("^Kept: "), re.compile("^Take back: "), re.compile("^Kept: ")):
            page.wait_for_timeout(500)  # a second tap within it is the same tap
            with page.expect_response("**/answers"):
                row.get_by_role("button", name=button).click()
            expect(row.locator("form[data-said]")).to_have_count(0)  # the server's row stands there
            assert tops(page) == before


def test_today_is_no_wider_than_the_phone_in_letters_twice_as_large(kept, phone):
    kept.start(FIRST)
    page = phone.page
    sign_up(page)
    pick_three(page)
    page.evaluate(LETTERS, 200)
    assert page.evaluate("document.scrollingElement.scrollWidth - innerWidth") == 0


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_row_moves_where_an_answer_waits_for_the_network(demo, danas, language):
    page = danas.page
    speak(demo, language)
    page.goto("/")
    await_copy(page)
    before = tops(page)
    danas.context.set_offline(True)
    page.locator("[data-due] [data-answers=kept] button:visible").first.click()
    expect(page.locator(".when-waiting:visible")).to_have_count(1)
    assert tops(page) == before


def test_the_page_for_no_network_says_what_waits_and_nothing_that_was_said_before(danas):
    page = danas.page
    danas.context.set_offline(True)
    page.locator("[data-due] [data-answers=kept] button:visible").first.click()
    expect(page.locator("#waiting")).to_be_visible()
    page.goto("/people/1")
    expect(page.get_by_text("1 answer waits for the network.")).to_be_visible()
    expect(page.locator(".toast")).to_have_count(0)
