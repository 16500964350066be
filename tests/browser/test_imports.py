"""Bringing history along on a phone: looked at, chosen, written in once, found again, undone."""

import re

from playwright.sync_api import expect

from tests.browser.everyone import faults
from tests.importers import samples

TITLE = "Listen first"
FILE = "Loop Habits CSV 2026-03-05.zip"


def choose(page, name: str, content: bytes) -> None:
    page.goto("/imports/new")
    give(page, name, content)


def give(page, name: str, content: bytes) -> None:
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    page.get_by_label("The file", exact=True).set_input_files(file)


def read(page) -> None:
    page.get_by_role("button", name="Read the file").click()


def of(page, title: str):
    """What is asked of one commitment of the file."""
    return page.get_by_role("group", name=title, exact=True)


def test_a_file_is_seen_chosen_from_imported_once_and_undone(danas):
    page = danas.page
    page.goto("/account")
    balance = page.locator("#balance").get_attribute("value")
    page.goto("/settings")
    page.get_by_role("link", name="Bring history along").click()
    expect(page.get_by_text("Nothing is written before you have seen it.")).to_be_visible()

    choose(page, FILE, samples.loop_csv())
    read(page)
    expect(page.get_by_text("Nothing is written yet.")).to_be_visible()
    listen = of(page, TITLE)
    expect(listen.get_by_text("1 kept, 1 broken, 1 released")).to_be_visible()
    expect(listen.get_by_text("2 Mar 2026 to 5 Mar 2026")).to_be_visible()
    expect(listen.get_by_text("2 notes on days without a mark are left out.")).to_be_visible()
    assert faults(page) == []
    listen.get_by_label("Character").check()
    listen.get_by_label("So that …").fill("so that people are heard")
    of(page, "Read").get_by_role("checkbox").uncheck()
    expect(of(page, "Read").get_by_label("So that …")).to_be_hidden()
    of(page, "Read").get_by_role("checkbox").check()
    page.get_by_role("button", name="Import", exact=True).click()
    page.wait_for_url("**/commitments")
    expect(page.get_by_text("Imported. 4 commitments are new.")).to_be_visible()

    page.locator("summary", has_text="Retired").click()  # Dana's own five fill her days
    page.get_by_role("link", name=re.compile(TITLE)).click()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(page.get_by_text("so that people are heard")).to_be_visible()
    expect(page.get_by_text("Character").first).to_be_visible()
    page.goto(f"{page.url.partition('?')[0]}?month=2026-03")
    for day, mark in (("Thursday 5", "kept"), ("Wednesday 4", "broken"), ("Monday 2", "released")):
        cell = page.get_by_role("img", name=f"{day} March: {mark}, from before")
        expect(cell).to_be_visible()

    page.goto("/account")
    expect(page.locator("#balance")).to_have_attribute("value", balance)
    choose(page, FILE, samples.loop_csv())
    read(page)
    expect(page.get_by_text("All of this is here already.")).to_be_visible()
    expect(page.get_by_text("3 are here already")).to_be_visible()
    expect(page.get_by_role("button", name="Import", exact=True)).to_have_count(0)
    assert faults(page) == []
    page.get_by_role("button", name="Leave it, and forget the file").click()
    expect(page.get_by_text("Nothing was imported.")).to_be_visible()

    page.get_by_role("button", name=f"Undo the import of {FILE}").click()
    expect(page.get_by_text("The import is undone.")).to_be_visible()
    page.goto("/commitments")
    expect(page.get_by_role("link", name=re.compile(TITLE))).to_have_count(0)
    page.goto("/account")
    expect(page.locator("#balance")).to_have_attribute("value", balance)


def test_a_file_that_cannot_be_read_is_said_at_its_field_and_loses_nothing(danas):
    page = danas.page
    choose(page, "holiday.jpg", b"\xff\xd8\xff\xe0 a picture")
    page.get_by_text("The file comes from another time zone").click()
    page.get_by_label("Time zone of the file").select_option("Asia/Tokyo")
    read(page)
    field = page.get_by_label("The file", exact=True)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(
        re.compile("“holiday.jpg” cannot be imported: it is none that Kept can read")
    )
    expect(page.get_by_label("Time zone of the file")).to_be_visible()
    expect(page.get_by_label("Time zone of the file")).to_have_value("Asia/Tokyo")
    assert faults(page) == []
    danas.faults.clear()  # the refusal's status
    give(page, "habits.json", samples.as_json(samples.HABIT_TROVE))
    read(page)
    expect(page.get_by_text("its days are read in Asia/Tokyo")).to_be_visible()
