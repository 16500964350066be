"""The charts of Today, Week and Account are read out day by day, by keys alone."""

import re

import pytest
from playwright.sync_api import expect

PLOT = ".chart:visible > svg"
DAY = re.compile(r"^2[34] Nov 2026 · \d\d\.\d \([+−]?\d\.\d\)")


def done(page) -> None:
    """Answer all of today, so that its head unfolds."""
    while page.locator("[data-due][data-answer=open]").count():
        with page.expect_response("**/answers"):
            page.locator(
                "[data-due][data-answer=open] [data-answers=kept] button:visible"
            ).first.click()
        page.wait_for_timeout(500)


@pytest.mark.parametrize("path", ["/", "/weeks/2026-W48", "/account?range=month"])
def test_arrow_keys_read_a_chart_out(danas, path):
    page = danas.page
    page.goto(path)
    if path == "/":
        done(page)
    plot = page.locator(PLOT).first
    said = page.locator(".chart-say:visible").first
    expect(plot).to_have_attribute("tabindex", "0")
    whole = said.inner_text()
    plot.focus()
    page.keyboard.press("ArrowLeft")
    expect(said).to_have_text(DAY)
    last = said.inner_text()
    assert "24 Nov 2026" in last
    expect(page.locator("#announcer")).to_have_text(last)
    page.keyboard.press("ArrowLeft")
    expect(said).to_have_text(DAY)
    assert "23 Nov 2026" in said.inner_text()
    expect(page.locator("#announcer")).to_have_text(said.inner_text())
    plot.blur()
    expect(said).to_have_text(whole)
