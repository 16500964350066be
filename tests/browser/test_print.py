"""What goes on paper: a week is one sheet, and an account does not begin with an empty one."""

import re

import pytest

PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")
PAPERS = ("A4", "Letter")


@pytest.mark.parametrize("paper", PAPERS)
def test_a_whole_week_is_one_sheet(danas, paper):
    page = danas.page
    page.goto("/weeks/2026-W47")
    page.get_by_role("button", name="Look without guessing").click()
    page.get_by_role("heading", name="What moved the account").wait_for()
    assert _sheets(page, paper) == 1


@pytest.mark.parametrize("paper", PAPERS)
def test_the_account_leaves_its_table_of_days_out_where_it_is_closed(danas, paper):
    page = danas.page
    page.goto("/account?range=quarter")
    closed = _sheets(page, paper)
    page.get_by_text("The same as a table").click()
    assert closed <= 3 < _sheets(page, paper)


def test_recovery_codes_on_paper_say_whose_they_are(danas):
    page = danas.page
    page.goto("/settings/codes")
    page.locator("main form .button").first.click()
    page.get_by_role("heading", name="Your recovery codes").wait_for()
    whose = page.get_by_text(re.compile("Kept recovery codes of Dana"))
    assert not whose.is_visible()
    page.emulate_media(media="print")
    assert whose.is_visible()


def _sheets(page, paper: str) -> int:
    return len(PAGE.findall(page.pdf(format=paper, prefer_css_page_size=True)))
