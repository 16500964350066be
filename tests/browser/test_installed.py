"""Kept as an app: it can be installed, starts with little, and a new version waits to be wanted."""

import re
import shutil

import pytest
from playwright.sync_api import expect

from tests.browser.kept import FLAGS, PHONE, ROOT, await_copy, await_true, chromium_path, enter
from tests.browser.waiting import await_stored, open_rows, stored, tap

MOST_BYTES = 40_000  # of a first load, over the wire
MOST_REQUESTS = 8
SLOW_4G = {
    "offline": False,
    "latency": 562,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
LEFT = """async () => {
  const registrations = await navigator.serviceWorker.getRegistrations();
  return registrations.length === 0 && (await caches.keys()).length === 0;
}"""
SOONEST = 100  # ms from a tap to what it shows


def test_chromium_finds_nothing_that_keeps_it_from_being_installed(browser, demo, tmp_path):
    context = browser.browser_type.launch_persistent_context(
        tmp_path / "profile", executable_path=chromium_path(), args=FLAGS, viewport=PHONE
    )
    try:
        page = context.new_page()
        page.goto(demo.origin)
        cdp = context.new_cdp_session(page)
        assert cdp.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
        manifest = cdp.send("Page.getAppManifest")
        assert manifest["errors"] == []
        assert cdp.send("Page.getAppId")["appId"] == f"{demo.origin}/"
    finally:
        context.close()


def test_a_first_load_of_today_is_small(browser, demo, danas):
    state = danas.context.storage_state()
    context = browser.new_context(viewport=PHONE, storage_state=state, base_url=demo.origin)
    page = context.new_page()
    cdp = context.new_cdp_session(page)
    cdp.send("Network.enable")
    asked, bytes_ = [], []
    cdp.on("Network.requestWillBeSent", lambda event: asked.append(event["requestId"]))
    cdp.on("Network.loadingFinished", lambda event: bytes_.append(event["encodedDataLength"]))
    page.goto("/", wait_until="networkidle")
    page.close()
    context.close()
    assert len(set(asked)) <= MOST_REQUESTS
    assert sum(bytes_) <= MOST_BYTES


def test_a_tap_shows_at_once_on_a_slow_phone(danas):
    page = danas.page
    danas.cdp.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    danas.cdp.send("Network.enable")
    danas.cdp.send("Network.emulateNetworkConditions", SLOW_4G)
    page.reload()
    took = []
    for row in open_rows(page)[:3]:
        took.append(
            page.evaluate(
                """async (row) => {
                  const place = document.getElementById(row);
                  const button = place.querySelector("form[data-answers=kept] .answer");
                  const start = performance.now();
                  button.click();
                  if (place.dataset.answer !== "kept") return Infinity;
                  await new Promise((shown) => requestAnimationFrame(() => setTimeout(shown)));
                  return performance.now() - start;
                }""",
                row,
            )
        )
        page.wait_for_timeout(700)
    assert sorted(took)[1] <= SOONEST


@pytest.fixture
def release(tmp_path):
    """A copy of the code that can be changed, as a deployment does."""
    folder = tmp_path / "release"
    for name in ("habits", "templates", "static", "migrations"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


def deploy(demo, release) -> None:
    """Serve another version of the script and the style from now on."""
    with (release / "static" / "js" / "sheets.js").open("a") as script:
        script.write("\n// another release\n")
    demo.settings["PYTHONPATH"] = str(release)
    demo.start("2026-11-24T18:30:00Z")


def test_an_old_tab_survives_a_deployment_and_takes_the_new_version_when_asked(
    demo, danas, release
):
    page, before = danas.page, len(stored(demo))
    old = page.locator("link[rel=stylesheet]").get_attribute("href")
    deploy(demo, release)
    row, *_ = open_rows(page)
    tap(page, row, "Broken")  # its sheet comes from a script that was not loaded yet
    sheet = page.locator("dialog[open]")
    sheet.get_by_label("Yes").check()
    sheet.get_by_role("button", name="Save").click()
    expect(page.locator(f"[id='{row}']")).to_contain_text("A mistake, told.")
    expect(page.locator("[data-pending]")).to_have_count(0)
    await_stored(demo, before + 2)

    page.goto("/")
    offer = page.get_by_text("A new version is ready.")
    expect(offer).to_be_visible(timeout=15_000)
    assert page.locator("link[rel=stylesheet]").get_attribute("href") != old
    with page.expect_navigation():
        page.get_by_role("button", name="Use it").click()
    expect(page.get_by_role("heading", name="Today", exact=True)).to_be_visible()
    expect(offer).to_have_count(0)
    shelves = page.evaluate("caches.keys()")
    assert len([name for name in shelves if name.startswith("static-")]) == 1


def test_a_host_can_switch_the_worker_off(demo, danas):
    page = danas.page
    demo.settings["KEPT_WORKER"] = "off"
    demo.start("2026-11-24T18:30:00Z")
    page.goto("/")
    page.evaluate("navigator.serviceWorker.getRegistration().then((r) => r?.update())")
    await_true(page, LEFT)


def test_the_hint_to_install_comes_after_an_answered_day_and_stays_away(browser, demo, danas):
    iphone = (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
        "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
    )
    context = browser.new_context(
        viewport=PHONE, user_agent=iphone, base_url=demo.origin, locale="en-GB"
    )
    apple = type(danas)(context)
    enter(apple, demo, "Dana")
    page, hint = apple.page, apple.page.get_by_text("Tap Share, then")
    expect(hint).to_be_hidden()
    for row in open_rows(page):
        tap(page, row, "Kept")
    expect(page.locator("[data-promise][data-due][data-answer=open]")).to_have_count(0)
    page.reload()
    expect(hint).to_be_visible()
    expect(page.get_by_text("You sign in once more there")).to_be_visible()
    page.get_by_role("button", name="Not now").click()
    page.reload()
    await_copy(page)
    expect(hint).to_be_hidden()
    page.goto("/settings")
    expect(hint).to_be_visible()
    context.close()


def test_where_the_browser_can_install_it_a_button_asks(danas):
    page = danas.page
    page.goto("/settings")
    page.wait_for_function("navigator.serviceWorker.controller")
    page.evaluate(
        """() => {
          const event = new Event("beforeinstallprompt", { cancelable: true });
          event.prompt = async () => (window.asked = true);
          event.userChoice = Promise.resolve({ outcome: "accepted" });
          dispatchEvent(event);
        }"""
    )
    page.get_by_role("button", name="Install").click()
    assert page.evaluate("window.asked") is True
    expect(page.get_by_role("button", name="Install")).to_be_hidden()


def test_every_icon_and_screenshot_of_the_manifest_has_its_size(demo, danas):
    page = danas.page
    manifest = page.evaluate("fetch('/manifest.webmanifest').then((reply) => reply.json())")
    for picture in manifest["icons"] + manifest["screenshots"]:
        if picture["sizes"] == "any":
            continue
        size = page.evaluate(
            """async (src) => {
              const image = new Image();
              image.src = src;
              await image.decode();
              return `${image.naturalWidth}x${image.naturalHeight}`;
            }""",
            picture["src"],
        )
        assert size == picture["sizes"], picture
    assert re.fullmatch("/", manifest["scope"])
