"""A year of days: each by its shape, its words and a link, and the months in figures."""

import pytest

from tests import cast
from tests.cast import TODAY
from tests.statements import count_statements
from tests.web import rows
from tests.web.living import live

pytestmark = pytest.mark.signed_in


def days(response) -> dict[str, str]:
    """The mark of each day of the year by what is said of it."""
    return {
        link.get("aria-label"): next(filter(None, (e.get("data-mark") for e in link.iter())))
        for link in rows.parse(response).iter("a")
        if link.get("aria-label") and ":" in link.get("aria-label")
    }


def test_each_day_bears_its_mark_and_opens_what_it_did(app, client, dana):
    with app.app_context():
        live(dana, 12, broken={3, 10})
    page = client.get("/account/years/2026")
    found = days(page)
    assert list(found.values()).count("kept") == 10
    assert list(found.values()).count("broken") == 2
    assert list(found)[-1].startswith("Monday 23 November: open")
    assert '/days/2026-11-20"' in page.text
    assert "/account/ledger?before=2026-11-14#day-2026-11-13" in page.text
    assert "20/24" in rows.text(page)


def test_a_year_leads_to_its_neighbours_and_no_further(app, client, dana):
    with app.app_context():
        live(dana, 400)
    assert client.get("/account/years/").location.endswith("/2026")
    now, before = client.get("/account/years/2026").text, client.get("/account/years/2025").text
    assert 'rel="prev"' in now
    assert 'rel="next"' not in now
    assert 'rel="next"' in before
    assert 'rel="prev"' not in before
    for strange in (2024, 2027, 9999, 9998, 1, 0):
        assert client.get(f"/account/years/{strange}").status_code == 404


def test_a_year_without_a_day_says_so(client):
    assert "no day yet" in client.get("/account/years/2026").text


@pytest.mark.parametrize("path", ["/account/years/2026", "/commitments/streaks"])
def test_statements_do_not_grow_with_the_record(app, client, dana, path):
    with app.app_context():
        live(dana, 700, broken=set(range(5, 700, 13)))
    with count_statements() as seen:
        assert client.get(path).status_code == 200
    assert len(seen) <= 7, seen


def test_streaks_are_those_of_each_commitment(app, client, dana):
    with app.app_context():
        live(dana, 40, broken={9})
        cast.promise(dana, "I ended", retired_on=TODAY.replace(day=1))
    page = client.get("/commitments/streaks")
    table = [e.text for e in rows.parse(page).iter("td")]
    assert table == ["8", "31", "39 of 40"] * 2
    assert "I ended" not in page.text
    assert "kept, 1 broken" in page.text


def test_streaks_begin_with_a_promise(client):
    assert "No streak without a promise" in client.get("/commitments/streaks").text
