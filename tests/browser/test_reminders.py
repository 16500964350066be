"""Reminders in a real Chromium: turned on by a tap, shown, and answered with Kept closed."""

import json
import re
import time

import pytest
from playwright.sync_api import expect

from tests.browser.kept import PHONE, Kept, Phone
from tests.browser.test_first_days import FIRST, TITLES, pick_three, sign_up
from tests.push_service import PushService

EVENING = "2026-11-20T19:30:00Z"  # half past eight in Berlin
STUB = """
(({ endpoints, keys }) => {
  const made = (endpoint) => endpoint && {
    endpoint, options: {}, toJSON: () => ({ endpoint, keys }),
    unsubscribe: async () => localStorage.removeItem("endpoint") ?? true,
  };
  PushManager.prototype.getSubscription = async () => made(localStorage.getItem("endpoint"));
  PushManager.prototype.subscribe = async () => {
    const count = Number(localStorage.getItem("count"));
    localStorage.setItem("count", count + 1);
    localStorage.setItem("endpoint", endpoints[count]);
    return made(endpoints[count]);
  };
})(%s)
"""
SHOWN = """async () => (await registration.getNotifications()).map(
  ({ title, body, actions }) => ({ title, body, actions: actions.map(({ action }) => action) }))"""
CLICK = """async (action) => {
  const [notification] = await registration.getNotifications();
  const pending = [];
  const event = new NotificationEvent("notificationclick", { notification, action });
  event.waitUntil = (promise) => pending.push(promise);
  dispatchEvent(event);
  await Promise.all(pending);
}"""


@pytest.fixture
def service():
    running = PushService()
    yield running
    running.stop()


@pytest.fixture
def kept(tmp_path, service):
    running = Kept(tmp_path, KEPT_PUSH_SERVICES=service.host)
    yield running
    running.stop()


@pytest.fixture
def devices(service):
    """Where the browser is reached first, and where after it subscribed anew; the same keys."""
    first, second = service.device("first"), service.device("second")
    second.key, second.auth = first.key, first.auth
    return first, second


@pytest.fixture
def phone(browser, kept, devices):
    context = browser.new_context(
        viewport=PHONE, timezone_id="Europe/Berlin", locale="en-GB", base_url=kept.origin
    )
    context.grant_permissions(["notifications"], origin=kept.origin)
    subscription = devices[0].subscription()
    given = {
        "endpoints": [device.endpoint for device in devices],
        "keys": {name: subscription[name] for name in ("p256dh", "auth")},
    }
    context.add_init_script(STUB % json.dumps(given))
    using = Phone(context)
    yield using
    context.close()


@pytest.fixture
def reminded(kept, phone):
    """Dana has promised three things, and reminders are on for her phone."""
    kept.start(FIRST)
    page = phone.page
    sign_up(page)
    pick_three(page)
    page.goto("/settings/reminders")
    page.get_by_role("button", name="Turn on reminders").click()
    expect(page.get_by_text("Reminders are on for this device.").first).to_be_visible()
    return page


def settle(page, keep: int) -> None:
    """Answer all but so many of today's promises."""
    page.goto("/")
    for title in TITLES[keep:]:
        row = page.locator("[data-promise]", has_text=title).last
        with page.expect_response("**/answers"):
            row.get_by_role("button", name=f"Kept: {title}").click()


def next_push(service, device, count: int = 1) -> dict:
    """What the ticker beside the server sends, decrypted."""
    until = time.monotonic() + 15
    while len(service.to(device)) < count:
        assert time.monotonic() < until, "no reminder arrived"
        time.sleep(0.05)
    return service.to(device)[-1]


class Worker:
    """The service worker, with or without an open page of Kept's."""

    def __init__(self, phone, kept):
        self.context = phone.context
        self.kept = kept
        self.blank = phone.context.new_page()  # what speaks with the browser is no page of Kept's
        self.cdp = phone.context.new_cdp_session(self.blank)
        self.registrations = []
        self.cdp.on(
            "ServiceWorker.workerRegistrationUpdated",
            lambda event: self.registrations.extend(event["registrations"]),
        )
        self.cdp.send("ServiceWorker.enable")

    def deliver(self, payload: dict) -> None:
        until = time.monotonic() + 10
        while not (self.registrations and self.run("registration.active !== null")):
            assert time.monotonic() < until, "no worker is registered"
            self.blank.wait_for_timeout(50)
        self.cdp.send(
            "ServiceWorker.deliverPushMessage",
            {
                "origin": self.kept.origin,
                "registrationId": self.registrations[0]["registrationId"],
                "data": json.dumps(payload),
            },
        )

    def run(self, script: str, *arguments):
        return self.context.service_workers[-1].evaluate(script, *arguments)

    def shown(self, count: int = 1) -> list[dict]:
        until = time.monotonic() + 10
        while len(found := self.run(SHOWN)) != count:
            assert time.monotonic() < until, found
            self.blank.wait_for_timeout(50)
        return found


@pytest.fixture
def worker(phone, kept, reminded):
    return Worker(phone, kept)


def remind(kept, service, device) -> dict:
    """Let the evening come."""
    kept.start(EVENING)
    return next_push(service, device)


def stored(kept) -> list[str]:
    """What the server has of Dana's first promise today."""
    from habits import create_app
    from habits.config import from_environment
    from habits.db import db
    from habits.models import Answer, Commitment

    app = create_app(from_environment(kept.env()))
    with app.app_context():
        query = db.select(Answer.reply).join(Commitment, Commitment.id == Answer.commitment_id)
        found = list(db.session.scalars(query.where(Commitment.title == TITLES[0])))
        db.engine.dispose()
    return found


def wait_until_stored(kept, worker, replies: list[str]) -> None:
    until = time.monotonic() + 20
    while (found := stored(kept)) != replies:
        assert time.monotonic() < until, found
        worker.blank.wait_for_timeout(200)


def test_the_test_arrives_where_it_was_asked_for(reminded, service, devices, worker):
    reminded.get_by_role("button", name="Send me a test").click()
    expect(reminded.get_by_text("It should be here within a minute.")).to_be_visible()
    (payload,) = service.to(devices[0])
    worker.deliver(payload)
    assert worker.shown()[0]["title"] == "Reminders arrive here"


def test_kept_is_answered_from_the_notification_with_the_app_closed(
    kept, phone, reminded, service, devices, worker
):
    settle(reminded, keep=1)
    payload = remind(kept, service, devices[0])
    reminded.close()
    worker.deliver(payload)
    (shown,) = worker.shown()
    assert (shown["title"], shown["actions"]) == ("1 promise is open", ["kept", "broken"])
    assert stored(kept) == []
    worker.run(CLICK, "kept")
    wait_until_stored(kept, worker, ["kept"])
    assert worker.run(SHOWN) == []
    worker.deliver(payload)  # the same on another device: one more tap is the same answer
    worker.shown()
    worker.run(CLICK, "kept")
    page = phone.context.new_page()
    page.goto("/")
    row = page.locator("[data-promise]", has_text=TITLES[0]).last
    expect(row).to_have_attribute("data-answer", "kept")
    assert stored(kept) == ["kept"]


def test_an_answer_from_a_notification_without_a_network_arrives_once_it_is_there(
    kept, phone, reminded, service, devices, worker
):
    settle(reminded, keep=1)
    payload = remind(kept, service, devices[0])
    reminded.close()
    worker.deliver(payload)
    worker.shown()
    phone.context.set_offline(True)
    worker.run(CLICK, "kept")
    assert stored(kept) == []
    phone.context.set_offline(False)
    page = phone.context.new_page()
    page.goto("/")
    row = page.locator("[data-promise]", has_text=TITLES[0]).last
    expect(row).to_have_attribute("data-answer", "kept")
    wait_until_stored(kept, worker, ["kept"])


def test_all_are_kept_with_one_button(kept, phone, reminded, service, devices, worker):
    payload = remind(kept, service, devices[0])
    worker.deliver(payload)
    (shown,) = worker.shown()
    assert (shown["title"], shown["actions"]) == ("3 promises are open", ["kept", "open"])
    worker.run(CLICK, "kept")
    wait_until_stored(kept, worker, ["kept"])
    reminded.goto("/")
    expect(reminded.get_by_text("3 of 3 kept.")).to_be_visible()


def test_who_was_signed_out_meanwhile_keeps_the_tap_for_the_way_back_in(
    kept, phone, reminded, service, devices, worker
):
    settle(reminded, keep=1)
    payload = remind(kept, service, devices[0])
    phone.context.clear_cookies()
    worker.deliver(payload)
    worker.shown()
    worker.run(CLICK, "kept")
    assert stored(kept) == []
    reminded.goto("about:blank")
    reminded.goto("/sign-in")
    reminded.wait_for_url(re.compile(r"/$"))  # the passkey offers itself
    wait_until_stored(kept, worker, ["kept"])


def test_another_leader_on_this_device_sees_nothing_of_it(
    kept, phone, reminded, service, devices, worker
):
    payload = remind(kept, service, devices[0])
    reminded.goto("/settings")
    reminded.get_by_role("button", name="Sign out").click()
    expect(reminded.get_by_role("link", name="Create your account")).to_be_visible()
    assert reminded.evaluate("localStorage.getItem('endpoint')") is None
    worker.deliver(payload)
    (shown,) = worker.shown()
    assert (shown["title"], shown["body"], shown["actions"]) == ("Kept", "", [])


def test_what_cannot_be_read_still_shows_something(reminded, worker):
    worker.deliver({"odd": True})
    assert worker.shown()[0]["title"] == "Kept"


def test_a_browser_that_moved_or_was_forgotten_is_mended_on_opening(
    kept, reminded, service, devices
):
    reminded.evaluate("localStorage.removeItem('endpoint')")
    with reminded.expect_response("**/subscriptions") as reply:
        reminded.goto("/")
    assert reply.value.status == 200
    service.replies.append((410, {}))
    kept.start(EVENING)
    next_push(service, devices[1])
    reminded.goto("/settings/reminders")
    expect(reminded.get_by_text("They stopped reaching this device.")).to_be_visible()


def test_off_is_off_in_the_browser_and_on_the_server(reminded):
    reminded.get_by_role("button", name="Turn off").click()
    expect(reminded.get_by_text("Reminders are off on this device.")).to_be_visible()
    assert reminded.evaluate("localStorage.getItem('endpoint')") is None
    expect(reminded.get_by_text("None yet.")).to_be_visible()


def test_an_iphone_is_told_to_install_first(browser, kept):
    kept.start(FIRST)
    context = browser.new_context(
        viewport=PHONE, base_url=kept.origin,
        user_agent="Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Safari/604.1",
    )  # fmt: skip
    context.add_init_script("delete window.PushManager")
    page = Phone(context).page
    sign_up(page)
    page.goto("/settings/reminders")
    expect(page.get_by_text("Add to Home Screen")).to_be_visible()
    expect(page.get_by_role("button", name="Turn on reminders")).to_be_hidden()
    context.close()


def test_a_browser_that_blocks_notifications_says_how_to_allow_them(browser, kept):
    kept.start(FIRST)
    context = browser.new_context(viewport=PHONE, base_url=kept.origin)
    page = Phone(context).page
    sign_up(page)
    page.goto("/settings/reminders")
    context.add_init_script(
        "Object.defineProperty(Notification, 'permission', { get: () => 'denied' })"
    )
    page.reload()
    expect(page.get_by_text("This browser blocks notifications")).to_be_visible()
    context.close()
