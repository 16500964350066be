"""Takes every screen and state of the demo into one page of screenshots: make gallery.

LANGUAGES names some of them ("en de ar" without it); SCREENS, a part of a name, takes only those.
"""

import os
import re
import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from tests.browser.gallery_page import Shot, write
from tests.browser.gallery_walk import ABSENT, LATE, Walk
from tests.browser.kept import EVENING, PHONE, ROOT, WIDE, Kept, Phone, chromium

OUT = ROOT / "gallery"
SIZES = {"phone": PHONE, "wide": WIDE}
SCHEMES = ("light", "dark")
COUNTRIES = {"en": "en-GB", "de": "de-DE", "ar": "ar-EG"}
QUALITY = 80  # of a JPEG


class Camera:
    """Takes a page as it stands, in every size and scheme."""

    def __init__(self, language: str, wanted: str = ""):
        self.language, self.wanted = language, wanted
        self.shots: list[Shot] = []
        self.missed: list[str] = []

    def take(self, page, name: str, full: bool = True) -> None:
        """`full` takes the whole page, not only what the screen shows (a sheet lies there)."""
        if self.wanted not in name:
            return
        for size, viewport in SIZES.items():
            page.set_viewport_size(viewport)
            if full:  # on a screen as long as the page the bar lies at its end, over nothing
                page.set_viewport_size({**viewport, "height": max(viewport["height"], _long(page))})
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                shot = Shot(name, self.language, size, scheme)
                page.screenshot(path=OUT / shot.file, type="jpeg", quality=QUALITY)
                self.shots.append(shot)
        page.set_viewport_size(PHONE)
        page.emulate_media(color_scheme="light", reduced_motion="reduce")


def _long(page) -> int:
    return page.evaluate("document.documentElement.scrollHeight")


def speak(kept: Kept, language: str) -> None:
    """Every leader's language."""
    _write(kept, "UPDATE leaders SET locale = ?", language)


def lose_a_table(kept: Kept) -> None:
    """A fault of the server's, to see what its page says."""
    _write(kept, "ALTER TABLE lapses RENAME TO lost")


def _write(kept: Kept, statement: str, *values) -> None:
    with closing(sqlite3.connect(kept.folder / "data" / "kept.db")) as rows, rows:
        rows.execute(statement, values)


def walk(browser, filled: Path, language: str, wanted: str) -> list[Shot]:
    """All screens in one language, from a copy of the demo."""
    camera = Camera(language, wanted)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(filled, Path(folder) / "data")
        kept = Kept(Path(folder))
        try:
            kept.start(EVENING)
            speak(kept, language)
            stranger = _phone(browser, kept, language)
            Walk(stranger.page, camera).as_a_stranger()
            Walk(stranger.page, camera).as_a_new_leader()
            cleo, dana = _phone(browser, kept, language), _phone(browser, kept, language)
            _enter(cleo.page, kept, "Cleo")
            _enter(dana.page, kept, "Dana")
            Walk(cleo.page, camera).on_time_off()
            Walk(dana.page, camera).as_dana()
            asked = Walk(dana.page, camera).link_of_the_round()
            Walk(_phone(browser, kept, language).page, camera).as_one_who_is_asked(asked)
            kept.start(LATE)
            Walk(dana.page, camera).late()
            kept.start(ABSENT)
            Walk(dana.page, camera).after_an_absence()
            lose_a_table(kept)
            Walk(dana.page, camera).at_a_fault()
        finally:
            kept.stop()
            for using in browser.contexts:
                using.close()
    for line in camera.missed:
        print(f"{language}: missed {line}", file=sys.stderr)
    return camera.shots


def _enter(page, kept: Kept, name: str) -> None:
    page.goto(kept.run("--now", EVENING, "sign-in-link", name).split()[-1])
    page.locator("main form .button").click()
    page.wait_for_url(f"{kept.origin}/")


def _phone(browser, kept: Kept, language: str) -> Phone:
    context = browser.new_context(
        viewport=PHONE,
        locale=COUNTRIES.get(language, language),
        timezone_id="Europe/Berlin",
        base_url=kept.origin,
        service_workers="block",
        reduced_motion="reduce",
    )
    context.set_default_timeout(8000)
    return Phone(context)


def main(languages: list[str], wanted: str) -> None:
    shutil.rmtree(OUT, ignore_errors=True)
    shots: list[Shot] = []
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        demo = Kept(Path(folder))
        demo.run("--now", EVENING, "demo")
        for language in languages:
            shots += walk(browser, demo.folder / "data", language, wanted)
    write(OUT, shots)
    print(f"{len(shots)} screenshots: {OUT / 'index.html'}")


if __name__ == "__main__":
    chosen = re.split(r"[\s,]+", os.environ.get("LANGUAGES", "").strip() or "en de ar")
    sys.exit(main(chosen, os.environ.get("SCREENS", "")))
