"""A day by keys alone: what has the focus keeps it, or hands it to what took its place."""

import re

import pytest
from playwright.sync_api import expect

KEPT = re.compile("^Kept: I start every meeting")
BACK = re.compile("^Take back: I start every meeting")


def press(page, name, role="button") -> None:
    page.get_by_role(role, name=name).first.focus()
    page.keyboard.press("Enter")


def answered(page, name) -> None:
    page.wait_for_timeout(500)  # a second tap within it is the same tap
    with page.expect_response("**/answers"):
        press(page, name)


def expect_focus(page, role, name) -> None:
    expect(page.get_by_role(role, name=name).first).to_be_focused()


def test_an_answer_hands_the_focus_to_its_taking_back_and_that_to_kept(danas):
    page = danas.page
    answered(page, KEPT)
    expect_focus(page, "button", BACK)
    answered(page, BACK)
    expect_focus(page, "button", KEPT)  # Enter once more shall not break the promise


def test_the_sheet_of_a_broken_promise_gives_the_focus_back_to_its_row(danas):
    page = danas.page
    answered(page, re.compile("^Broken: I start every meeting"))
    expect(page.locator("dialog[open]")).to_be_visible()
    page.keyboard.press("Escape")
    expect_focus(page, "button", BACK)


def test_a_promise_and_a_lapse_leave_the_focus_where_they_were_asked_for(danas):
    page = danas.page
    press(page, "Record a lapse", role="link")
    sheet = page.locator("dialog[open]")
    sheet.get_by_label("I fell short").check()
    with page.expect_response(is_the_new_page):
        press(page, "Record it")
    expect(page.get_by_text("The lapse is recorded.")).to_be_visible()
    expect_focus(page, "link", "Record a lapse")

    page.get_by_text("Add a promise for today").click()
    page.get_by_label("What do you promise for today?").fill("I call Ben back")
    page.locator("#add-promise").get_by_label("Competency").check()
    with page.expect_response(is_the_new_page):
        press(page, "Promise it")
    expect(page.locator("[data-promise]", has_text="I call Ben back")).to_be_visible()
    expect(page.locator("#add-promise > summary")).to_be_focused()


def is_the_new_page(response) -> bool:
    """Today as the server has it after a write, drawn in place of what is shown."""
    return response.request.headers.get("kept-copy") == "show"


@pytest.mark.parametrize(
    ("path", "name"), [("/account/ledger", "Earlier"), ("/account?range=month", "Quarter")]
)
def test_a_link_that_draws_in_its_place_keeps_the_focus(danas, path, name):
    page = danas.page
    page.goto(path)
    with page.expect_response(re.compile("before=|range=quarter")):
        press(page, name, role="link")
    expect_focus(page, "link", name)


def test_the_end_of_the_ledger_takes_the_focus_of_the_link_that_led_there(danas):
    page = danas.page
    page.goto("/account/ledger")
    earlier = page.get_by_role("link", name="Earlier")
    while earlier.count():
        led_to = page.locator(f'a[href="{earlier.get_attribute("href")}"]')
        press(page, "Earlier", role="link")
        expect(led_to).to_have_count(0)
    expect(page.get_by_text("Here the account begins, at 50")).to_be_focused()


def test_what_has_the_focus_in_the_library_stands_above_its_last_line(danas):
    page = danas.page
    page.goto("/commitments/library")
    line = page.locator(".library-go")
    for theme in page.locator(".theme > summary").all():
        theme.focus()
        found = theme.bounding_box()
        assert found["y"] + found["height"] <= line.bounding_box()["y"]


def test_a_refused_form_begins_at_what_is_wrong(danas):
    page = danas.page
    page.goto("/commitments/new")
    page.locator("main form .actions .button").first.click()
    page.wait_for_selector("[aria-invalid=true]")
    assert page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"
