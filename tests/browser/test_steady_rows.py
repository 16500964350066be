"""The next promise stays where the thumb expects it while the evening's answers are given."""

import re

from playwright.sync_api import expect

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
