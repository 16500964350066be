"""Reminders on a device in a real Chromium: turned on by a tap, tried, mended and turned off."""

from playwright.sync_api import expect

from tests.browser.reminding import phone_of, sign_in

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Safari/604.1"
DENIED = "Object.defineProperty(Notification, 'permission', { get: () => 'denied' })"
PAGE = "/settings/reminders"


def test_the_test_arrives_where_it_was_asked_for(reminded, service, devices, worker):
    reminded.get_by_role("button", name="Send me a test").click()
    expect(reminded.get_by_text("It should be here within a minute.")).to_be_visible()
    (payload,) = service.to(devices[0])
    worker.deliver(payload)
    assert worker.shown()[0]["title"] == "Reminders arrive here"


def test_a_browser_that_moved_or_was_forgotten_is_mended_on_opening(
    reminding, reminded, service, devices
):
    reminded.evaluate("localStorage.removeItem('endpoint')")
    with reminded.expect_response("**/subscriptions") as reply:
        reminded.goto("/")
    assert reply.value.status == 200
    service.replies.append((410, {}))
    reminding.remind(devices[1])
    reminded.goto(PAGE)
    expect(reminded.get_by_text("They stopped reaching this device.")).to_be_visible()


def test_off_is_off_in_the_browser_and_on_the_server(reminded):
    reminded.get_by_role("button", name="Turn off").click()
    expect(reminded.get_by_text("Reminders are off on this device.")).to_be_visible()
    assert reminded.evaluate("localStorage.getItem('endpoint')") is None
    expect(reminded.get_by_text("None yet.")).to_be_visible()


def test_an_iphone_is_told_to_install_first(browser, reminding, dana):
    with phone_of(browser, reminding.kept.origin, user_agent=IPHONE) as phone:
        phone.context.add_init_script("delete window.PushManager")
        sign_in(phone.page, reminding.link(dana))
        phone.page.goto(PAGE)
        expect(phone.page.get_by_text("Add to Home Screen")).to_be_visible()
        expect(phone.page.get_by_role("button", name="Turn on reminders")).to_be_hidden()


def test_a_browser_that_blocks_notifications_says_how_to_allow_them(browser, reminding, dana):
    with phone_of(browser, reminding.kept.origin) as phone:
        phone.context.add_init_script(DENIED)
        sign_in(phone.page, reminding.link(dana))
        phone.page.goto(PAGE)
        expect(phone.page.get_by_text("This browser blocks notifications")).to_be_visible()
