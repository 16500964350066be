"""The account's page: balance, curve, chain, what it would take, and how it counts."""

from datetime import timedelta

import pytest

from habits.book import open_book
from habits.db import db
from habits.models import Lapse
from habits.trust import account as constants
from habits.trust.history import Nature
from tests import cast, databases
from tests.cast import TODAY
from tests.clock import MONDAY
from tests.statements import count_statements
from tests.web import rows
from tests.web.living import HTMX, live

pytestmark = pytest.mark.signed_in


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


def test_the_level_leads_to_all_the_levels(app, client, dana):
    with app.app_context():
        live(dana, 10)
    assert '<a href="/account/counting#levels">' in client.get("/account").text
    assert 'id="levels"' in client.get("/account/counting").text


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


@databases.on_sqlite  # the statements are the same, and ten years are long to write
@pytest.mark.parametrize("path", ["/account", "/account?range=all", "/account/ledger"])
def test_statements_do_not_grow_with_the_record(app, client, dana, path):
    with app.app_context():
        live(dana, 3650, broken=set(range(5, 3650, 13)))
    client.get(path)
    with count_statements() as seen:
        assert client.get(path).status_code == 200
    assert len(seen) <= 9, seen
