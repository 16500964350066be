"""A server and a phone for each test; the phone's faults fail the test."""

import shutil

import pytest

from tests.browser.kept import EVENING, NO_NETWORK, PHONE, Kept, Phone, chromium, enter


@pytest.fixture(scope="session")
def browser():
    with chromium() as running:
        yield running


@pytest.fixture
def kept(tmp_path):
    running = Kept(tmp_path)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def filled(tmp_path_factory):
    """A data folder in which Dana has led for 120 days, and Cleo elsewhere."""
    folder = tmp_path_factory.mktemp("demo")
    Kept(folder).run("--now", EVENING, "demo")
    return folder / "data"


@pytest.fixture
def demo(tmp_path, filled):
    """A server with a copy of that data."""
    shutil.copytree(filled, tmp_path / "data")
    running = Kept(tmp_path)
    running.start(EVENING)
    yield running
    running.stop()


@pytest.fixture
def danas(browser, demo):
    """Dana's phone, signed in and with Today kept on it; it may lose its network."""
    context = browser.new_context(
        viewport=PHONE, timezone_id="Europe/Lisbon", locale="en-GB", base_url=demo.origin
    )
    using = Phone(context)
    enter(using, demo, "Dana")
    yield using
    context.close()
    assert [fault for fault in using.faults if not fault.startswith(NO_NETWORK)] == []


@pytest.fixture
def phone(browser, kept):
    context = browser.new_context(
        viewport=PHONE, timezone_id="Europe/Berlin", locale="en-GB", base_url=kept.origin
    )
    using = Phone(context)
    yield using
    context.close()
    assert using.faults == []
