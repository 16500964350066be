"""A stranger's first days on a phone: from Welcome to the week, signed out and in again."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from habits import create_app, ledger
from habits.config import from_environment
from habits.db import db
from habits.models import Leader
from habits.trust.fold import fold

FIRST = "2026-11-20T09:00:00Z"  # a Friday
EVENINGS = ("2026-11-21T18:00:00Z", "2026-11-22T18:00:00Z", "2026-11-23T18:00:00Z")
TITLES = (
    "I do today's promised thing by noon",
    "I ask two questions before I advise",
    "I name owner, date and done for each task",
)


def sign_up(page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Create your account").click()
    page.get_by_label("First name").fill("Dana")
    page.get_by_role("button", name="Make a passkey").click()
    page.wait_for_url("**/commitments/library?first=1")


def pick_three(page) -> None:
    page.get_by_role("button", name=re.compile("Take these.*New in the role")).click()
    page.get_by_role("button", name="Promise these from today").click()
    page.locator("input[type=time]").fill("20:30")
    page.get_by_role("button", name="Go to Today").click()
    page.wait_for_url("**/")


def balance(page) -> float:
    return float(page.locator("#balance").get_attribute("value"))


def moved(page, before: float) -> float:
    """The balance, once it is no longer what it was."""
    expect(page.locator("#balance")).not_to_have_attribute("value", str(before))
    return balance(page)


def open_rows(page) -> list:
    ids = [row.get_attribute("id") for row in page.locator("[data-answer=open]").all()]
    return [page.locator(f"[id='{name}']") for name in ids]


def folded(kept) -> float:
    """The balance of the last evening, folded from the first day on, without the pages."""
    app = create_app(from_environment(kept.env()))
    with app.app_context():
        history = ledger.history(db.session.query(Leader).one())
    return fold(history, date.fromisoformat(EVENINGS[-1][:10]))[-1].state.balance


def answer(page, how: str, title: str) -> None:
    row = page.locator("[data-promise]", has_text=title).last
    with page.expect_response("**/answers"):
        row.get_by_role("button", name=f"{how}: {title}").click()
    expect(row).to_have_attribute("data-answer", how.lower())


def test_a_stranger_signs_up_picks_answers_owns_up_and_reads_the_account(kept, phone):
    kept.start(FIRST)
    page = phone.page
    sign_up(page)
    pick_three(page)
    expect(page.get_by_text("Come back tonight")).to_be_visible()
    expect(page.locator("[data-promise]")).to_have_count(3)
    start = balance(page)

    answer(page, "Kept", TITLES[0])
    kept_one = moved(page, start)
    assert kept_one > start

    answer(page, "Broken", TITLES[1])
    sheet = page.locator("dialog[open]")
    expect(sheet).to_be_visible()
    unsaid = moved(page, kept_one)
    assert unsaid < kept_one
    sheet.get_by_label("Yes").check()
    sheet.get_by_role("textbox", name="Note").fill("I gave advice at once.")
    sheet.get_by_label("What will you do about it?").fill("I ask Ben what he needs")
    sheet.get_by_role("button", name="Save").click()
    expect(page.get_by_text("A mistake, told.").last).to_be_visible()
    told = moved(page, unsaid)
    assert told > unsaid

    answer(page, "Kept", TITLES[2])
    expect(page.get_by_text("2 of 3 kept.")).to_be_visible()
    expect(page.locator("#today-foot").get_by_text("I ask Ben what he needs")).to_be_visible()
    evening = moved(page, told)

    page.get_by_role("link", name="Save recovery codes").click()
    expect(page).to_have_url(re.compile("/(settings/codes|confirm)"))
    page.get_by_role("link", name="Week").click()
    expect(page.get_by_role("heading", name=re.compile("Week 47"))).to_be_visible()
    page.get_by_role("link", name="Account").click()
    assert balance(page) == evening
    expect(page.locator("main svg title").first).to_be_attached()

    page.goto("/settings")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Create your account")).to_be_visible()
    page.goto("/sign-in")
    page.wait_for_url(re.compile(r"/$"))  # the passkey offers itself
    assert balance(page) == evening


@pytest.mark.parametrize("silent_day", [False, True])
def test_the_days_that_follow_come_to_what_the_arithmetic_says(kept, phone, silent_day):
    kept.start(FIRST)
    page = phone.page
    sign_up(page)
    pick_three(page)
    for title in TITLES:
        answer(page, "Kept", title)
    for evening in EVENINGS:
        kept.start(evening)
        page.goto("/")
        for row in open_rows(page):
            if silent_day and row.get_attribute("data-date") == "2026-11-22":
                continue
            with page.expect_response("**/answers"):
                row.get_by_role("button", name=re.compile("^Kept: ")).click()
            expect(row).to_have_attribute("data-answer", "kept")
    page.goto("/")
    shown = balance(page)
    kept.run("verify")
    assert shown == pytest.approx(folded(kept), abs=1e-9)
