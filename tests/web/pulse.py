"""A pulse in the tests: a leader opens a round, people answer it, time passes."""

import re
from datetime import timedelta
from uuid import uuid4

from habits import ballots
from tests.web import rows

ITEMS = ("ability", "benevolence", "integrity", "congruence", "follow")
SPREAD = [4, 1, 3, 2, 4, 0, 3, 4, 2, 3, 4, 3]
WEEK = timedelta(days=7)


def open_round(client, people=12, group="The night shift", **more):
    fields = {"key": str(uuid4()), "group": group, "invited": str(people)}
    return client.post("/people/pulses", data=fields | more)


def links(client, round_id=1) -> list[str]:
    page = client.get(f"/people/pulses/{round_id}").text
    return re.findall(r"http://localhost(/pulse/[\w-]+)", page)


def answer(app, url, *boxes, **more):
    """One person answers in a browser of their own; one box stands for all five."""
    boxes = boxes * 5 if len(boxes) == 1 else boxes
    fields = {item: str(box) for item, box in zip(ITEMS, boxes, strict=True)}
    return app.test_client().post(url, data=fields | more)


def stood(client, clock, after=WEEK) -> str:
    """What the leader reads after so long."""
    clock.now += after
    return rows.text(client.get("/people/pulses/1"))


def ask(app, client, *answers, people=12):
    """A round in which these were ticked, one a person."""
    open_round(client, people)
    for url, box in zip(links(client), answers, strict=False):
        assert answer(app, url, box).status_code == 303


def counted(app, row) -> list[list[int]]:
    held = ballots.unseal(row.sealed, app.extensions["kept"].secret, row.seed)
    return [list(tally.boxes) for tally in held.tallies]
