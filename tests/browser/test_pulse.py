"""A leader asks six people, who answer on phones of their own; then the round closes."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.everyone import faults
from tests.browser.kept import PHONE
from tests.browser.test_first_days import sign_up

OPENS = "2026-11-20T09:00:00Z"  # a Friday
CLOSED = "2026-11-27T09:30:00Z"
ITEMS = ("ability", "benevolence", "integrity", "congruence", "follow")


def open_round(page, people: int) -> list[str]:
    """The links of a new round, as the leader can send them."""
    page.goto("/people")
    page.get_by_role("link", name="Ask the people you lead").click()
    page.get_by_label("Who are you asking?").fill("The night shift")
    page.get_by_label("How many people?").fill(str(people))
    page.get_by_role("button", name="Open the round").click()
    expect(page.get_by_text(f"Hand out {people} links, one each.")).to_be_visible()
    texts = [area.input_value() for area in page.locator(".links [data-draft]").all()]
    return [re.search(r"http\S+", text)[0] for text in texts]


def answer(browser, url: str, boxes) -> None:
    """One person, on a phone without script, who had nothing to do with Kept before."""
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(url)
    for item, box in zip(ITEMS, boxes, strict=True):
        page.locator(f"[name={item}][value='{box}']").check()
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    page.goto(url)
    expect(page.get_by_role("heading", name="This link is used up")).to_be_visible()
    assert context.cookies() == []
    context.close()


def check(page, *paths) -> None:
    """Nothing on these pages keeps anyone out, and none is wider than the phone."""
    for path in paths:
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach((fold) => (fold.open = true))")
        assert faults(page) == [], path


@pytest.mark.parametrize("answers", [4, 6])
def test_six_people_are_asked_and_the_round_shows_what_the_rules_let(kept, phone, browser, answers):
    kept.start(OPENS)
    page = phone.page
    sign_up(page)
    links = open_round(page, 6)
    assert len(set(links)) == 6

    page.goto(links[0])
    expect(page.get_by_text("This link is for the people you lead")).to_be_visible()
    phone.faults.clear()  # the refusal's status
    if answers == 6:
        check(page, "/people", "/people/pulses/1/sheet")
        unasked = browser.new_context(base_url=kept.origin, viewport=PHONE).new_page()
        check(unasked, links[0], "/pulse/nobody-made-this")
        unasked.context.close()
    for number in range(answers):
        answer(browser, links[number], (4, number % 3, 3, 4, 5 if number < 2 else 4))
    page.goto("/people/pulses/1")
    expect(page.get_by_text(re.compile("^Open until Friday 27 November, 10:00"))).to_be_visible()
    assert not re.search(
        r"\banswers?\b.*\d", page.locator("main").inner_text().partition("What")[0]
    )

    kept.start(CLOSED)
    late = browser.new_context(java_script_enabled=False).new_page()
    late.goto(links[5])
    expect(late.get_by_role("heading", name="This pulse is closed")).to_be_visible()
    late.context.close()
    page.goto("/people/pulses/1")
    if answers < 5:
        expect(page.get_by_text("Too few to be anonymous; ask in person instead.")).to_be_visible()
        assert page.locator("dl").count() == 0
        return
    rows = page.locator("dl .pair")
    expect(rows).to_have_count(4)  # two cannot say whether they would follow: four are too few
    assert rows.all_inner_texts()[0].split() == [
        *["What", "you", "take", "on", "is", "done", "well", "mostly", "yes"]
    ]
    gap = page.locator("dt:text-is('The gap') + dd")
    expect(gap).to_have_text("You have their good in mind")
    check(page, "/people/pulses/1", "/people/pulses", "/people")
    page.goto("/people/pulses/1")
    assert "%" not in page.locator("main").inner_text()
    page.get_by_role("link", name="Promise it").click()
    expect(page.get_by_label("What do you promise?")).to_have_value(re.compile("teammate"))
    log = (kept.folder / "log").read_text()
    assert "/pulse/" not in log
    assert not any(link.rpartition("/")[2] in log for link in links)
