"""Draws the icons as PNG and takes the screenshots of README and manifest: make pictures."""

import re
import tempfile
from pathlib import Path

from tests.browser.kept import EVENING, PHONE, ROOT, WIDE, Kept, chromium

ICONS = {
    "app-180": ("app", 180),
    "app-192": ("app", 192),
    "app-512": ("app", 512),
    "maskable-512": ("maskable", 512),
    "monochrome-512": ("monochrome", 512),
    "check-in-96": ("check-in", 96),
    "week-96": ("week", 96),
}
STATIC = ROOT / "static"


def draw(browser) -> None:
    """Each icon from its drawing; what is not drawn stays transparent."""
    for name, (source, size) in ICONS.items():
        page = browser.new_page(viewport={"width": size, "height": size})
        page.goto((STATIC / "icons" / f"{source}.svg").as_uri())
        page.screenshot(path=STATIC / "icons" / f"{name}.png", omit_background=True)
        page.close()


def take(browser, kept: Kept) -> None:
    """Today and the week on a phone, Today on a wide screen, from the demo."""
    kept.run("--now", EVENING, "demo")
    link = kept.run("--now", EVENING, "sign-in-link", "Dana").split()[-1]
    kept.start(EVENING)
    for size, scale, shots in (
        (PHONE, 2, {"today": "/", "week": "/weeks/2026-W47"}),
        (WIDE, 1, {"wide": "/"}),
    ):
        context = browser.new_context(
            viewport=size, device_scale_factor=scale, locale="en-GB", service_workers="block"
        )
        page = context.new_page()
        page.goto(link)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(re.compile("/$"))
        for name, path in shots.items():
            page.goto(kept.origin + path)
            look = page.get_by_role("button", name="Look without guessing")
            if look.count():
                look.click()
            page.wait_for_timeout(500)
            page.screenshot(path=STATIC / "screenshots" / f"{name}.png")
        link = kept.run("--now", EVENING, "sign-in-link", "Dana").split()[-1]
        context.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        draw(browser)
        kept = Kept(Path(folder))
        try:
            take(browser, kept)
        finally:
            kept.stop()


if __name__ == "__main__":
    main()
