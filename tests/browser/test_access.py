"""Every main screen as axe sees it; those of a stranger are looked at in test_ways_in."""

from tests.browser.everyone import faults

SCREENS = [
    "/",
    "/account?range=quarter",
    "/account/ledger",
    "/account/years/2026",
    "/account/counting",
    "/weeks/2026-W47",
    "/weeks/2026-W48",
    "/people",
    "/people/1",
    "/people/pulses/new",
    "/commitments",
    "/commitments/1",
    "/commitments/new",
    "/commitments/library",
    "/commitments/streaks",
    "/days/2026-11-23",
    "/lapses/new",
    "/questions/new?commitment=1",
    "/time-off",
    "/settings",
    "/settings/reminders",
    "/settings/devices",
    "/imports/new",
    "/exports",
    "/exports/page",
    "/deletions/new",
    "/offline",
    "/nothing-here",
]


def test_every_screen_of_a_leader_is_for_everyone(danas):
    assert look(danas.page, SCREENS) == []


def look(page, screens: list[str]) -> list[str]:
    """What is wrong with any of them, unfolded."""
    found = []
    for path in screens:
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach((fold) => (fold.open = true))")
        found += [f"{path}: {each}" for each in faults(page)]
    return found
