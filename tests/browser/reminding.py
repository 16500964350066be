"""Reminders for browser tests: a push service, leaders that are reminded, and their worker."""

import json
import time
from contextlib import contextmanager
from datetime import datetime

from habits import create_app, links
from habits.cli.tick import Ticker
from habits.config import from_environment
from habits.db import db
from habits.models import Answer, Commitment, Leader
from habits.models.devices import LinkKind
from tests import cast
from tests.browser.kept import PHONE, Kept, Phone

FIRST = datetime.fromisoformat("2026-11-20T09:00:00Z")  # a Friday
EVENING = datetime.fromisoformat("2026-11-20T19:30:00Z")  # half past eight in Berlin
TITLES = ("I am on time", "I ask before I advise", "I name owner and date")
STUB = """
(({ endpoints, keys }) => {
  const made = (endpoint) => endpoint && {
    endpoint, options: {}, toJSON: () => ({ endpoint, keys }),
    unsubscribe: async () => localStorage.removeItem("endpoint") ?? true,
  };
  PushManager.prototype.getSubscription = async () => made(localStorage.getItem("endpoint"));
  PushManager.prototype.subscribe = async () => {
    const count = Number(localStorage.getItem("count"));
    localStorage.setItem("count", count + 1);
    localStorage.setItem("endpoint", endpoints[count]);
    return made(endpoints[count]);
  };
})(%s)
"""
SHOWN = """async () => (await registration.getNotifications()).map(
  ({ title, body, actions }) => ({ title, body, actions: actions.map(({ action }) => action) }))"""
CLICK = """async (action) => {
  const [notification] = await registration.getNotifications();
  const pending = [];
  const event = new NotificationEvent("notificationclick", { notification, action });
  event.waitUntil = (promise) => pending.push(promise);
  dispatchEvent(event);
  await Promise.all(pending);
}"""


class Reminding:
    """A server for many tests, each with a leader of its own; the evening comes when told to."""

    def __init__(self, folder, service):
        self.service = service
        self.kept = Kept(folder, KEPT_PUSH_SERVICES=service.host)
        self.kept.start(FIRST.isoformat())
        self.config = from_environment(self.kept.env())
        self.app = create_app(self.config, lambda: EVENING)

    def stop(self) -> None:
        with self.app.app_context():
            db.engine.dispose()
        self.kept.stop()

    @contextmanager
    def leader(self):
        """Dana, with three promises for today; gone when the test is over."""
        with self.app.app_context():
            dana = cast.leader("Dana", "Europe/Berlin", since=FIRST)
            for title in TITLES:
                cast.promise(dana, title, picked_on=FIRST.date())
            db.session.commit()
            number = dana.id
        yield number
        with self.app.app_context():
            db.session.execute(db.delete(Leader).where(Leader.id == number))
            db.session.commit()

    def link(self, leader: int) -> str:
        """The way in for a browser."""
        with self.app.app_context():
            row = db.session.get(Leader, leader)
            token = links.make(LinkKind.SIGN_IN, row, FIRST)
            db.session.commit()
        return links.address(self.kept.origin, LinkKind.SIGN_IN, token)

    def remind(self, device) -> dict:
        """Let the evening come; what the device is sent, decrypted."""
        with self.app.app_context():
            ticker = Ticker(self.app)
            ticker.run()
            ticker.close()
        return self.service.to(device)[-1]

    def stored(self, leader: int) -> list[str]:
        """What the server has of the leader's first promise."""
        with self.app.app_context():
            query = db.select(Answer.reply).join(Commitment, Commitment.id == Answer.commitment_id)
            query = query.where(Commitment.title == TITLES[0], Answer.leader_id == leader)
            return list(db.session.scalars(query))

    def wait_until_stored(self, leader: int, page, replies: list[str]) -> None:
        until = time.monotonic() + 20
        while (found := self.stored(leader)) != replies:
            assert time.monotonic() < until, found
            page.wait_for_timeout(50)


@contextmanager
def phone_of(browser, origin: str, **more):
    """A phone whose browser may show notifications, if it is asked for."""
    context = browser.new_context(
        viewport=PHONE, timezone_id="Europe/Berlin", locale="en-GB", base_url=origin, **more
    )
    yield Phone(context)
    context.close()


def sign_in(page, link: str) -> None:
    """Through the host's link."""
    page.goto(link)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")


def settle(page, keep: int) -> None:
    """Answer all but so many of today's promises."""
    page.goto("/")
    for title in TITLES[keep:]:
        row = page.locator("[data-promise]", has_text=title).last
        with page.expect_response("**/answers"):
            row.get_by_role("button", name=f"Kept: {title}").click()


class Worker:
    """The service worker, with or without an open page of Kept's."""

    def __init__(self, phone, origin):
        self.context = phone.context
        self.origin = origin
        self.blank = phone.context.new_page()  # what speaks with the browser is no page of Kept's
        self.cdp = phone.context.new_cdp_session(self.blank)
        self.registrations = []
        self.cdp.on(
            "ServiceWorker.workerRegistrationUpdated",
            lambda event: self.registrations.extend(event["registrations"]),
        )
        self.cdp.send("ServiceWorker.enable")

    def deliver(self, payload: dict) -> None:
        until = time.monotonic() + 10
        while not (self.registrations and self.run("registration.active?.state === 'activated'")):
            assert time.monotonic() < until, "no worker is registered"
            self.blank.wait_for_timeout(50)
        self.cdp.send(
            "ServiceWorker.deliverPushMessage",
            {
                "origin": self.origin,
                "registrationId": self.registrations[0]["registrationId"],
                "data": json.dumps(payload),
            },
        )

    def run(self, script: str, *arguments):
        return self.context.service_workers[-1].evaluate(script, *arguments)

    def shown(self, count: int = 1) -> list[dict]:
        until = time.monotonic() + 30
        while len(found := self.run(SHOWN)) != count:
            assert time.monotonic() < until, found
            self.blank.wait_for_timeout(50)
        return found
