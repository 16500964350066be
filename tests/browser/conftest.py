"""A server and a phone for each test; the phone's faults fail the test."""

import pytest

from tests.browser.kept import PHONE, Kept, Phone, chromium


@pytest.fixture(scope="session")
def browser():
    with chromium() as running:
        yield running


@pytest.fixture
def kept(tmp_path):
    running = Kept(tmp_path)
    yield running
    running.stop()


@pytest.fixture
def phone(browser, kept):
    context = browser.new_context(
        viewport=PHONE, timezone_id="Europe/Berlin", locale="en-GB", base_url=kept.origin
    )
    using = Phone(context)
    yield using
    context.close()
    assert using.faults == []
