"""Where there is room beside a page, what belongs to it stands there; beside Today the curve."""

import pytest
from playwright.sync_api import expect

from tests.browser.kept import PHONE, WIDE, Phone, enter

STANDS_BESIDE = """() => {
  const begins = (one) => document.querySelector(one)?.getBoundingClientRect().x;
  return begins("[data-answer=broken] .promise-title") < begins("dialog[open]") - 200;
}"""


def beside(page):
    return page.get_by_role("complementary", name="Your account")


def test_a_wide_device_gets_the_curve_and_the_next_page_brings_it_along(browser, demo):
    context = browser.new_context(viewport=PHONE, base_url=demo.origin)
    using = Phone(context)
    enter(using, demo, "Dana")
    page = using.page
    page.goto("/")
    expect(page.locator("#today-aside .chart")).to_have_count(0)
    page.set_viewport_size(WIDE)
    expect(beside(page).locator(".chart")).to_be_visible()

    plain = browser.new_context(viewport=WIDE, base_url=demo.origin, java_script_enabled=False)
    plain.add_cookies(context.cookies())
    unscripted = plain.new_page()
    unscripted.goto("/")
    expect(beside(unscripted).locator(".chart")).to_be_visible()

    page.set_viewport_size(PHONE)
    page.wait_for_function("!document.cookie.includes('wide=1')")
    page.reload()
    expect(page.locator("#today-aside .chart")).to_have_count(0)
    assert using.faults == []
    plain.close()
    context.close()


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/people", "Intention, behavior, perception"),
        ("/people/1", "Lately"),
        ("/settings", "What opens your account"),
    ],
)
def test_what_follows_on_a_phone_stands_beside_where_there_is_room(danas, path, heading):
    page = danas.page
    page.goto(path)
    left = "(found) => Math.round(found.getBoundingClientRect().left)"
    title, aside = page.locator("h1"), page.get_by_role("heading", name=heading)
    assert aside.evaluate(left) == title.evaluate(left)
    page.set_viewport_size(WIDE)
    assert aside.evaluate(left) > title.evaluate(left) + 576
    assert page.evaluate("document.scrollingElement.scrollWidth - innerWidth") == 0


def test_on_a_phone_on_its_side_the_sheet_stands_beside_its_promise(danas):
    page = danas.page
    page.set_viewport_size({"width": 780, "height": 360})
    page.get_by_role("button", name="Broken: I start every meeting on the minute").click()
    sheet = page.locator("dialog[open]")
    expect(sheet.get_by_label("I misled someone")).to_be_in_viewport(ratio=1)
    title = page.locator("[data-answer=broken] .promise-title")
    expect(title).to_be_in_viewport(ratio=1)
    page.wait_for_function(STANDS_BESIDE)  # the sheet is drawn anew when the answer has been taken
