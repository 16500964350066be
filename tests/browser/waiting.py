"""Answers that wait on a phone, and what the server has of them."""

import re
import time

from playwright.sync_api import expect
from sqlalchemy import select

from habits import create_app
from habits.config import from_environment
from habits.db import db
from habits.models import Answer


def stored(kept, kind=Answer, **wanted):
    """The rows that the server has."""
    app = create_app(from_environment(kept.env()))
    with app.app_context():
        return list(db.session.scalars(select(kind).filter_by(**wanted).order_by(kind.id)))


def await_stored(kept, count: int) -> None:
    """Wait until the server has so many answers, and see that it gets no more."""
    for _ in range(100):
        if len(stored(kept)) == count:
            break
        time.sleep(0.1)
    assert len(stored(kept)) == count


def open_rows(page) -> list[str]:
    """The ids of the promises of today that wait for an answer."""
    rows = page.locator("[data-promise][data-due][data-answer=open]").all()
    return [row.get_attribute("id") for row in rows]


def tap(page, row: str, how: str) -> None:
    page.locator(f"[id='{row}']").get_by_role("button", name=re.compile(f"^{how}: ")).click()


def expect_row(page, row: str, standing: str, waits: bool) -> None:
    place = page.locator(f"[id='{row}']")
    expect(place).to_have_attribute("data-answer", standing)
    if waits:
        expect(place).to_have_attribute("data-pending", "")
    else:
        expect(place).not_to_have_attribute("data-pending", "")


def expect_nothing_waits(page) -> None:
    expect(page.locator("[data-pending]")).to_have_count(0)
    expect(page.locator("#waiting")).to_be_hidden()


def online(phone) -> None:
    phone.context.set_offline(False)


def offline(phone) -> None:
    phone.context.set_offline(True)


def balance(page) -> str:
    return page.locator("#balance").get_attribute("value")
