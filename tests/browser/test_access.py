"""Every main screen as axe sees it: no fault of any weight, contrast as for the highest level."""

from tests.browser.everyone import faults
from tests.browser.kept import PHONE

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
    "/offline",
    "/nothing-here",
]
STRANGE = ["/", "/sign-in", "/sign-up", "/new-phone"]


def test_every_screen_is_for_everyone(demo, danas, browser):
    found = look(danas.page, SCREENS)
    stranger = browser.new_context(viewport=PHONE, base_url=demo.origin, locale="en-GB")
    found += look(stranger.new_page(), STRANGE)
    stranger.close()
    assert found == []


def look(page, screens: list[str]) -> list[str]:
    """What is wrong with any of them, unfolded."""
    found = []
    for path in screens:
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach((fold) => (fold.open = true))")
        found += [f"{path}: {each}" for each in faults(page)]
    return found
