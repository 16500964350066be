"""A shared phone: who signs out leaves nothing private on it, and loses nothing unasked."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.kept import enter
from tests.browser.waiting import (
    expect_nothing_waits,
    expect_row,
    offline,
    online,
    open_rows,
    stored,
    tap,
)

PRIVATE = ("I start every meeting on the minute", "Maria", "Dana", "59.8")
EVERYTHING = """async () => {
  const found = { ...localStorage, ...sessionStorage };
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      if (request.url.includes("/static/")) continue;
      found[request.url] = await (await cache.match(request)).text();
    }
  }
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise((resolve) => {
      indexedDB.open(name).onsuccess = (event) => resolve(event.target.result);
    });
    for (const store of database.objectStoreNames) {
      const all = database.transaction(store).objectStore(store).getAll();
      found[store] = await new Promise((resolve) => (all.onsuccess = () => resolve(all.result)));
    }
    database.close();
  }
  return JSON.stringify(found);
}"""


def sign_out(page) -> None:
    page.goto("/settings")
    page.get_by_role("button", name="Sign out on this device").click()


def expect_left(page) -> None:
    expect(page.get_by_role("link", name="Create your account")).to_be_visible()


def traces(page) -> list[str]:
    """What private words this browser still keeps, or shows."""
    found = page.evaluate(EVERYTHING) + page.content()
    return [word for word in PRIVATE if word in found]


def test_nothing_private_is_left_after_signing_out(demo, danas):
    page = danas.page
    for path in ("/weeks/", "/account", "/"):
        page.goto(path)
    page.wait_for_timeout(500)
    assert traces(page) != []  # the look itself finds what is there
    other = danas.context.new_page()
    other.goto("/account")
    sign_out(page)
    expect_left(page)
    expect_left(other)
    assert traces(page) == []
    page.go_back()
    page.wait_for_load_state()
    assert traces(page) == []
    offline(danas)
    for path in ("/", "/account", "/weeks/"):
        page.goto(path)
        expect(page.get_by_role("heading", name="No network")).to_be_visible()
        assert traces(page) == []


def test_what_waits_is_sent_before_signing_out(demo, danas):
    page, before = danas.page, len(stored(demo))
    row, *_ = open_rows(page)
    offline(danas)
    tap(page, row, "Kept")
    expect_row(page, row, "kept", waits=True)
    danas.context.route("**/answers", lambda route: route.abort())
    online(danas)
    page.goto("/settings")
    danas.context.unroute("**/answers")
    page.get_by_role("button", name="Sign out on this device").click()
    expect_left(page)
    assert len(stored(demo)) == before + 1
    assert traces(page) == []


@pytest.mark.parametrize("stays", [True, False])
def test_what_cannot_be_sent_is_asked_about(demo, danas, stays):
    page, before = danas.page, len(stored(demo))
    row, *_ = open_rows(page)
    danas.context.route("**/answers", lambda route: route.abort())
    tap(page, row, "Kept")
    expect_row(page, row, "kept", waits=True)
    sign_out(page)
    question = page.get_by_role("dialog", name="Some answers have not been sent")
    if not stays:
        question.get_by_role("button", name="Sign out and lose them").click()
        expect_left(page)
        assert traces(page) == []
        return
    question.get_by_role("button", name="Stay and send them").click()
    danas.context.unroute("**/answers")
    page.goto("/")
    expect_nothing_waits(page)
    assert len(stored(demo)) == before + 1


def test_without_a_network_nobody_is_signed_out(demo, danas):
    page = danas.page
    page.goto("/settings")
    offline(danas)
    page.get_by_role("button", name="Sign out on this device").click()
    expect(page.get_by_text("You are still signed in")).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("heading", name="Today", exact=True)).to_be_visible()


def test_another_leader_sees_and_sends_nothing_of_the_first(demo, danas):
    page, before = danas.page, len(stored(demo))
    row, *_ = open_rows(page)
    offline(danas)
    tap(page, row, "Kept")
    expect_row(page, row, "kept", waits=True)
    danas.context.clear_cookies()
    online(danas)
    enter(danas, demo, "Cleo")
    expect(page.locator("#waiting")).to_be_hidden()
    assert [word for word in PRIVATE if word in page.content()] == []
    kept = json.loads(page.evaluate(EVERYTHING))
    assert not any(word in str(kept.get(f"{demo.origin}/", "")) for word in PRIVATE)
    assert len(stored(demo)) == before
    offline(danas)
    page.goto("/account")
    assert [word for word in PRIVATE if word in page.content()] == []
