"""How it is counted: a page that works as a form, and its curve alone where there is script."""

import pytest

from tests.web import rows

pytestmark = pytest.mark.signed_in

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
ASKED = "/account/counting?trust=70&streak=40&days=120&lapse={lapse}"


def outcome(response) -> str:
    return next(e.text for e in rows.parse(response).iter("p") if e.get("role") == "status")


def test_without_a_word_it_begins_where_the_leader_stands(client):
    response = client.get("/account/counting")
    given = {e.get("name"): e.get("value") for e in rows.parse(response).iter("input")}
    assert (given["trust"], given["streak"], given["days"]) == ("50", "0", "90")
    assert outcome(response).startswith("From 50.0 it falls to ")


def test_the_curve_says_what_a_lapse_comes_to(client):
    assert outcome(client.get(ASKED.format(lapse="choice"))).startswith(
        "From 70.0 it falls to 60.1"
    )
    assert "three years" not in outcome(client.get(ASKED.format(lapse="told")))
    assert outcome(client.get(ASKED.format(lapse="none"))).startswith("After 120 days")


def test_a_slider_gets_the_curve_alone_with_its_values(client):
    response = client.get(ASKED.format(lapse="deception"), headers=HTMX)
    assert response.text.lstrip().startswith("<section")
    shown = {e.get("id"): e.text for e in rows.parse(response).iter("output")}
    assert shown == {"trust-is": "70", "streak-is": "40", "days-is": "120"}
    assert "<table" in response.text


@pytest.mark.parametrize(
    "query", ["trust=-1", "trust=abc", "days=0", "streak=9999", "lapse=x", "days=²"]
)
def test_what_no_slider_says_is_put_right(client, query):
    assert client.get(f"/account/counting?{query}").status_code == 200
