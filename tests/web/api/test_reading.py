"""What a script reads: the same figures as the pages show."""

from datetime import timedelta

import pytest

from habits import demo, roster
from habits.db import db
from habits.models.tokens import Reach
from tests import cast
from tests.cast import TODAY
from tests.web import rows
from tests.web.api.conftest import script_of


@pytest.fixture
def demo_leader(app, clock):
    with app.app_context():
        demo.fill(clock())
        db.session.commit()
        return roster.leaders()[0]


@pytest.fixture
def demo_script(app, demo_leader, clock):
    return script_of(app, demo_leader, Reach.READ, clock())


def test_today_says_what_is_due_and_how_the_account_stands(reader, promise, client, dana):
    cast.sign_in(client, dana)
    said = reader.get("/today").json
    (due,) = said["promises"]
    assert said["date"] == "2026-11-23"
    assert (due["commitment"], due["standing"], due["person"]) == (promise.id, "open", "Ben")
    assert said["balance"] == rows.balance(client.get("/"))
    assert len(said["still_open"]) == 3


def test_the_pages_and_the_api_agree(app, demo_script, demo_leader):
    page = app.test_client()
    cast.sign_in(page, demo_leader)
    account = demo_script.get("/account?range=all").json
    assert account["balance"] == rows.balance(page.get("/account"))
    assert account["points"][-1]["balance"] == account["balance"]
    assert len(account["points"]) > 100
    assert all(fell["change"] <= 0 for fell in account["withdrawals"])
    page.post("/weeks/2026-W47/guess", data={"key": "no-guess-1", "guess": ""})
    week = demo_script.get("/weeks/2026-W47").json
    assert f"{week['kept']}/{week['due']}" in page.get("/weeks/2026-W47").text
    assert demo_script.get("/weeks/current").json["closing"] == account["balance"]
    known = demo_script.get("/commitments").json["commitments"]
    assert {row["commitment"] for row in week["rows"]} >= {
        line["commitment"] for line in known if line["cadence"]["kind"] == "daily"
    }
    every = demo_script.get("/commitments?which=all").json["commitments"]
    assert len(every) >= len(known) > 0
    assert demo_script.get("/lapses?range=all").json["lapses"]


def test_a_week_that_is_none_is_a_404(reader, promise):
    for label in ("2026-W54", "0000-W01", "0001-W01", "9999-W52", "2020-W01", "2026-w47", "last"):
        answer = reader.get(f"/weeks/{label}")
        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json"), label


def test_a_parameter_that_says_nothing_known_is_refused(reader):
    for path in ("/account?range=decade", "/account?span=week", "/today?x=1", "/lapses?range=",
                 "/commitments?which=some", "/account?range=week&range=year"):  # fmt: skip
        answer = reader.get(path)
        assert (answer.status_code, answer.mimetype) == (422, "application/problem+json"), path


def test_what_is_read_never_names_another_leaders_person(app, reader, promise, cleo):
    with app.app_context():
        cast.promise(cleo, "Cleo's own", person_id=cast.person(cleo, "Zoe").id)
    for path in ("/today", "/commitments", "/weeks/current", "/account", "/lapses"):
        answer = reader.get(path)
        assert answer.status_code == 200, path
        assert "Zoe" not in answer.text, path
        assert "Cleo" not in answer.text, path


def test_lapses_of_a_range_stand_newest_first(script):
    for back in (6, 2):
        day = (TODAY - timedelta(days=back)).isoformat()
        script.post("/lapses", {"nature": "mistake", "date": day, "person": "Ben"})
    found = script.get("/lapses?range=week").json["lapses"]
    assert [one["date"] for one in found] == ["2026-11-21", "2026-11-17"]
    assert {one["person"] for one in found} == {"Ben"}
