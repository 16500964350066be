"""A running Kept and a phone to use it with: the real server, the real Chromium."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.databases import COMPILED
from tests.serving import family

ROOT = Path(__file__).parent.parent.parent
KEPT = Path(sys.executable).parent / "kept"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
EVENING = "2026-11-24T18:00:00Z"  # a Tuesday
NO_NETWORK = "Failed to load resource"  # what Chromium itself notes of a refusal or no network
PHONE = {"width": 360, "height": 780}
WIDE = {"width": 1280, "height": 800}


class Kept:
    """One Kept in a data folder of its own, stopped and started at any instant."""

    def __init__(self, folder: Path, **settings):
        self.folder = folder
        self.port = _free_port()
        self.origin = f"http://localhost:{self.port}"
        self.settings = settings
        self.process = None

    def start(self, instant: str | None = None) -> None:
        """Serve from this instant on, such as 2026-11-23T18:00:00Z."""
        self.stop()
        clock = {"KEPT_CLOCK": instant} if instant else {}
        log = open(self.folder / "log", "ab")  # noqa: SIM115  the process owns it
        self.process = subprocess.Popen(
            [KEPT, "serve"], env=self.env(**clock), stdout=log, stderr=log, cwd=self.folder
        )
        self._wait()

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(15)
            self.process = None

    def run(self, *words: str) -> str:
        """What a command of the host prints."""
        done = subprocess.run([KEPT, *words], env=self.env(), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def halt(self) -> None:
        """Stop all its processes where they are: it takes connections and says nothing."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, what: int) -> None:
        for pid in family(self.process.pid):
            os.kill(pid, what)

    def env(self, **more: str) -> dict:
        mine = {
            "KEPT_DATA": str(self.folder / "data"),
            "KEPT_CACHE": str(COMPILED),
            "PORT": str(self.port),
        }
        kept = {k: v for k, v in os.environ.items() if not k.startswith("KEPT_")}
        return kept | mine | self.settings | more

    def _wait(self) -> None:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{self.origin}/healthz", timeout=1)
            except OSError:
                time.sleep(0.1)
            else:
                return
        self._signal(signal.SIGKILL)
        raise AssertionError((self.folder / "log").read_text()[-2000:])


class Phone:
    """A page that keeps a passkey and notes everything that went wrong in it."""

    def __init__(self, context):
        self.context = context
        self.page = context.new_page()
        self.faults: list[str] = []
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.authenticator = self._add_authenticator()

    def _on_console(self, message) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(message.text)

    def _add_authenticator(self) -> str:
        cdp = self.context.new_cdp_session(self.page)
        self.cdp = cdp
        cdp.send("WebAuthn.enable", {"enableUI": False})
        options = {
            "protocol": "ctap2",
            "ctap2Version": "ctap2_1",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
            "defaultBackupEligibility": True,
            "defaultBackupState": True,
        }
        made = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        return made["authenticatorId"]


@contextmanager
def chromium():
    """The browser that this machine has."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def chromium_path() -> str:
    """Where this machine has it."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "install Debian's chromium: apt-get install chromium"
    return path


def enter(phone: Phone, kept: Kept, name: str) -> None:
    """Sign a leader in by the host's link, and wait until this device has its copy of Today."""
    page = phone.page
    page.goto(kept.run("--now", EVENING, "sign-in-link", name).split()[-1])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{kept.origin}/")
    await_copy(page)


def await_copy(page) -> None:
    """Wait until the service worker has its copy of Today."""
    await_true(page, """async () => Boolean(await caches.match("/"))""")


def await_true(page, question: str) -> None:
    """Wait until a script answers yes; Playwright's own wait takes a promise for a yes."""
    for _ in range(150):
        if page.evaluate(question):
            return
        page.wait_for_timeout(100)
    raise AssertionError(question)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
