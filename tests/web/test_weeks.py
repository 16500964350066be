"""The week's page: guess first, then the sentence, the grid, one decision and what moved it."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from habits import ledger
from habits.db import db
from habits.models import Leader, Person, WeekNote
from habits.trust.history import CadenceKind, Nature, Reply
from tests import cast
from tests.cast import TODAY
from tests.clock import MONDAY
from tests.web import rows

pytestmark = pytest.mark.signed_in

FIRST = TODAY - timedelta(days=7)  # of last week, 2026-W47
LAST_WEEK = "/weeks/2026-W47"


def answer(leader, commitment, day, reply=Reply.KEPT, **more):
    said = ledger.Said(commitment.id, day, reply, key=str(uuid4()), answered_at=MONDAY, **more)
    ledger.record(leader, said, TODAY, MONDAY)


@pytest.fixture
def promise(app, dana):
    """Kept all of last week but for Thursday."""
    with app.app_context():
        row = cast.promise(dana, picked_on=FIRST, intention="so that nobody waits for me")
        for n in range(7):
            if n != 3:
                answer(dana, row, FIRST + timedelta(days=n))
        answer(
            dana,
            row,
            FIRST + timedelta(days=3),
            Reply.BROKEN,
            nature=Nature.MISTAKE,
            told=True,
            note="The call before ran over.",
        )
        db.session.commit()
        return row


def post(client, path, **fields):
    return client.post(path, data={"key": str(uuid4())} | fields)


def look(client):
    """Last week, without a guess."""
    post(client, f"{LAST_WEEK}/guess", guess="")
    return client.get(LAST_WEEK)


def note(app):
    with app.app_context():
        return db.session.query(WeekNote).one()


def test_a_finished_week_asks_before_it_shows(client, promise):
    page = client.get(LAST_WEEK).text
    assert "I think I kept" in page
    assert "of 7" in page
    assert "<table" not in page


def test_the_guess_is_kept_and_the_gap_said(app, client, promise):
    response = post(client, f"{LAST_WEEK}/guess", guess="7")
    assert (response.status_code, response.location) == (303, LAST_WEEK)
    page = client.get(LAST_WEEK).text
    assert "You thought 7; it was 6" in page
    assert note(app).guess == 7


def test_only_the_first_guess_counts(app, client, promise):
    post(client, f"{LAST_WEEK}/guess", guess="7")
    post(client, f"{LAST_WEEK}/guess", guess="6")
    assert note(app).guess == 7


def test_looking_without_a_guess_leaves_none(app, client, promise):
    assert "<table" in look(client).text
    assert note(app).guess is None


@pytest.mark.parametrize("guess", ["8", "-1", "many", "1.5", "7" * 40])
def test_an_impossible_guess_is_refused_at_the_field(client, promise, guess):
    response = post(client, f"{LAST_WEEK}/guess", guess=guess)
    assert response.status_code == 422
    assert 'id="guess-error"' in response.text
    assert f'value="{guess}"' in response.text


def test_the_week_tells_its_sentence_grid_and_ledger(client, promise):
    page = look(client)
    assert "You kept 6 of 7." in page.text
    table = next(t for t in rows.parse(page).iter("table") if t.get("class") == "week")
    marks = [m.get("data-mark") for m in table.iter() if m.get("data-mark")]
    assert marks == ["kept"] * 3 + ["broken"] + ["kept"] * 3
    assert "The call before ran over." in page.text
    assert "6 promises kept" in page.text


def test_the_lines_shown_add_up(client, promise):
    page = look(client)
    part = page.text[page.text.index('id="moved"') :]
    part = part[: part.index("</dl>")].replace("\N{MINUS SIGN}", "-")
    figures = [float(n) for n in re.findall(r"<dd[^>]*>([+-]?[0-9.]+)</dd>", part)]
    assert round(sum(figures[:-1]), 1) == figures[-1]


def test_the_current_week_is_at_weeks_and_at_its_label(client, promise):
    assert "Week 48" in client.get("/weeks/").text
    assert "Week 48" in client.get("/weeks/2026-W48").text


def test_weeks_lead_to_each_other(client, promise):
    current = client.get("/weeks/").text
    assert f'rel="prev" href="{LAST_WEEK}"' in current
    assert 'rel="next"' not in current
    earlier = look(client).text
    assert 'rel="next" href="/weeks/2026-W48"' in earlier
    assert 'rel="prev"' not in earlier


@pytest.mark.parametrize(
    "label",
    ["2026-W46", "2026-W49", "2026-W54", "0001-W01", "9999-W52", "2026-47", "now", "2026-W4٧"],
)
def test_other_weeks_are_not_there(client, promise, label):
    assert client.get(f"/weeks/{label}").status_code == 404


def test_before_the_first_promise_the_week_says_what_to_do(client):
    response = client.get("/weeks/")
    assert response.status_code == 200
    assert "begins with a promise" in response.text


def test_the_week_begins_on_the_leaders_day(app, client, promise):
    with app.app_context():
        db.session.query(Leader).update({"week_start": 7})
        db.session.commit()
    assert "22 to 28 November" in client.get("/weeks/").text


def test_a_decision_is_noted(app, client, promise):
    look(client)
    response = post(client, f"{LAST_WEEK}/decision", decision="keep", commitment=promise.id)
    assert response.location == LAST_WEEK
    assert (note(app).decision, note(app).commitment_id) == ("keep", promise.id)
    assert "You decided to keep" in client.get(LAST_WEEK).text


@pytest.mark.parametrize(("decision", "way"), [("shrink", "/edit"), ("retire", "")])
def test_a_decision_leads_to_the_commitment(client, promise, decision, way):
    response = post(client, f"{LAST_WEEK}/decision", decision=decision, commitment=promise.id)
    assert response.location == f"/commitments/{promise.id}{way}"


def test_mending_leads_to_the_broken_promise(client, promise):
    response = post(client, f"{LAST_WEEK}/decision", decision="repair", commitment=promise.id)
    assert response.location == f"/days/{FIRST + timedelta(days=3)}/{promise.id}"


def test_what_is_mended_already_is_not_offered_to_be_mended(app, client, promise):
    assert "Repair it" in look(client).text
    with app.app_context():
        mended = {"repairs_id": promise.id, "repairs_date": FIRST + timedelta(days=3)}
        day = TODAY + timedelta(days=1)
        once = {"kind": CadenceKind.ONCE, "once_on": day, "picked_on": TODAY}
        cast.promise(db.session.get(Leader, 1), "I ask Ben what he needs", **mended, **once)
    page = client.get(LAST_WEEK).text
    assert "is the most fragile just now. Keep it" in page
    assert "Repair it" not in page


def test_a_strangers_commitment_cannot_be_decided(app, client, promise, cleo):
    with app.app_context():
        foreign = cast.promise(cleo)
    response = post(client, f"{LAST_WEEK}/decision", decision="keep", commitment=foreign.id)
    assert response.status_code == 404


def test_an_unknown_decision_is_refused(client, promise):
    response = post(client, f"{LAST_WEEK}/decision", decision="punish", commitment=promise.id)
    assert response.status_code == 422


def test_one_line_is_written_and_can_be_changed(app, client, promise):
    look(client)
    post(client, f"{LAST_WEEK}/line", line="Less <b>hurry</b> 🙂")
    assert "Less &lt;b&gt;hurry&lt;/b&gt; 🙂" in client.get(LAST_WEEK).text
    post(client, f"{LAST_WEEK}/line", line="")
    assert note(app).line is None


@pytest.mark.parametrize("line", ["x" * 10_000, "a\0b"])
def test_a_line_that_cannot_be_stored_is_refused_and_not_lost(client, promise, line):
    look(client)
    response = post(client, f"{LAST_WEEK}/line", line=line)
    assert response.status_code == 422
    assert 'id="line-error"' in response.text


def test_a_repeat_changes_nothing(app, client, promise):
    look(client)
    fields = {"key": str(uuid4()), "line": "Once."}
    for _ in range(2):
        assert client.post(f"{LAST_WEEK}/line", data=fields).status_code == 303
    assert client.post(f"{LAST_WEEK}/line", data=fields | {"line": "Twice."}).status_code == 409
    assert note(app).line == "Once."


@pytest.mark.parametrize("path", ["guess", "line", "decision"])
def test_a_form_without_a_key_is_malformed(client, promise, path):
    assert client.post(f"{LAST_WEEK}/{path}", data={}).status_code == 400


def test_cleo_sees_nothing_of_danas_week(app, promise, cleo):
    client = app.test_client()
    cast.sign_in(client, cleo)
    assert client.get(LAST_WEEK).status_code == 404
    assert promise.title not in client.get("/weeks/").text


def test_the_text_names_no_person(app, client, promise):
    with app.app_context():
        cast.promise(db.session.get(Leader, 1), "For Ben", person_id=_ben(app))
    page = look(client).text
    text = page[page.index('class="as-text"') :]
    assert "Ben" not in text[: text.index("</textarea>")].replace("For Ben", "")


def _ben(app):
    row = Person(leader_id=1, name="Ben", created_at=MONDAY)
    db.session.add(row)
    db.session.flush()
    return row.id
