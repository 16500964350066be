"""A stranger, a new phone and a locked-out leader get in; nobody else does."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.everyone import faults
from tests.browser.kept import PHONE, WIDE, Kept, Phone

EVENING = "2026-11-23T18:00:00Z"
NEXT_MORNING = "2026-11-24T08:00:00Z"
OFFLINE = "Failed to load resource: net::ERR_INTERNET_DISCONNECTED"
MOVED = """() => new Promise((told) => new PerformanceObserver((list) =>
  told(list.getEntries().filter((shift) => shift.entryType === "layout-shift").length)
).observe({ type: "layout-shift", buffered: true }) || setTimeout(() => told(0), 300))"""


@pytest.fixture
def another(browser, kept):
    """Makes one more phone, with an authenticator and cookies of its own."""
    made = []

    def phone(**settings) -> Phone:
        size = {"viewport": PHONE, "locale": "en-GB", "base_url": kept.origin}
        made.append(Phone(browser.new_context(**(size | settings))))
        return made[-1]

    yield phone
    for using in made:
        using.context.close()
    assert [using.faults for using in made if using.faults] == []


def press(phone, name: str) -> None:
    phone.page.get_by_role("button", name=name, exact=True).click()


def create_account(phone, name: str = "Dana", at: str = "/sign-up") -> None:
    phone.page.goto(at)
    phone.page.get_by_label("First name").fill(name)
    press(phone, "Make a passkey")
    phone.page.wait_for_url("**/commitments/library?first=1")


def sign_out(phone) -> None:
    phone.page.goto("/settings")
    press(phone, "Sign out on this device")
    expect(phone.page.get_by_role("link", name="Sign in")).to_be_visible()


def presence(phone, enabled: bool) -> None:
    settings = {"authenticatorId": phone.authenticator, "enabled": enabled}
    phone.cdp.send("WebAuthn.setAutomaticPresenceSimulation", settings)


def expect_forgotten(phone) -> None:
    """The passkey manager of this phone was told that its passkey is void."""
    settings = {"authenticatorId": phone.authenticator}
    for _ in range(50):
        if not phone.cdp.send("WebAuthn.getCredentials", settings)["credentials"]:
            return
        phone.page.wait_for_timeout(100)
    raise AssertionError("the passkey is still there")


def expect_today(phone) -> None:
    expect(phone.page.get_by_role("heading", name="Today", exact=True)).to_be_visible()


def expect_signed_out(phone) -> None:
    """Whoever is signed out and asks for a page is asked for a passkey."""
    presence(phone, False)  # or the browser signs in again at once
    phone.page.goto("/settings")
    expect(phone.page.get_by_role("heading", name="Welcome back")).to_be_visible()


def expect_fine(phone) -> None:
    """The screen holds to WCAG and to its width, on both sizes in both themes."""
    page = phone.page
    for size in (WIDE, PHONE):
        page.set_viewport_size(size)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert faults(page) == []


def test_a_stranger_creates_an_account_picks_leaves_and_comes_back(kept, phone):
    kept.start(EVENING)
    phone.page.goto("/")
    expect_fine(phone)
    phone.page.get_by_role("link", name="Create your account").click()
    expect_fine(phone)
    create_account(phone)
    phone.page.get_by_role("button", name=re.compile("^Take these")).first.click()
    press(phone, "Promise these from today")
    phone.page.get_by_label("In the evening at").fill("20:30")
    press(phone, "Go to Today")
    expect_today(phone)
    expect(phone.page.locator("[data-promise]")).to_have_count(3)

    sign_out(phone)
    presence(phone, False)
    phone.page.goto("/sign-in?next=/account")
    expect(phone.page.get_by_label("Or pick it from the list")).to_be_visible()
    assert phone.page.evaluate(MOVED) == 0  # its room was there before
    expect_fine(phone)
    presence(phone, True)  # the offer in the field stays open; the button takes its place
    press(phone, "Sign in with your passkey")
    phone.page.wait_for_url("**/account")

    sign_out(phone)
    phone.page.goto("/sign-in")  # nothing is pressed: the browser's own list signs in
    expect_today(phone)


def test_a_ceremony_that_comes_to_nothing_says_so_and_can_be_tried_again(kept, phone):
    kept.start(EVENING)
    page = phone.page
    page.goto("/sign-up")
    page.get_by_label("First name").fill("Dana")
    verified = {"authenticatorId": phone.authenticator}
    phone.cdp.send("WebAuthn.setUserVerified", verified | {"isUserVerified": False})
    press(phone, "Make a passkey")
    expect(page.get_by_role("alert")).to_contain_text("No passkey was given")
    expect_fine(phone)
    phone.cdp.send("WebAuthn.setUserVerified", verified | {"isUserVerified": True})
    phone.context.set_offline(True)
    press(phone, "Make a passkey")
    expect(page.get_by_role("alert")).to_contain_text("There is no connection")
    assert phone.faults == [OFFLINE]
    phone.faults.clear()
    phone.context.set_offline(False)
    press(phone, "Make a passkey")
    page.wait_for_url("**/commitments/library?first=1")

    page.goto("/passkeys/new")
    press(phone, "Make a passkey")
    expect(page.get_by_role("alert")).to_contain_text("This device already has a passkey")


def test_a_second_device_comes_in_by_link_and_is_shut_out_with_its_passkey(kept, phone, another):
    kept.start(EVENING)
    create_account(phone)
    phone.page.goto("/settings/passkeys")
    phone.page.get_by_role("link", name="Add a passkey").click()
    expect_fine(phone)
    press(phone, "Show a link")
    expect(phone.page.get_by_role("img", name="The link as a code to scan")).to_be_visible()
    expect_fine(phone)

    tablet = another()
    tablet.page.goto(phone.page.get_by_role("textbox", name="The link").input_value())
    expect_fine(tablet)
    press(tablet, "Go on")
    tablet.page.goto("/account")  # until it has a passkey it sees nothing else
    expect(tablet.page.get_by_role("heading", name="Make a passkey, Dana")).to_be_visible()
    expect_fine(tablet)
    press(tablet, "Make a passkey")
    expect_today(tablet)

    phone.page.goto("/settings/passkeys")
    phone.page.get_by_role("link", name="Chrome").last.click()
    phone.page.get_by_label("Name").fill("Tablet")
    press(phone, "Save")
    expect_fine(phone)
    phone.page.get_by_role("link", name="Tablet").click()
    expect_fine(phone)
    press(phone, "Remove this passkey")
    expect(phone.page.get_by_role("main")).not_to_contain_text("Tablet")
    tablet.page.goto("/account")  # signed out; the browser offers the passkey at once, in vain
    expect(tablet.page.get_by_role("alert")).to_contain_text("Kept does not know this passkey")
    expect_forgotten(tablet)
    assert [fault for fault in tablet.faults if "400" not in fault] == []
    tablet.faults.clear()
    phone.page.get_by_role("link", name="Chrome").click()
    expect(phone.page.get_by_role("main")).to_contain_text("This is your only passkey")


def test_one_recovery_code_opens_the_way_to_a_new_passkey_and_is_used_up(kept, phone, another):
    kept.start(EVENING)
    create_account(phone)
    phone.page.goto("/settings/codes")
    press(phone, "Show my codes")
    expect(phone.page.locator("code")).to_have_count(10)
    expect_fine(phone)
    codes = phone.page.locator("code").all_inner_texts()
    with phone.page.expect_download() as saved:
        press(phone, "Download")
    assert all(code in saved.value.path().read_text() for code in codes)
    phone.page.reload()
    expect(phone.page.get_by_role("main")).to_contain_text("These codes were shown once already")

    new = another()
    new.page.goto("/new-phone")
    expect_fine(new)
    new.page.get_by_role("link", name="Use a recovery code").click()
    expect_fine(new)
    new.page.get_by_label("Recovery code").fill(codes[3].lower().replace("-", " "))
    press(new, "Use this code")
    press(new, "Make a passkey")
    expect(new.page.get_by_role("main")).to_contain_text("Look through what still opens")
    expect_fine(new)
    new.page.get_by_role("link", name="Back to Today").click()
    expect_today(new)
    expect_signed_out(phone)

    phone.page.goto("/recover")
    phone.page.get_by_label("Recovery code").fill(codes[3])
    press(phone, "Use this code")
    expect(phone.page.get_by_role("main")).to_contain_text("No working code matches this")
    assert [fault for fault in phone.faults if "422" not in fault] == []
    phone.faults.clear()


def test_the_host_lets_a_leader_in_once_by_a_link(kept, phone, another):
    kept.start(EVENING)
    create_account(phone)
    link = kept.run("sign-in-link", "Dana").split()[-1]
    new = another()
    new.page.goto(link)
    new.page.goto(link)  # looking uses nothing up
    expect_fine(new)
    press(new, "Sign in")
    expect_today(new)
    new.page.goto("/passkeys/new")
    press(new, "Make a passkey")
    expect(new.page.get_by_role("main").get_by_role("listitem")).to_have_count(2)

    late = another()
    late.page.goto(link)
    expect(late.page.get_by_role("heading", name="This link no longer works")).to_be_visible()
    assert [fault for fault in late.faults if "404" not in fault] == []
    late.faults.clear()


def test_where_accounts_need_an_invitation_it_lets_one_person_in(browser, tmp_path):
    kept = Kept(tmp_path, REGISTRATION="invite")
    kept.start(EVENING)
    phone = Phone(browser.new_context(viewport=PHONE, base_url=kept.origin))
    try:
        phone.page.goto("/")
        expect(phone.page.get_by_role("link", name="Create your account")).to_have_count(0)
        phone.page.goto("/sign-up")
        expect(phone.page.get_by_role("heading", name="By invitation")).to_be_visible()
        expect_fine(phone)
        invitation = kept.run("invite").split()[-1]
        create_account(phone, at=invitation)
        assert phone.faults == []
        sign_out(phone)
        phone.page.goto(invitation)
        expect(phone.page.get_by_role("heading", name="This link no longer works")).to_be_visible()
    finally:
        phone.context.close()
        kept.stop()


def test_settings_hold_and_what_opens_the_account_asks_for_the_passkey_again(kept, phone, another):
    kept.start(EVENING)
    create_account(phone)
    traveller = another(timezone_id="America/New_York")
    traveller.page.goto(kept.run("sign-in-link", "Dana").split()[-1])
    press(traveller, "Sign in")
    traveller.page.goto("/settings")
    offer = "This device says New York, your days follow Berlin. Switch?"
    expect(traveller.page.get_by_text(offer)).to_be_visible()
    expect_fine(traveller)
    press(traveller, "Leave it")
    expect(traveller.page.get_by_text(offer)).to_have_count(0)
    traveller.page.reload()
    press(traveller, "Switch")
    expect(traveller.page.get_by_text("Your days now follow America/New_York.")).to_be_visible()

    phone.page.goto("/settings")
    expect(phone.page.get_by_label("Time zone")).to_have_value("America/New_York")
    phone.page.get_by_label("First name").fill("Dana L.")
    phone.page.get_by_label("Dark").check()
    press(phone, "Save")
    expect(phone.page.get_by_text("Saved.")).to_be_visible()
    expect(phone.page.get_by_label("First name")).to_have_value("Dana L.")
    expect(phone.page.locator("html")).to_have_attribute("data-theme", "dark")
    expect_fine(phone)

    kept.start(NEXT_MORNING)
    phone.page.goto("/settings/codes")
    expect(phone.page.get_by_role("heading", name="Is that you?")).to_be_visible()
    expect_fine(phone)
    press(phone, "Show my passkey")
    expect(phone.page.get_by_role("button", name="Show my codes")).to_be_visible()
    phone.page.goto("/settings/devices")
    expect_fine(phone)
    press(phone, "Sign out all others")
    expect(phone.page.get_by_text("1 other device signed out.")).to_be_visible()
    expect_signed_out(traveller)
