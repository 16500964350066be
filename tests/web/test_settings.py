"""Settings: name, clock, week and looks; nothing typed is lost."""

from datetime import UTC, datetime, timedelta

import pytest

from habits import ledger
from habits.book import open_book, whole_book
from habits.days import local_date
from habits.db import db
from habits.models.accounts import FixedDay
from habits.models.leaders import Leader
from habits.trust.history import CadenceKind, Pillar
from tests import cast

FINE = {
    "name": "Dana",
    "timezone": "Europe/Lisbon",
    "day_start": "3",
    "week_start": "1",
    "theme": "system",
}
BAD = {
    "name": ["", "   ", "x" * 61, "a\x00b", "a\x1bb"],
    "timezone": ["", "Nowhere/Land", "../../etc/passwd", "/etc/passwd", "\x00", "x" * 9000, "💥"],
    "day_start": ["", "7", "-1", "1.5", "٣", "three", "9" * 400],
    "week_start": ["", "0", "2", "8", "Monday", "9" * 400],
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
        "theme": "dark",
    }
    assert save(signed_in, **changes).status_code == 303
    dana = stored(app)
    assert (dana.name, dana.timezone, dana.day_start) == ("Dána B", "America/New_York", 0)
    assert (dana.week_start, dana.theme) == (7, "dark")
    page = signed_in.get("/settings").text
    assert 'data-theme="dark"' in page
    assert '<option value="America/New_York" selected>' in page


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


@pytest.mark.parametrize("data", [{"timezone": zone} for zone in BAD["timezone"]] + [{}])
def test_a_device_in_an_unknown_zone_is_told_so_at_the_field(app, signed_in, data):
    response = signed_in.post("/settings/time-zone", data={"key": "a-key-of-a-zone"} | data)
    assert response.status_code == 422
    assert 'id="timezone-error"' in response.text
    assert "Choose a time zone from the list." in response.text
    assert '<option value="Europe/Lisbon" selected>' in response.text
    assert stored(app).timezone == "Europe/Lisbon"


def test_a_form_without_any_field_is_refused_at_each(app, signed_in):
    response = signed_in.post("/settings", data={"key": "a-key-of-settings"})
    assert response.status_code == 422
    assert stored(app).name == "Dana"


def test_what_was_fixed_stays_right_whatever_the_clock_is_set_to(app, signed_in, dana, clock):
    with app.app_context():
        cast.promise(dana)
        cast.promise(dana, kind=CadenceKind.PER_WEEK, times=2, pillar=Pillar.COMPETENCY)
        promise = cast.promise(dana, title="I answer every message in a day")
    for n, changes in enumerate(
        [
            {"timezone": "Pacific/Kiritimati"},
            {"timezone": "Pacific/Pago_Pago", "day_start": "6"},
            {"week_start": "6"},
            {"timezone": "Asia/Kathmandu", "week_start": "7", "day_start": "0"},
        ]
    ):
        clock.advance(days=1, hours=5)
        assert save(signed_in, key=f"a-key-of-settings-{n}", **changes).status_code == 303
        leader = stored(app)
        today = local_date(clock(), leader.timezone, leader.day_start)
        answer(signed_in, promise, today - timedelta(days=7), f"a-key-of-an-answer-{n}")
        with app.app_context():
            leader = db.session.get(Leader, dana.id)
            assert ledger.verify(leader, today) == []
            assert open_book(leader, today).state == whole_book(leader, today).state


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


def test_settings_say_whether_this_device_is_reminded(signed_in):
    page = signed_in.get("/settings").text
    assert '"/settings/reminders"' in page
    assert "Off for this device" in page


def test_settings_lead_to_what_opens_the_account_and_out(signed_in):
    page = signed_in.get("/settings").text
    for way in ("/settings/passkeys", "/settings/codes", "/settings/devices", "/sign-out"):
        assert f'"{way}"' in page
