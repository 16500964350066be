"""Settings: name, clock, week and looks; nothing typed is lost."""

from datetime import UTC, datetime, time

import pytest

from habits.db import db
from habits.models.accounts import FixedDay
from habits.models.leaders import Leader
from tests import cast

FINE = {
    "name": "Dana",
    "timezone": "Europe/Lisbon",
    "day_start": "3",
    "week_start": "1",
    "ask_at": "",
    "theme": "system",
}
BAD = {
    "name": ["", "   ", "x" * 61, "a\x00b", "a\x1bb"],
    "timezone": ["", "Nowhere/Land", "../../etc/passwd", "/etc/passwd", "\x00", "x" * 9000, "💥"],
    "day_start": ["", "7", "-1", "1.5", "٣", "three", "9" * 400],
    "week_start": ["", "0", "2", "8", "Monday", "9" * 400],
    "ask_at": ["25:00", "12:60", "noon", "1:00", "12:00:30", "١٢:٠٠", "x" * 9000],
    "theme": ["", "sepia", "SYSTEM"],
}


@pytest.fixture
def signed_in(client, dana):
    cast.sign_in(client, dana)
    return client


def save(client, key="a-key-of-settings", **changes):
    return client.post("/settings", data=FINE | {"key": key} | changes)


def stored(app) -> Leader:
    with app.app_context():
        return db.session.scalar(db.select(Leader).where(Leader.name != "Cleo"))


def test_everything_is_saved_and_shown_again(app, signed_in):
    changes = {
        "name": "  Dána   B ",
        "timezone": "America/New_York",
        "day_start": "0",
        "week_start": "7",
        "ask_at": "20:30",
        "theme": "dark",
    }
    assert save(signed_in, **changes).status_code == 303
    dana = stored(app)
    assert (dana.name, dana.timezone, dana.day_start) == ("Dána B", "America/New_York", 0)
    assert (dana.week_start, dana.ask_at, dana.theme) == (7, time(20, 30), "dark")
    page = signed_in.get("/settings").text
    assert 'data-theme="dark"' in page
    assert '<option value="America/New_York" selected>' in page
    assert "20:30" in page


@pytest.mark.parametrize(("field", "value"), [(f, v) for f, vs in BAD.items() for v in vs])
def test_what_cannot_be_is_refused_at_its_field_and_nothing_typed_is_lost(
    app, signed_in, field, value
):
    response = save(signed_in, **({"name": "Dana typed", "theme": "dark"} | {field: value}))
    assert response.status_code == 422
    assert "error" in response.text
    if field != "name":
        assert 'value="Dana typed"' in response.text
    assert (stored(app).name, stored(app).theme) == ("Dana", "system")


def test_unknown_fields_and_a_missing_key_are_a_400(signed_in):
    assert save(signed_in, admin="1").status_code == 400
    assert signed_in.post("/settings", data=FINE).status_code == 400
    assert save(signed_in, key="no key!").status_code == 400


def test_a_repeat_changes_nothing_and_another_body_is_refused(app, signed_in):
    save(signed_in, name="Dana A")
    save(signed_in, key="another-key", name="Dana B")
    assert save(signed_in, name="Dana A").status_code == 303
    assert stored(app).name == "Dana B"
    assert save(signed_in, name="Dana C").status_code == 409


def test_a_device_elsewhere_offers_its_zone_and_one_press_switches(app, signed_in):
    assert 'action="/settings/time-zone"' in signed_in.get("/settings").text
    data = {"key": "a-key-of-a-zone", "timezone": "Asia/Tokyo"}
    assert signed_in.post("/settings/time-zone", data=data).status_code == 303
    assert stored(app).timezone == "Asia/Tokyo"
    data = {"key": "another-key", "timezone": "Nowhere/Land"}
    assert signed_in.post("/settings/time-zone", data=data).status_code == 422


def test_a_zone_that_goes_by_an_old_name_stays_choosable(app, signed_in):
    save(signed_in, timezone="US/Pacific")
    assert '<option value="US/Pacific" selected>' in signed_in.get("/settings").text


def fixed(app, leader) -> list:
    with app.app_context():
        query = db.select(FixedDay.date).where(FixedDay.leader_id == leader.id)
        return sorted(db.session.scalars(query))


def answer(client, commitment, date, key) -> None:
    data = {
        "commitment": commitment.id,
        "date": date,
        "answer": "kept",
        "key": key,
        "answered_at": "2026-11-23T18:00:00Z",
    }
    assert client.post("/answers", data=data).status_code == 303


def test_moving_west_opens_again_what_today_has_not_passed(app, signed_in, dana, clock):
    with app.app_context():
        promise = cast.promise(dana)
    clock.now = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # Tuesday in Lisbon, Monday in Honolulu
    answer(signed_in, promise, "2026-11-24", "a-key-of-an-answer")
    before = fixed(app, dana)
    save(signed_in, timezone="Pacific/Honolulu")
    after = fixed(app, dana)
    assert before[-1].isoformat() == "2026-11-16"
    assert after == before[:-1]


def test_another_week_start_folds_every_day_again(app, signed_in, dana, clock):
    with app.app_context():
        promise = cast.promise(dana)
    answer(signed_in, promise, "2026-11-23", "a-key-of-an-answer")
    before = fixed(app, dana)
    save(signed_in, week_start="7")
    assert fixed(app, dana) == before


def test_the_reminder_is_said_honestly_as_stored(signed_in):
    assert "cannot remind you" in signed_in.get("/settings").text


def test_settings_lead_to_what_opens_the_account_and_out(signed_in):
    page = signed_in.get("/settings").text
    for way in ("/settings/passkeys", "/settings/codes", "/settings/devices", "/sign-out"):
        assert f'"{way}"' in page
