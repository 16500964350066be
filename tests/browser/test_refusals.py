"""What waited is sent, and something on the way or Kept itself says no: nothing is lost."""

import pytest
from playwright.sync_api import expect

from tests.browser.waiting import (
    expect_nothing_waits,
    expect_row,
    offline,
    online,
    open_rows,
    stored,
    tap,
)

PORTAL = "<!doctype html><title>Wi-Fi</title><p>Welcome to the hotel.</p>"


PASSING = [
    pytest.param({"status": 401}, id="401"),
    pytest.param({"status": 429, "headers": {"Retry-After": "1"}}, id="429"),
    pytest.param({"status": 500}, id="500"),
    pytest.param({"status": 503, "headers": {"Retry-After": "1"}}, id="503"),
    pytest.param({"status": 302, "headers": {"Location": "/sign-in"}}, id="redirect"),
    pytest.param({"status": 200, "content_type": "text/html", "body": PORTAL}, id="portal"),
]


REFUSING = [403, 409, 413, 422]


@pytest.mark.parametrize("reply", PASSING)
def test_what_is_no_answer_of_keeps_own_leaves_it_waiting(demo, danas, reply):
    page, before = danas.page, len(stored(demo))
    row, *_ = open_rows(page)
    danas.context.route("**/answers", lambda route: route.fulfill(**reply))
    tap(page, row, "Kept")
    expect_row(page, row, "kept", waits=True)
    expect(page.locator("#waiting")).to_be_visible()
    assert len(stored(demo)) == before
    danas.context.unroute("**/answers")
    page.reload()
    expect_nothing_waits(page)
    assert len(stored(demo)) == before + 1


@pytest.mark.parametrize("status", REFUSING)
def test_a_refusal_on_the_way_is_shown_and_tried_again(demo, danas, status):
    page, before = danas.page, len(stored(demo))
    row, *_ = open_rows(page)
    refuse = {"status": status, "content_type": "text/html", "body": "<p>Not in this house.</p>"}
    danas.context.route("**/answers", lambda route: route.fulfill(**refuse))
    tap(page, row, "Kept")
    strip = page.locator("#waiting")
    expect(strip).to_contain_text("1 answer was not accepted.")
    expect(strip).to_contain_text("Not in this house.")
    assert len(stored(demo)) == before
    danas.context.unroute("**/answers")
    strip.get_by_role("button", name="Try again").click()
    expect_nothing_waits(page)
    assert len(stored(demo)) == before + 1


def test_keeps_own_refusal_stands_in_its_words_until_it_is_dismissed(demo, danas):
    page = danas.page
    row, *_ = open_rows(page)
    offline(danas)
    page.evaluate(
        """(row) => {
          const form = document.getElementById(row).querySelector("form[data-answers=kept]");
          form.elements.date.value = "2026-10-01";
          form.requestSubmit();
        }""",
        row,
    )
    expect(page.get_by_text("1 answer waits")).to_be_visible()
    online(danas)
    strip = page.locator("#waiting")
    expect(strip).to_contain_text("1 answer was not accepted.")
    expect(strip).to_contain_text("This day is fixed")
    page.reload()
    expect(strip).to_contain_text("This day is fixed")
    strip.get_by_role("button", name="Dismiss").click()
    expect(strip).to_be_hidden()
    page.reload()
    expect(page.get_by_role("heading", name="Today", exact=True)).to_be_visible()
    expect(strip).to_be_hidden()


def test_a_session_that_is_over_keeps_what_waits_and_says_so(demo, danas):
    page, before = danas.page, len(stored(demo))
    row, *_ = open_rows(page)
    cookies = danas.context.cookies()
    danas.context.clear_cookies()
    tap(page, row, "Kept")
    expect(page.get_by_text("Sign in to send 1 answer.")).to_be_visible()
    expect_row(page, row, "kept", waits=True)
    page.locator("#waiting").get_by_role("link", name="Sign in").click()
    expect(page.get_by_text("Sign in to send 1 answer.")).to_be_visible()
    expect(page.get_by_text("I start every meeting")).to_have_count(0)
    danas.context.add_cookies(cookies)
    page.goto("/")
    expect_nothing_waits(page)
    assert len(stored(demo)) == before + 1
