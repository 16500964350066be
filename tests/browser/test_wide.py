"""Where there is room beside Today stands the curve, once the device has said so."""

from playwright.sync_api import expect

from tests.browser.kept import PHONE, WIDE, Phone, enter


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
