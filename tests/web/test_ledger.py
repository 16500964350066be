"""The ledger on the account's pages: each day, what moved it and why."""

from datetime import timedelta
from uuid import uuid4

import pytest

from habits import ledger
from habits.db import db
from habits.models import Telling, TimeOff
from tests import cast
from tests.cast import TODAY
from tests.clock import MONDAY
from tests.web import rows
from tests.web.living import HTMX, live

pytestmark = pytest.mark.signed_in


def test_the_ledger_tells_each_days_change_and_reason(app, client, dana):
    with app.app_context():
        live(dana, 10, broken={2})
    page = rows.text(client.get("/account"))
    assert "a mistake, not told yet" in page
    assert "% of the gap to 100" in page
    assert "a streak of 8 days ended" in page


def test_the_ledger_goes_back_to_the_first_day(app, client, dana):
    with app.app_context():
        live(dana, 100)
    url, seen = "/account/ledger", []
    while url:
        response = client.get(url)
        tree = rows.parse(response)
        seen += [e.get("id")[4:] for e in tree.iter("section") if e.get("id", "").startswith("day")]
        ways = [a.get("href") for a in tree.iter("a") if a.get("rel") == "next"]
        url = ways[0] if ways else None
    expected = [(TODAY - timedelta(days=n)).isoformat() for n in range(1, 101)]
    assert seen == expected
    assert "Here the account begins" in response.text


def test_earlier_days_come_as_a_fragment(app, client, dana):
    with app.app_context():
        live(dana, 60)
    response = client.get(f"/account/ledger?before={TODAY - timedelta(days=20)}", headers=HTMX)
    assert "<html" not in response.text
    assert f'id="day-{TODAY - timedelta(days=21)}"' in response.text


@pytest.mark.parametrize("before", ["2026-13-01", "yesterday", "0001-01-01", "2026-02-30"])
def test_an_impossible_page_of_the_ledger_is_not_there(client, before):
    assert client.get(f"/account/ledger?before={before}").status_code == 404


@pytest.mark.parametrize("before", ["1900-01-01", "2999-12-31"])
def test_a_page_beyond_the_record_is_honest(app, client, dana, before):
    with app.app_context():
        live(dana, 10)
    assert client.get(f"/account/ledger?before={before}").status_code == 200


def test_time_off_stands_in_the_ledger_with_its_declaration(app, client, dana):
    with app.app_context():
        live(dana, 3)
        db.session.add(
            TimeOff(
                leader_id=dana.id,
                first=TODAY - timedelta(days=2),
                last=TODAY - timedelta(days=1),
                declared_at=MONDAY - timedelta(days=3),
            )
        )
        db.session.commit()
    assert "Time off until 22 Nov 2026, declared on 20 Nov 2026" in client.get("/account").text


def test_a_silent_day_of_an_absence_is_one_line(app, client, dana):
    with app.app_context():
        for title in ("I mean it", "I can do it", "I listen first"):
            cast.promise(dana, title, picked_on=TODAY - timedelta(days=9))
    page = client.get("/account").text
    assert page.count("<dt>3 promises left silent") == 5  # the first of six silent days was charged
    assert page.count("part of an absence that was charged once") == 5
    assert f'href="/days/{TODAY - timedelta(days=4)}"' in page
    assert client.get(f"/days/{TODAY - timedelta(days=4)}").status_code == 200


def test_weeks_in_which_nothing_moved_say_so(app, client, dana):
    with app.app_context():
        live(dana, 60)
        first, last = TODAY - timedelta(days=100), TODAY
        db.session.add(TimeOff(leader_id=dana.id, first=first, last=last, declared_at=MONDAY))
        ledger.refold(dana, TODAY)
        db.session.commit()
    for path in ("/account", "/account/ledger"):
        page = client.get(path).text
        assert "Nothing moved in these weeks." in page
        assert "Earlier" in page
        assert "Nothing was written" not in page


def test_a_fixed_lapse_can_be_told_and_moves_nothing(app, client, dana):
    with app.app_context():
        promise, _ = live(dana, 40, broken={15})
    day = TODAY - timedelta(days=15)
    before = rows.balance(client.get("/account"))
    fields = {"key": str(uuid4()), "commitment": promise.id, "date": day.isoformat()}
    for _ in range(2):
        assert client.post("/tellings", data=fields).status_code == 303
    with app.app_context():
        assert db.session.query(Telling).count() == 1
    page = client.get(f"/account/ledger?before={day + timedelta(days=1)}")
    assert "told later" in rows.text(page)
    assert rows.balance(client.get("/account")) == before


def test_telling_needs_a_promise_of_ones_own_and_a_fixed_day(app, client, dana, cleo):
    with app.app_context():
        own, foreign = cast.promise(dana), cast.promise(cleo)
    fixed = (TODAY - timedelta(days=15)).isoformat()

    def tell(commitment, day):
        fields = {"key": str(uuid4()), "commitment": commitment, "date": day}
        return client.post("/tellings", data=fields).status_code

    assert tell(foreign.id, fixed) == 404
    assert tell(own.id, TODAY.isoformat()) == 400
    assert tell(own.id, "2026-02-31") == 400
