"""A server and a phone for each test; the phone's faults fail the test."""

import json
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from habits import create_app
from habits.config import from_environment
from habits.db import db
from habits.models.leaders import Leader
from tests import cast
from tests.browser.kept import EVENING, NO_NETWORK, PHONE, Kept, Phone, await_copy, chromium
from tests.browser.reminding import STUB, Reminding, Worker, phone_of, sign_in
from tests.push_service import PushService

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    """Chromium on two busy cores may be late once; what fails twice fails, and a rerun is told."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.flaky(reruns=1))


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


@pytest.fixture(scope="session")
def dana_is_in(filled):
    """The cookie of a session of Dana's in that data, which is quicker to have than a link."""
    app = create_app(from_environment(Kept(filled.parent).env(KEPT_CLOCK=EVENING)))
    client = app.test_client()
    with app.app_context():
        dana = db.session.scalar(select(Leader).filter_by(name="Dana"))
    cast.sign_in(client, dana, fresh=True)  # as by a link
    with app.app_context():
        db.engine.dispose()
    return client.get_cookie("kept").value


@pytest.fixture
def demo(tmp_path, filled, dana_is_in):
    """A server with a copy of that data."""
    shutil.copytree(filled, tmp_path / "data")
    running = Kept(tmp_path)
    running.start(EVENING)
    yield running
    running.stop()


@pytest.fixture
def danas(browser, demo, dana_is_in):
    """Dana's phone, signed in and with Today kept on it; it may lose its network."""
    context = browser.new_context(
        viewport=PHONE, timezone_id="Europe/Lisbon", locale="en-GB", base_url=demo.origin
    )
    context.add_cookies([{"name": "kept", "value": dana_is_in, "url": demo.origin}])
    using = Phone(context)
    using.page.goto("/")
    await_copy(using.page)
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


@pytest.fixture(scope="session")
def reminding(tmp_path_factory):
    """A server that reminds, and a push service; each test's leader is its own."""
    service = PushService()
    running = Reminding(tmp_path_factory.mktemp("reminding"), service)
    yield running
    running.stop()
    service.stop()


@pytest.fixture
def service(reminding):
    reminding.service.replies.clear()
    reminding.service.messages.clear()  # another leader may have had the same number
    return reminding.service


@pytest.fixture
def dana(reminding):
    """The number of the leader that this test is about."""
    with reminding.leader() as number:
        yield number


@pytest.fixture
def devices(service, dana):
    """Where the browser is reached first, and where after it subscribed anew; the same keys."""
    first, second = service.device(f"{dana}/first"), service.device(f"{dana}/second")
    second.key, second.auth = first.key, first.auth
    return first, second


@pytest.fixture
def pocket(browser, reminding, devices):
    """A phone that allows notifications."""
    subscription = devices[0].subscription()
    given = {
        "endpoints": [device.endpoint for device in devices],
        "keys": {name: subscription[name] for name in ("p256dh", "auth")},
    }
    with phone_of(browser, reminding.kept.origin) as phone:
        phone.context.grant_permissions(["notifications"], origin=reminding.kept.origin)
        phone.context.add_init_script(STUB % json.dumps(given))
        yield phone


@pytest.fixture
def reminded(reminding, dana, pocket):
    """A page of Dana's, who has promised three things, with reminders on for her phone."""
    page = pocket.page
    sign_in(page, reminding.link(dana))
    page.goto("/settings/reminders")
    page.get_by_role("button", name="Turn on reminders").click()
    expect(page.get_by_text("Reminders are on for this device.").first).to_be_visible()
    return page


@pytest.fixture
def worker(reminding, pocket, reminded):
    return Worker(pocket, reminding.kept.origin)
