"""The way through all screens and states, by addresses and marks: words differ by language."""

import re

from playwright.sync_api import Error

LATE = "2026-11-25T18:00:00Z"  # the evening after; what was open yesterday is still
ABSENT = "2026-12-10T18:00:00Z"  # a fortnight later, with nothing answered
SETTLED = 400  # ms
THIS_WEEK, LAST_WEEK = "2026-W48", "2026-W47"

PLAIN = {  # of a leader who has lived with it for months
    "Account, ledger": "/account/ledger",
    "The year": "/account/years/2026",
    "Streaks": "/commitments/streaks",
    "How it is counted": "/account/counting",
    "A lapse outside a promise": "/lapses/new",
    "Commitments": "/commitments",
    "Commitments, order": "/commitments?order=1",
    "A commitment": "/commitments/1",
    "A commitment, change": "/commitments/2/edit",
    "A commitment in own words": "/commitments/new",
    "Library": "/commitments/library",
    "Time off": "/time-off",
    "A day": "/days/2026-11-23",
    "People": "/people",
    "A person": "/people/1",
    "Ask one": "/questions/new?commitment=1",
    "Pulse": "/people/pulses",
    "Pulse, a new round": "/people/pulses/new",
    "Settings": "/settings",
    "Settings, reminders": "/settings/reminders",
    "Settings, passkeys": "/settings/passkeys",
    "Settings, recovery codes": "/settings/codes",
    "Settings, devices": "/settings/devices",
    "Settings, export": "/exports",
    "Settings, import": "/imports/new",
    "Settings, delete everything": "/deletions/new",
    "Error 404": "/nothing-here",
}
RANGES = ("week", "month", "quarter", "year", "all")
STRANGE = {
    "Welcome": "/",
    "Sign in": "/sign-in",
    "New phone": "/new-phone",
    "No passkey here": "/no-passkey",
    "Sign in with a recovery code": "/recover",
    "No network": "/offline",
    "Error 404, signed out": "/nothing-here",
}
EMPTY = {
    "First, nothing picked": "/",
    "First, the account": "/account",
    "First, the week": "/weeks/",
    "First, the people": "/people",
    "First, no commitment": "/commitments",
}


class Walk:
    """One page going from screen to screen; `missed` names what could not be reached."""

    def __init__(self, page, camera):
        self.page, self.camera = page, camera
        self.missed: list[str] = camera.missed

    def as_a_stranger(self) -> None:
        self._all(STRANGE)
        self._shot("Create your account", "/sign-up")

    def as_a_new_leader(self) -> None:
        """Signs up, sees the empty screens, picks three, and answers the first day."""
        page = self.page
        page.goto("/sign-up")
        page.fill("input[name=name]", "Nadia")
        page.click("form:has([data-zone]) .button")
        page.wait_for_url("**/commitments/library?first=1")
        self._all(EMPTY)
        self._shot("Picking, the library", "/commitments/library?first=1")
        page.locator("details.theme summary").first.click()
        page.locator("details.theme input").first.check()
        self._take("Picking, one by one")
        page.locator(".pack .button").first.click()
        self._take("Picking, why and for whom")
        page.locator("main form .actions .button").click()
        self._take("Picking, when to be asked")
        page.locator("main form .actions .button").first.click()
        page.wait_for_url(re.compile("/$"))
        self._take("Today, first day")
        self._answer_all("kept")
        self._take("Today, first day answered")
        self._shot("Account, first day", "/account")
        self._shot("Recovery codes", "/settings/codes")

    def on_time_off(self) -> None:
        page = self.page
        page.goto("/time-off")
        page.fill("input[name=first]", "2026-11-24")
        page.fill("input[name=last]", "2026-11-27")
        page.locator("main form .actions .button").last.click()
        self._shot("Today, time off", "/")

    def as_dana(self) -> None:
        self._today()
        for span in RANGES:
            self._shot(f"Account, {span}", f"/account?range={span}")
        self._attempt("Account, a withdrawal read out", self._read_out)
        self._all(PLAIN)
        self._shot("Week, this one", f"/weeks/{THIS_WEEK}")
        self._shot("Week, the guess first", f"/weeks/{LAST_WEEK}")
        self.page.locator(".guess ~ form button").click()
        self._take("Week, told")
        self.page.locator("details.more summary").first.click()
        self._take("Week, more about it")
        self._attempt("Error 422", self._refused)
        self._attempt("Pulse, an open round", self._open_round)

    def late(self) -> None:
        self._shot("Today, still open from yesterday", "/")

    def after_an_absence(self) -> None:
        self._shot("Today, after an absence", "/")
        self._shot("Week, silent", "/weeks/2026-W49")

    def at_a_fault(self) -> None:
        self._shot("Error, no data store", "/account")

    def _today(self) -> None:
        page = self.page
        self._shot("Today, open", "/")
        page.locator("#add-promise summary").click()
        self._take("Today, add a promise")
        page.goto("/")
        page.locator("[data-answer=open] .promise-more:visible").first.click()
        self._sheet("Today, the sheet of an open promise")
        page.goto("/")
        page.locator("[data-sheet=sheet-lapse]").click()
        self._sheet("Today, the lapse sheet")
        page.goto("/")
        page.locator("[data-answer=open] [data-answers=broken] button:visible").first.click()
        self._sheet("Today, the sheet after Broken")
        page.keyboard.press("Escape")
        self._answer("kept")
        self._take("Today, partly answered")
        self._answer_all("kept")
        page.goto("/")
        self._take("Today, all answered")

    def _read_out(self) -> None:
        self.page.goto("/account?range=quarter")
        self.page.locator(".chart a.day").last.focus()

    def _refused(self) -> None:
        self.page.goto("/commitments/new")
        self.page.locator("main form .actions .button").first.click()
        self.page.wait_for_selector("[aria-invalid=true]")

    def _open_round(self) -> None:
        page = self.page
        page.goto("/people/pulses/new")
        page.fill("input[name=group]", "The night shift")
        page.fill("input[name=invited]", "6")
        page.locator("main form .actions .button").click()
        page.wait_for_selector("ol.links details")

    def link_of_the_round(self) -> str:
        """The first link of the round that was opened last."""
        words = self.page.locator("ol.links textarea").first.input_value()
        return re.search(r"http\S+", words)[0]

    def as_one_who_is_asked(self, link: str) -> None:
        self._shot("Pulse, the five questions", link)

    def _sheet(self, name: str) -> None:
        self.page.wait_for_selector("dialog[open]")
        self.page.wait_for_timeout(SETTLED)
        self._take(name, full=False)

    def _answer_all(self, how: str) -> None:
        for _ in range(self.page.locator("[data-answer=open]").count()):
            self._answer(how)

    def _answer(self, how: str) -> None:
        row = self.page.locator("[data-answer=open]").first
        with self.page.expect_response("**/answers"):
            row.locator(f"[data-answers={how}] button:visible").click()
        self.page.wait_for_timeout(SETTLED)

    def _all(self, addresses: dict[str, str]) -> None:
        for name, path in addresses.items():
            self._shot(name, path)

    def _shot(self, name: str, path: str) -> None:
        self._attempt(name, lambda: self.page.goto(path))

    def _attempt(self, name: str, reach) -> None:
        """One screen that cannot be reached shall not lose the others."""
        try:
            reach()
            self._take(name)
        except Error as problem:
            self.missed.append(f"{name}: {str(problem).splitlines()[0]}")

    def _take(self, name: str, full: bool = True) -> None:
        self.camera.take(self.page, name, full)
