"""A device whose clock is wrong answers at the server's time."""

import re

from playwright.sync_api import expect

from tests.browser.test_first_days import EVENINGS, FIRST, TITLES, answer, pick_three, sign_up


def test_a_clock_two_years_slow_still_answers_late(kept, phone):
    kept.start(FIRST)
    page = phone.page
    sign_up(page)
    pick_three(page)
    kept.start(EVENINGS[0])
    page.clock.set_fixed_time("2024-11-21T18:00:00Z")
    page.goto("/")
    answer(page, "Kept", TITLES[0])
    expect(page.locator("#flash")).to_contain_text("Friday, answered late: +")
    page.goto("/days/2026-11-20")
    row = page.locator("[data-promise]", has_text=TITLES[0])
    expect(row).to_contain_text(re.compile("Character.*answered\\slate"))
