"""The account's page: balance, curve, chain, what it would take, the ledger and how it counts."""

from datetime import timedelta
from uuid import uuid4

import pytest

from habits import ledger
from habits.book import open_book
from habits.db import db, insert
from habits.models import Answer, Lapse, Telling, TimeOff
from habits.trust import account as constants
from habits.trust.history import Nature, Pillar, Reply
from tests import cast
from tests.cast import TODAY
from tests.clock import MONDAY
from tests.statements import count_statements
from tests.web import rows

pytestmark = pytest.mark.signed_in

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def live(leader, days, broken=()):
    """Two promises, kept on so many days up to yesterday but on those `broken` days ago."""
    first = TODAY - timedelta(days=days)
    pillars = {"I mean it": Pillar.CHARACTER, "I can do it": Pillar.COMPETENCY}
    made = [cast.promise(leader, t, pillar=p, picked_on=first) for t, p in pillars.items()]
    values = [
        _answer(leader, row, TODAY - timedelta(days=ago), ago in broken)
        for row in made
        for ago in range(1, days + 1)
    ]
    for start in range(0, len(values), 500):
        db.session.execute(insert(Answer).values(values[start : start + 500]))
    ledger.refold(leader, TODAY)
    db.session.commit()
    return made


def _answer(leader, row, day, broken):
    return {
        "leader_id": leader.id,
        "commitment_id": row.id,
        "date": day,
        "reply": Reply.BROKEN if broken else Reply.KEPT,
        "nature": Nature.MISTAKE if broken else None,
        "told": False,
        "key": f"key-{row.id}-{day}",
        "answered_at": MONDAY,
        "recorded_at": MONDAY,
    }


def lines(response):
    """The changes of the ledger's lines and the balances of its days, as they are shown."""
    return [e.text for e in rows.parse(response).iter("dd")]


def test_the_balance_is_the_exact_one(app, client, dana):
    with app.app_context():
        live(dana, 40, broken={3, 20})
        exact = open_book(dana, TODAY).state.balance
    assert rows.balance(client.get("/account")) == exact


def test_a_new_account_begins_at_fifty_and_says_so(client):
    response = client.get("/account")
    assert rows.balance(response) == constants.START_TRUST
    assert "begins at 50" in response.text


def test_the_first_day_shows_a_chart(app, client, dana):
    with app.app_context():
        cast.promise(dana, picked_on=TODAY)
    page = client.get("/account").text
    assert "<figure" in page
    assert "Here the account begins" in page


@pytest.mark.parametrize("span", ["week", "month", "quarter", "year", "all"])
def test_each_range_is_a_page_and_a_fragment(app, client, dana, span):
    with app.app_context():
        live(dana, 400, broken={2, 20, 70, 300})
    page = client.get(f"/account?range={span}")
    fragment = client.get(f"/account?range={span}", headers=HTMX)
    assert "<html" in page.text
    assert fragment.text.lstrip().startswith("<section")
    for response in (page, fragment):
        assert "<path" in response.text
        assert "Character" in response.text
        assert 'aria-current="page">' in response.text


def test_a_longer_range_shows_more_withdrawals(app, client, dana):
    with app.app_context():
        live(dana, 400, broken={2, 70, 300})
    counted = [
        client.get(f"/account?range={span}").text.count('class="reach"')
        for span in ("week", "quarter", "year")
    ]
    assert counted == [1, 2, 3]


def test_an_unknown_range_is_not_there(client):
    assert client.get("/account?range=century").status_code == 404


def test_each_withdrawal_leads_to_its_day(app, client, dana):
    with app.app_context():
        live(dana, 60, broken={25})
    day = TODAY - timedelta(days=25)
    way = f"/account/ledger?before={day + timedelta(days=1)}#day-{day}"
    assert f'href="{way}"' in client.get("/account").text
    assert f'id="day-{day}"' in client.get(way.partition("#")[0]).text


def test_the_same_numbers_stand_in_a_table(app, client, dana):
    with app.app_context():
        live(dana, 10)
        balance = open_book(dana, TODAY).before.balance
    table = next(rows.parse(client.get("/account?range=week")).iter("table"))
    assert f"{balance:.1f}" in [cell.text for cell in table.iter("td")]


def test_the_chain_counts_no_people_where_nobody_is_named(app, client, dana):
    with app.app_context():
        cast.promise(dana)
    page = rows.text(client.get("/account"))
    assert "No promise bears a person's name yet." in page
    assert "0 people" not in page


def test_the_chain_has_the_leaders_numbers(app, client, dana):
    with app.app_context():
        live(dana, 30)
        state = open_book(dana, TODAY).state
    page = client.get("/account").text
    for number in (state.character, state.competency, state.balance):
        assert f"{number:.1f}" in page
    assert "You have 2 commitments, 0 with an intention." in page


def test_one_pillar_alone_is_said(app, client, dana):
    with app.app_context():
        cast.promise(dana)
    assert "with one pillar alone the account ends near 71" in client.get("/account").text


def test_what_a_lapse_would_cost_stands_there(app, client, dana):
    with app.app_context():
        live(dana, 60)
    page = client.get("/account").text
    assert "Misleading someone" in page
    assert "Next level: " in page


def test_a_scar_is_named(app, client, dana):
    with app.app_context():
        live(dana, 5)
        lapse = Lapse(
            leader_id=dana.id, date=TODAY, nature=Nature.DECEPTION, told=True, recorded_at=MONDAY
        )
        db.session.add(lapse)
        db.session.commit()
    page = client.get("/account").text
    assert "The scar" in page
    assert "Character can grow to 80.0" in page


def test_the_ledger_tells_each_days_change_and_reason(app, client, dana):
    with app.app_context():
        live(dana, 10, broken={2})
    page = rows.text(client.get("/account"))
    assert "a mistake, not told yet" in page
    assert "% of the gap to 100" in page
    assert "a streak of 8 days ended" in page


def test_the_level_leads_to_all_the_levels(app, client, dana):
    with app.app_context():
        live(dana, 10)
    assert '<a href="/account/counting#levels">' in client.get("/account").text
    assert 'id="levels"' in client.get("/account/counting").text


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


def test_how_it_is_counted_names_the_constants_and_the_evidence(client):
    page = client.get("/account/counting").text
    for name in ("GROWTH", "TOLD", "UNTOLD", "CHOICE", "DECEPTION"):
        assert f"<dd>{getattr(constants, name):.0%}</dd>" in page
    assert "Schweitzer" in page
    assert "never a measurement" in page


def test_cleo_sees_nothing_of_danas_account(app, dana, cleo):
    with app.app_context():
        live(dana, 30)
    client = app.test_client()
    cast.sign_in(client, cleo)
    assert rows.balance(client.get("/account")) == constants.START_TRUST
    assert "I mean it" not in client.get("/account/ledger").text


@pytest.mark.parametrize("path", ["/account", "/account?range=all", "/account/ledger"])
def test_statements_do_not_grow_with_the_record(app, client, dana, path):
    with app.app_context():
        live(dana, 3650, broken=set(range(5, 3650, 13)))
    client.get(path)
    with count_statements() as seen:
        assert client.get(path).status_code == 200
    assert len(seen) <= 9, seen
