"""Today in each of its states, and what it costs."""

from datetime import timedelta
from uuid import uuid4

import pytest

from habits.db import db
from habits.models import Answer, Commitment, Lapse, Leader, TimeOff
from habits.trust.history import CadenceKind, Pillar, Reply
from tests import cast
from tests.cast import TODAY
from tests.clock import MONDAY
from tests.statements import count_statements
from tests.web import rows
from tests.web.test_answers import HTMX, tap

pytestmark = pytest.mark.signed_in

CHART = '<figure class="chart"'


def promise(app, leader, title="I start every meeting on the minute", **more):
    with app.app_context():
        return cast.promise(leader, title, **({"picked_on": TODAY} | more))


def answer_all(app, commitment, last=TODAY, days=30, reply=Reply.KEPT):
    """Answers for each day up to `last`."""
    with app.app_context():
        for back in range(days):
            day = last - timedelta(days=back)
            at = MONDAY - timedelta(days=back)
            answer = Answer(leader_id=commitment.leader_id, commitment_id=commitment.id, date=day)
            answer.reply, answer.key = reply, str(uuid4())
            answer.answered_at = answer.recorded_at = at
            db.session.add(answer)
        db.session.commit()


def test_signed_out_it_is_the_welcome(app):
    page = app.test_client().get("/")
    assert page.status_code == 200
    assert "Create your account" in rows.text(page)


def test_with_nothing_picked_it_leads_to_picking(client):
    assert 'href="/commitments/library"' in client.get("/").text


def test_the_first_day_says_come_back_tonight(app, client, dana):
    promise(app, dana)
    assert "Come back tonight" in rows.text(client.get("/"))


def test_once_answered_the_first_day_asks_for_nothing_more(app, client, dana):
    response = tap(client, promise(app, dana))
    assert "Come back tonight" not in rows.text(response)
    assert "Come back tonight" not in rows.text(client.get("/"))


def test_one_day_alone_draws_no_curve(app, client, dana):
    tap(client, promise(app, dana))
    assert "curve" not in client.get("/").text


def test_the_curve_is_drawn_for_a_device_that_has_room_for_it(app, client, dana):
    answer_all(app, promise(app, dana, picked_on=TODAY - timedelta(days=9)), days=9)
    one, _ = promise(app, dana, "I pass on bad news the same day"), promise(app, dana, "I listen")
    assert "data-drawn" not in client.get("/").text
    assert CHART not in client.get("/").text
    wide = HTMX | {"Kept-Wide": "1"}
    assert CHART in tap(client, one, headers=wide).text
    client.set_cookie("wide", "1", domain="localhost")
    assert CHART in client.get("/").text


def test_before_the_first_answer_it_says_what_is_at_stake_and_then_no_more(app, client, dana):
    first, _ = promise(app, dana), promise(app, dana, "I pass on bad news the same day")
    assert "All of today's promises kept: +" in rows.text(client.get("/"))
    assert "All of today's promises kept" not in rows.text(tap(client, first))


def test_the_buttons_are_named_by_the_promise(app, client, dana):
    promise(app, dana, "I start <b>every</b> meeting")
    page = client.get("/").text
    assert 'aria-label="Kept: I start &lt;b&gt;every&lt;/b&gt; meeting"' in page
    assert 'aria-label="Broken: I start &lt;b&gt;every&lt;/b&gt; meeting"' in page


def test_promises_of_the_last_three_days_are_still_open(app, client, dana):
    made = promise(app, dana, picked_on=TODAY - timedelta(days=5))
    shown = rows.answers(client.get("/"))
    days = [TODAY - timedelta(days=back) for back in range(4)]
    assert shown == {f"{made.id} {day}": "open" for day in days}


def test_when_all_is_answered_it_unfolds(app, client, dana):
    made = promise(app, dana)
    response = tap(client, made)
    assert "1 of 1 kept." in rows.text(response)
    assert "Tomorrow" in rows.text(response)
    assert "Tomorrow" in rows.text(client.get("/"))


def test_after_the_first_answered_day_it_offers_recovery_codes_once(app, client, dana):
    tap(client, promise(app, dana))
    assert "/settings/codes" in client.get("/").text
    with app.app_context():
        db.session.get(Leader, dana.id).codes_at = MONDAY
        db.session.commit()
    assert "/settings/codes" not in client.get("/").text


def test_a_day_off_says_so(app, client, dana):
    promise(app, dana)
    with app.app_context():
        db.session.add(TimeOff(leader_id=dana.id, first=TODAY, last=TODAY, declared_at=MONDAY))
        db.session.commit()
    assert "Time off. Nothing is due, and nothing is lost." in rows.text(client.get("/"))


def test_time_off_with_a_lapse_does_not_say_that_nothing_is_lost(app, client, dana):
    promise(app, dana, picked_on=TODAY - timedelta(days=2))
    with app.app_context():
        db.session.add(TimeOff(leader_id=1, first=TODAY, last=TODAY, declared_at=MONDAY))
        lapse = {"leader_id": 1, "date": TODAY, "nature": "choice", "told": False}
        db.session.add(Lapse(**lapse, recorded_at=MONDAY))
        answer = {"leader_id": 1, "commitment_id": 1, "reply": Reply.KEPT, "answered_at": MONDAY}
        for back in (1, 2):
            day = TODAY - timedelta(days=back)
            db.session.add(Answer(**answer, date=day, key=str(uuid4()), recorded_at=MONDAY))
        db.session.commit()
    page = rows.text(client.get("/"))
    assert "Time off. Nothing is due." in page
    assert "nothing is lost" not in page


def test_a_day_with_nothing_due_says_so(app, client, dana):
    promise(app, dana, kind=CadenceKind.WEEKDAYS, weekdays=[5])
    page = rows.text(client.get("/"))
    assert "Nothing is due today. The next promise is on Friday." in page


def test_a_day_of_released_promises_counts_none(app, client, dana):
    response = tap(client, promise(app, dana), "released")
    assert "0 of 0" not in rows.text(response)


def test_a_times_a_week_promise_stands_below_with_its_count(app, client, dana):
    twice = promise(
        app, dana, kind=CadenceKind.PER_WEEK, times=2, picked_on=TODAY - timedelta(days=30)
    )
    page = client.get("/")
    assert "This week: 0 of 2" in rows.text(page)
    response = tap(client, twice)
    assert rows.row(response, twice).get("data-answer") == "kept"


def test_the_weeks_last_day_leads_to_the_week(app, client, dana, clock):
    made = promise(app, dana)
    clock.advance(days=6)
    tap(client, made, day=TODAY + timedelta(days=6))
    for back in range(1, 4):
        tap(client, made, day=TODAY + timedelta(days=6 - back))
    assert "Read your week" in rows.text(client.get("/"))


def test_the_day_ends_at_the_leaders_day_start(app, client, dana, clock):
    promise(app, dana)
    clock.now = MONDAY.replace(hour=23, minute=30) + timedelta(hours=3)  # 02:30 in Lisbon
    assert "Monday 23 November" in rows.text(client.get("/"))
    clock.advance(hours=1)
    assert "Tuesday 24 November" in rows.text(client.get("/"))


def test_looking_writes_nothing(app, client, dana, clock):
    made = promise(app, dana, picked_on=TODAY - timedelta(days=40))
    answer_all(app, made)
    with count_statements() as seen:
        client.get("/")
    assert not [s for s in seen if not s.lstrip().upper().startswith("SELECT")]


@pytest.mark.parametrize("years", [0, 10])
def test_it_needs_at_most_six_statements(app, client, dana, years):
    first = TODAY - timedelta(days=365 * years + 1)
    for title in ("one", "two", "three", "four", "five"):
        made = promise(app, dana, title, picked_on=first, pillar=Pillar.COMPETENCY)
    tap(client, made)
    with count_statements() as seen:
        assert client.get("/").status_code == 200
    assert len(seen) <= 6, seen


def test_a_promise_for_today_is_added(app, client, dana):
    promise(app, dana)
    sent = {"title": "I call Ben back", "pillar": "competency", "person": "Ben"}
    key = str(uuid4())
    for _ in range(2):
        response = client.post("/promises", data=sent | {"key": key})
        assert response.status_code == 303
    assert client.get("/").text.count('aria-label="Kept: I call Ben back"') == 1


def test_a_promise_without_words_is_refused_and_keeps_what_was_typed(app, client, dana):
    promise(app, dana)
    sent = {"title": " ", "pillar": "competency", "person": "Ben", "key": str(uuid4())}
    response = client.post("/promises", data=sent)
    assert response.status_code == 422
    assert "Say what you promise." in rows.text(response)
    assert 'value="Ben"' in response.text


def test_one_leader_sees_nothing_of_another(app, client, dana, cleo):
    promise(app, cleo, "I keep this to myself")
    for path in ("/", "/weeks/", "/account", "/people", "/commitments"):
        assert "I keep this to myself" not in client.get(path).text


def test_a_commitment_that_ended_leaves_today(app, client, dana):
    made = promise(app, dana, picked_on=TODAY - timedelta(days=2))
    with app.app_context():
        db.session.get(Commitment, made.id).retired_on = TODAY - timedelta(days=1)
        db.session.commit()
    assert f"{made.id} {TODAY}" not in rows.answers(client.get("/"))


def test_a_line_of_facts_breaks_after_a_dot_and_not_within_a_fact(app, client, dana):
    made = promise(app, dana)
    answer_all(app, made, days=1)
    assert "Character\xa0· 1\xa0in\xa0a\xa0row" in client.get("/").text


def test_the_first_day_has_no_yesterday_to_go_to(app, client, dana):
    promise(app, dana)
    assert 'href="/days/' not in client.get("/").text.split('class="ways"')[1]


def test_the_second_day_has_one(app, client, dana):
    promise(app, dana, picked_on=TODAY - timedelta(days=1))
    assert "Yesterday" in rows.text(client.get("/"))


def test_the_number_and_a_kept_row_say_what_they_are_to_who_cannot_see(app, client, dana):
    made = promise(app, dana)
    answer_all(app, made, days=3)
    page = client.get("/")
    assert '<span class="hidden-text">Balance</span> <data id="balance"' in page.text
    said = [e for e in rows.row(page, made).iter("p") if e.get("data-when") == "kept"]
    assert [e.text for e in said] == ["Kept"]


def test_the_chart_reads_as_one_name_and_not_as_loose_numbers(app, client, dana):
    made = promise(app, dana, picked_on=TODAY - timedelta(days=9))
    answer_all(app, made, days=9)
    tree = rows.parse(client.get("/"))
    chart = next(e for e in tree.iter() if e.get("data-days"))
    hidden = {t for e in chart.iter() if e.get("aria-hidden") for t in e.itertext() if t.strip()}
    heard = [t.strip() for t in chart.itertext() if t.strip() and t not in hidden]
    assert len(heard) == 1
    assert heard[0].startswith("Balance from")
