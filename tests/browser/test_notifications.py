"""A notification in a real Chromium: shown whatever arrives, and answered with Kept closed."""

from playwright.sync_api import expect

from tests.browser.reminding import CLICK, SHOWN, TITLES, settle, sign_in


def row_of(page):
    page.goto("/")
    return page.locator("[data-promise]", has_text=TITLES[0]).last


def test_kept_is_answered_from_the_notification_with_the_app_closed(
    reminding, dana, pocket, reminded, devices, worker
):
    settle(reminded, keep=1)
    payload = reminding.remind(devices[0])
    reminded.close()
    worker.deliver(payload)
    (shown,) = worker.shown()
    assert (shown["title"], shown["actions"]) == ("1 promise is open", ["kept", "broken"])
    assert reminding.stored(dana) == []
    worker.run(CLICK, "kept")
    reminding.wait_until_stored(dana, worker.blank, ["kept"])
    assert worker.run(SHOWN) == []
    worker.deliver(payload)  # the same on another device: one more tap is the same answer
    worker.shown()
    worker.run(CLICK, "kept")
    expect(row_of(pocket.context.new_page())).to_have_attribute("data-answer", "kept")
    assert reminding.stored(dana) == ["kept"]


def test_an_answer_from_a_notification_without_a_network_arrives_once_it_is_there(
    reminding, dana, pocket, reminded, devices, worker
):
    settle(reminded, keep=1)
    payload = reminding.remind(devices[0])
    reminded.close()
    worker.deliver(payload)
    worker.shown()
    pocket.context.set_offline(True)
    worker.run(CLICK, "kept")
    assert reminding.stored(dana) == []
    pocket.context.set_offline(False)
    expect(row_of(pocket.context.new_page())).to_have_attribute("data-answer", "kept")
    reminding.wait_until_stored(dana, worker.blank, ["kept"])


def test_broken_is_answered_with_the_other_button(reminding, dana, reminded, devices, worker):
    settle(reminded, keep=1)
    worker.deliver(reminding.remind(devices[0]))
    worker.shown()
    worker.run(CLICK, "broken")
    reminding.wait_until_stored(dana, worker.blank, ["broken"])


def test_all_are_kept_with_one_button(reminding, dana, reminded, devices, worker):
    worker.deliver(reminding.remind(devices[0]))
    (shown,) = worker.shown()
    assert (shown["title"], shown["actions"]) == ("3 promises are open", ["kept", "open"])
    worker.run(CLICK, "kept")
    reminding.wait_until_stored(dana, worker.blank, ["kept"])
    reminded.goto("/")
    expect(reminded.get_by_text("3 of 3 kept.")).to_be_visible()


def test_who_was_signed_out_meanwhile_keeps_the_tap_for_the_way_back_in(
    reminding, dana, pocket, reminded, devices, worker
):
    settle(reminded, keep=1)
    payload = reminding.remind(devices[0])
    pocket.context.clear_cookies()
    worker.deliver(payload)
    worker.shown()
    worker.run(CLICK, "kept")
    assert reminding.stored(dana) == []
    sign_in(reminded, reminding.link(dana))
    reminding.wait_until_stored(dana, worker.blank, ["kept"])


def test_another_leader_on_this_device_sees_nothing_of_it(reminding, reminded, devices, worker):
    payload = reminding.remind(devices[0])
    reminded.goto("/settings")
    reminded.get_by_role("button", name="Sign out").click()
    expect(reminded.get_by_role("link", name="Create your account")).to_be_visible()
    assert reminded.evaluate("localStorage.getItem('endpoint')") is None
    worker.deliver(payload)
    (shown,) = worker.shown()
    assert (shown["title"], shown["body"], shown["actions"]) == ("Kept", "", [])


def test_what_cannot_be_read_still_shows_something(worker):
    worker.deliver({"odd": True})
    assert worker.shown()[0]["title"] == "Kept"
