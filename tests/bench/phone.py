"""What a slow phone sees: Chromium with a 4× slower CPU on slow 4G, nothing in its cache."""

from playwright.sync_api import Page

from tests.bench.figures import Phone
from tests.browser.kept import chromium

SLOW_4G = {"offline": False, "latency": 562, "downloadThroughput": 200_000}  # ms, bytes a second
SLOWER = 4
WATCH = """
window.seen = { lcp: 0, blocking: 0 };
const watch = (type, note) => {
  const observer = new PerformanceObserver((list) => list.getEntries().forEach(note));
  observer.observe({ type, buffered: true });
};
watch("largest-contentful-paint", (entry) => { seen.lcp = entry.startTime; });
watch("longtask", (entry) => { seen.blocking += entry.duration - 50; });
"""
TAP = """(form) => new Promise((resolve) => {
  const row = form.closest("[data-promise]");
  const begun = performance.now();
  new MutationObserver((_, observer) => {
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begun)));
  }).observe(row, { attributeFilter: ["data-answer"] });
  form.querySelector("button").click();
})"""


def look(kept) -> Phone:
    """Load Today with an empty cache, and keep its first promise."""
    with chromium() as browser:
        return _look(browser, kept)


def _look(browser, kept) -> Phone:
    address = f"http://localhost:{kept.port}/"
    context = browser.new_context(
        viewport={"width": 360, "height": 780}, device_scale_factor=2, is_mobile=True
    )
    cookies = kept.wire.cookies.items()
    context.add_cookies([{"name": name, "value": said, "url": address} for name, said in cookies])
    page = context.new_page()
    page.add_init_script(WATCH)
    sizes: list[float] = []
    _slow_down(page, sizes)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    seen = page.evaluate("seen")
    requests, received = len(sizes), sum(sizes)
    tap = page.eval_on_selector('[data-answer="open"] form[data-answers="kept"]', TAP)
    return Phone(requests, int(received), seen["lcp"], seen["blocking"], tap)


def _slow_down(page: Page, sizes: list[float]) -> None:
    """Throttle the page; `sizes` gets the bytes of each of its requests."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_4G | {"uploadThroughput": 93_750})
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    session.on("Network.loadingFinished", lambda done: sizes.append(done["encodedDataLength"]))
