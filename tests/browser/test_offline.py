"""Without a network: Today opens as it truly is, and what is said there reaches the server once."""

import json
import re

from playwright.sync_api import expect

from habits.models import Commitment, Lapse
from tests.browser.kept import EVENING, Phone, await_copy, await_true, enter
from tests.browser.waiting import (
    balance,
    expect_nothing_waits,
    expect_row,
    offline,
    online,
    open_rows,
    stored,
    tap,
)

MANY = 500  # answers


def test_today_opens_after_one_visit_and_takes_answers(demo, danas):
    page = danas.page
    before = len(stored(demo))
    kept, broken, released, *_ = open_rows(page)
    shown = balance(page)
    offline(danas)
    page.goto("/")
    expect(page.get_by_text("No network. This is as of")).to_be_visible()
    tap(page, kept, "Kept")
    expect_row(page, kept, "kept", waits=True)
    tap(page, broken, "Broken")
    sheet = page.locator("dialog[open]")
    sheet.get_by_text("I put myself before my word").click()
    sheet.get_by_role("textbox", name="Note").fill("I took the easy way.")
    sheet.get_by_role("button", name="Save").click()
    expect_row(page, broken, "broken", waits=True)
    expect(page.locator(f"[id='{broken}']")).to_contain_text("I put myself before my word.")
    expect(page.get_by_text("3 answers wait for the network.")).to_be_visible()
    expect(page.get_by_text("counted when connected")).to_be_visible()
    assert balance(page) == shown

    page.reload()
    expect_row(page, kept, "kept", waits=True)
    expect_row(page, broken, "broken", waits=True)
    assert len(stored(demo)) == before

    online(danas)
    expect_nothing_waits(page)
    expect_row(page, kept, "kept", waits=False)
    rows = stored(demo)[before:]
    assert [(r.reply, r.nature, r.note) for r in rows] == [
        ("kept", None, None),
        ("broken", None, None),
        ("broken", "choice", "I took the easy way."),
    ]
    assert balance(page) != shown
    assert demo.run("--now", EVENING, "verify") is not None


def test_a_promise_and_a_lapse_wait_too(demo, danas):
    page = danas.page
    offline(danas)
    page.get_by_text("Add a promise for today").click()
    page.get_by_label("What do you promise for today?").fill("I call Ben back")
    page.locator("#add-promise").get_by_text("Competency").click()
    page.get_by_role("button", name="Promise it").click()
    expect(page.get_by_text("1 answer waits for the network.")).to_be_visible()
    page.get_by_role("link", name="Record a lapse").click()
    sheet = page.locator("dialog[open]")
    sheet.get_by_text("I misled someone").click()
    sheet.get_by_role("button", name="Record it").click()
    expect(page.get_by_text("2 answers wait for the network.")).to_be_visible()
    page.get_by_text("What waits").click()
    expect(page.locator("#waiting li")).to_have_text(
        [re.compile("A promise for today: I call Ben back"), re.compile("A lapse outside")]
    )
    page.close()

    danas.page = page = danas.context.new_page()
    online(danas)
    page.goto("/")
    expect_nothing_waits(page)
    expect(page.locator("[data-promise]", has_text="I call Ben back")).to_be_visible()
    assert len(stored(demo, Commitment, title="I call Ben back")) == 1
    assert [lapse.nature for lapse in stored(demo, Lapse)][-1] == "deception"


def test_an_answer_shows_what_it_was_after_it_was_sent(demo, danas):
    page = danas.page
    row, *_ = open_rows(page)
    tap(page, row, "Kept")
    page.wait_for_function("row => !document.getElementById(row).dataset.was", arg=row)
    offline(danas)  # at once, before the device's copy could be made anew
    page.goto("/")
    expect_row(page, row, "kept", waits=False)


def test_many_answers_survive_restarts_tabs_and_another_leader(demo, danas):
    page, before = danas.page, len(stored(demo))
    demo.stop()  # a page that closes is connected for a moment again, whatever Playwright was told
    offline(danas)
    page.goto("/")
    row = open_rows(page)[0]
    tap(page, row, "Kept")
    expect_row(page, row, "kept", waits=True)
    for part in range(4):
        say_notes(page, row, range(part * MANY // 4, (part + 1) * MANY // 4))
        page.close(run_before_unload=False)
        page = danas.context.new_page()
        page.goto("/")
        expect(page.get_by_text(re.compile("answers wait for the network"))).to_be_visible()
    expect(page.get_by_text(f"{MANY + 1} answers wait")).to_be_visible()

    online(danas)  # the network is there, the server is not
    page.wait_for_timeout(500)
    danas.context.clear_cookies()  # before the server is back: it would take them as Dana's
    demo.start(EVENING)
    danas.page = page
    enter(danas, demo, "Cleo")
    expect(page.locator("#waiting")).to_be_hidden()
    page.wait_for_timeout(500)
    assert len(stored(demo)) == before

    danas.context.clear_cookies()
    other = danas.context.new_page()
    enter(danas, demo, "Dana")
    other.goto("/")
    for each in (page, other):
        expect(each.locator("#waiting")).to_be_hidden(timeout=60_000)
    sent = stored(demo)[before:]
    assert [row.note for row in sent] == [None, *(f"Note {n}" for n in range(MANY))]
    assert len({row.key for row in sent}) == MANY + 1


def say_notes(page, row: str, numbers: range) -> None:
    """Save the row's sheet so many times, each with another note."""
    page.locator(f"#{row}").get_by_role("link", name="Note").click()  # a row is given it when asked
    expect(page.locator("dialog[open]")).to_be_visible()
    page.evaluate(
        """([row, first, last]) => {
          const form = document.getElementById(row).querySelector("dialog form[data-answers=kept]");
          for (let n = first; n < last; n++) {
            form.elements.note.value = `Note ${n}`;
            form.requestSubmit();
          }
        }""",
        [row, numbers.start, numbers.stop],
    )
    expect(page.get_by_text(f"{numbers.stop + 1} answers wait")).to_be_visible(timeout=30_000)


def test_two_phones_come_to_the_later_answer(browser, demo, danas):
    row, *_ = open_rows(danas.page)
    offline(danas)
    tap(danas.page, row, "Kept")
    expect_row(danas.page, row, "kept", waits=True)
    other = Phone(browser.new_context(base_url=demo.origin))
    enter(other, demo, "Dana")
    tap(other.page, row, "Broken")
    other.page.keyboard.press("Escape")
    expect_row(other.page, row, "broken", waits=False)
    online(danas)
    expect_nothing_waits(danas.page)
    danas.page.reload()
    other.page.reload()
    expect_row(danas.page, row, "broken", waits=False)
    expect_row(other.page, row, "broken", waits=False)
    other.context.close()


def test_a_slow_network_gets_the_copy_and_then_the_page(demo, danas):
    page = danas.page
    demo.halt()
    page.goto("/", timeout=10_000)
    expect(page.get_by_text("This is as of")).to_be_visible()
    demo.go_on()
    expect(page.get_by_text("This is as of")).to_be_hidden(timeout=15_000)


def test_what_was_changed_on_another_page_shows_without_a_network(demo, danas):
    page = danas.page
    page.goto("/settings")
    page.get_by_label("Language").select_option("de")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    await_true(
        page, """async () => (await (await caches.match("/")).text()).includes('lang="de"')"""
    )
    offline(danas)
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator("[data-promise]").first).to_be_visible()


def test_pages_that_are_not_kept_say_so(danas):
    page = danas.page
    offline(danas)
    page.goto("/people")
    expect(page.get_by_role("heading", name="No network")).to_be_visible()
    page.get_by_role("link", name="Today", exact=True).click()
    expect(page.get_by_role("heading", name="Today", exact=True)).to_be_visible()


def test_a_form_sent_before_its_script_ran_waits_like_any_other(demo, danas):
    page, before = danas.page, len(stored(demo))
    row, *_ = open_rows(page)
    offline(danas)
    page.evaluate(
        "row => document.getElementById(row).querySelector('form[data-answers=kept]').submit()", row
    )
    expect_row(page, row, "kept", waits=True)
    online(danas)
    expect_nothing_waits(page)
    assert len(stored(demo)) == before + 1


def test_taps_in_a_row_come_to_the_last_of_them(demo, danas):
    page, before = danas.page, len(stored(demo))
    row, *_ = open_rows(page)
    offline(danas)
    for how in ("Kept", "Take back", "Broken"):
        tap(page, row, how)
        page.wait_for_timeout(600)  # a second tap within half a second is the same tap
    page.keyboard.press("Escape")
    page.wait_for_timeout(600)
    for how in ("Take back", "Kept"):
        tap(page, row, how)
        page.wait_for_timeout(600)
    online(danas)
    expect_nothing_waits(page)
    expect_row(page, row, "kept", waits=False)
    said = [answer.reply and answer.reply.value for answer in stored(demo)[before:]]
    assert said == ["kept", None, "broken", None, "kept"]
    await_copy(page)
    assert json.loads(page.evaluate("JSON.stringify(localStorage)")) == {}
