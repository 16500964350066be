"""Days of the last week: answered late, and no other day."""

from datetime import timedelta

import pytest

from tests import cast
from tests.cast import TODAY
from tests.web import rows
from tests.web.test_answers import tap

pytestmark = pytest.mark.signed_in


@pytest.mark.parametrize("back", range(1, 8))
def test_each_of_the_last_seven_days_can_be_opened_and_answered(client, promise, back):
    day = TODAY - timedelta(days=back)
    page = client.get(f"/days/{day}")
    standing = "open" if back <= 3 else "silent"
    assert rows.answers(page) == {f"{promise.id} {day}": standing}
    assert rows.row(tap(client, promise, day=day), promise).get("data-answer") == "kept"


def test_today_is_on_its_own_page(client, promise):
    assert client.get(f"/days/{TODAY}").location == "/"


@pytest.mark.parametrize(
    "day", ["2026-11-15", "2026-11-24", "2026-02-30", "yesterday", "0000-00-00", "9999-12-31"]
)
def test_other_days_are_not_there(client, promise, day):
    assert client.get(f"/days/{day}").status_code == 404


def test_a_promise_has_a_page_for_those_without_script(client, promise):
    tap(client, promise, "broken", headers=None)
    page = client.get(f"/days/{TODAY}/{promise.id}")
    assert "I misled someone" in rows.text(page)


def test_a_strangers_promise_has_none(app, client, cleo):
    with app.app_context():
        theirs = cast.promise(cleo)
    assert client.get(f"/days/{TODAY}/{theirs.id}").status_code == 404


def test_a_late_answer_leads_back_to_its_day(client, promise):
    day = TODAY - timedelta(days=6)
    assert tap(client, promise, day=day, headers=None).location == f"/days/{day}"


def test_the_days_are_linked_one_after_the_other(client, promise):
    page = client.get(f"/days/{TODAY - timedelta(days=1)}").text
    assert f'href="/days/{TODAY - timedelta(days=2)}"' in page
    last = client.get(f"/days/{TODAY - timedelta(days=7)}").text
    assert 'rel="next"' in last
    assert 'rel="prev"' not in last


def test_a_day_says_what_an_answer_still_does(client, promise):
    day = TODAY - timedelta(days=1)
    assert "Still open. Answers are marked as late." in client.get(f"/days/{day}").text
    tap(client, promise, day=day)
    page = client.get(f"/days/{day}").text
    assert "Open to changes until Sunday 29 November." in page
    assert "Still open" not in page


def test_a_day_without_a_promise_asks_for_none(client):
    page = client.get(f"/days/{TODAY - timedelta(days=1)}").text
    assert "Nothing was due on this day." in page
    assert "open" not in page.partition("<main")[2].partition("</header>")[0].lower()


def test_what_is_said_of_today_stands_on_today_alone(client, promise):
    said = "All of today's promises kept"
    assert said in client.get("/").text
    assert said not in client.get(f"/days/{TODAY - timedelta(days=1)}").text
