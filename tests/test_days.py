"""A day belongs to the leader's clock, wherever and whenever clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habits.days import (
    day_starts_at,
    in_window,
    is_fixed,
    is_open,
    local_date,
    moment,
    next_moment,
    week_days,
    week_first,
    week_from_label,
    week_label,
    zone,
)
from tests.transitions import changing_zones

DAY_STARTS = range(7)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
BERLIN = "Europe/Berlin"


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_the_day_begins_at_the_hour_that_the_leader_chose():
    assert local_date(at("2026-01-10T01:59:59"), BERLIN, 3) == date(2026, 1, 9)
    assert local_date(at("2026-01-10T02:00:00"), BERLIN, 3) == date(2026, 1, 10)
    assert local_date(at("2026-01-09T22:59:59"), BERLIN, 0) == date(2026, 1, 9)
    assert local_date(at("2026-01-09T23:00:00"), BERLIN, 0) == date(2026, 1, 10)


def test_no_day_is_lost_or_doubled_where_any_zone_changes_its_clocks():
    zones = changing_zones()
    assert len(zones) > 20
    for name, instants in zones.items():
        for instant in instants:
            for day_start in DAY_STARTS:
                _check_around(name, instant, day_start)


def _check_around(name, instant, day_start):
    moments = [
        instant - 26 * HOUR,
        instant - SECOND,
        instant,
        instant + SECOND,
        instant + 26 * HOUR,
    ]
    days = [local_date(one, name, day_start) for one in moments]
    for (day, instant), (later, _) in pairwise(zip(days, moments, strict=True)):
        assert timedelta(0) <= later - day <= timedelta(days=2), (name, instant, day_start)
    for day in week_days(days[0])[:4]:
        starts = day_starts_at(day, name, day_start)
        assert local_date(starts, name, day_start) == day, (name, day, day_start)
        assert local_date(starts - SECOND, name, day_start) == day - timedelta(days=1)
        wall = starts.astimezone(zone(name)).replace(tzinfo=None)
        assert wall >= datetime.combine(day, datetime.min.time()) + day_start * HOUR


def test_a_day_over_a_clock_change_is_an_hour_shorter_or_longer():
    for day, hours in ((date(2026, 3, 28), 23), (date(2026, 10, 24), 25), (date(2026, 6, 1), 24)):
        start, end = (day_starts_at(day + timedelta(days=n), BERLIN, 3) for n in (0, 1))
        assert end - start == hours * HOUR


def test_where_midnight_does_not_exist_the_day_begins_when_the_gap_ends():
    starts = day_starts_at(date(2024, 4, 26), "Africa/Cairo", 0)  # 00:00 became 01:00
    assert starts == at("2024-04-25T22:00:00")
    assert local_date(starts, "Africa/Cairo", 0) == date(2024, 4, 26)
    assert local_date(starts - SECOND, "Africa/Cairo", 0) == date(2024, 4, 25)


def test_the_half_hour_of_lord_howe_holds():
    # at 2026-10-04 02:00 the clock went to 02:30
    assert day_starts_at(date(2026, 10, 4), "Australia/Lord_Howe", 2) == at("2026-10-03T15:30:00")
    assert local_date(at("2026-10-03T15:29:59"), "Australia/Lord_Howe", 2) == date(2026, 10, 3)
    assert local_date(at("2026-10-03T15:30:00"), "Australia/Lord_Howe", 2) == date(2026, 10, 4)


def test_the_day_that_apia_skipped():
    change = at("2011-12-30T10:00:00")  # from 29 December to 31 December
    assert local_date(change - SECOND, "Pacific/Apia", 0) == date(2011, 12, 29)
    assert local_date(change, "Pacific/Apia", 0) == date(2011, 12, 31)
    # with a later start, what is left of the night still belongs to the day that was skipped
    assert local_date(change, "Pacific/Apia", 3) == date(2011, 12, 30)
    assert local_date(change + 3 * HOUR, "Pacific/Apia", 3) == date(2011, 12, 31)


def test_a_clock_set_back_over_the_day_start_does_not_bring_yesterday_back():
    # St John's, 2010: at 00:01 the clock went back to 23:01
    began, back = at("2010-11-07T02:30:00"), at("2010-11-07T02:31:00")
    assert day_starts_at(date(2010, 11, 7), "America/St_Johns", 0) == began
    for instant in (began, back, back + 30 * HOUR / 60, back + HOUR):
        assert local_date(instant, "America/St_Johns", 0) == date(2010, 11, 7)
    assert local_date(began - SECOND, "America/St_Johns", 0) == date(2010, 11, 6)


@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "../etc/passwd", "Europe", "a" * 5000, "\0", "/"]
)
def test_an_unknown_zone_is_refused(name):
    with pytest.raises(ValueError, match="time zone"):
        zone(name)


def test_the_window_is_open_for_three_days_and_closes_after_seven():
    monday = date(2026, 1, 5)
    days = [monday + timedelta(days=n) for n in range(-1, 10)]
    assert [n - 1 for n, today in enumerate(days) if is_open(monday, today)] == [0, 1, 2, 3]
    assert [n - 1 for n, today in enumerate(days) if in_window(monday, today)] == [*range(8)]
    assert [n - 1 for n, today in enumerate(days) if is_fixed(monday, today)] == [8, 9]


@given(st.dates(date(1, 1, 8), date(9999, 12, 20)), st.integers(1, 7))
def test_a_week_holds_its_day_and_its_label_leads_back(day, week_start):
    first = week_first(day, week_start)
    assert first.isoweekday() == week_start
    assert day in week_days(first)
    assert week_from_label(week_label(first), week_start) == first


def test_a_week_from_monday_bears_its_iso_number():
    assert week_label(date(2026, 11, 16)) == "2026-W47"
    assert week_label(date(2025, 12, 29)) == "2026-W01"
    assert week_from_label("2026-W47", 7) == date(2026, 11, 15)


@pytest.mark.parametrize(
    "label",
    ["", "2026-47", "2026-W7", "2026-W00", "2026-W54", "2025-W53", "0000-W01", "9999-W53", "26-W01"]
    + ["2026-W47\n", "٢٠٢٦-W47", "2026-W471", "-001-W01", "2026-w47"],
)
@pytest.mark.parametrize("week_start", range(1, 8))
def test_a_week_that_does_not_exist_is_refused(label, week_start):
    with pytest.raises(ValueError, match="week"):
        week_from_label(label, week_start)


@pytest.mark.parametrize("week_start", range(1, 8))
@pytest.mark.parametrize("label", ["0001-W01", "9999-W52"])
def test_the_calendars_ends_are_a_week_or_refused(label, week_start):
    try:
        first = week_from_label(label, week_start)
    except ValueError:
        return
    assert len(week_days(first)) == 7


def test_the_calendars_ends_refuse_what_they_cannot_hold():
    with pytest.raises(ValueError, match="before the calendar"):
        week_first(date.min, 7)
    with pytest.raises(ValueError, match="after the calendar"):
        week_days(date.max)


def test_a_moment_in_a_gap_comes_when_the_gap_ends_and_a_double_one_the_first_time():
    half_past_two = time(2, 30)
    assert moment(date(2026, 3, 29), half_past_two, BERLIN, 0) == at("2026-03-29T01:00:00")
    assert moment(date(2026, 10, 25), half_past_two, BERLIN, 0) == at("2026-10-25T00:30:00")
    # Nuuk's Saturday evening of 2026-03-28 loses its last hour
    assert moment(date(2026, 3, 28), time(23, 30), "America/Nuuk", 0) == at("2026-03-29T01:00:00")


def test_a_time_before_the_days_start_belongs_to_the_night_in_which_it_ends():
    friday = date(2026, 11, 27)
    assert moment(friday, time(0, 30), BERLIN, 3) == at("2026-11-27T23:30:00")
    assert moment(friday, time(0, 30), BERLIN, 0) == at("2026-11-26T23:30:00")
    day, instant = next_moment(at("2026-11-23T12:00:00"), time(0, 30), [5], BERLIN, 3)
    assert (day, instant) == (friday, at("2026-11-27T23:30:00"))


def test_the_next_moment_is_later_on_a_chosen_weekday_and_after_what_is_done():
    evening, monday = time(20, 30), date(2026, 11, 23)
    now = at("2026-11-23T19:30:00")  # exactly then, in Berlin
    assert next_moment(now, evening, [1], BERLIN, 3)[0] == monday + timedelta(days=7)
    assert next_moment(now - SECOND, evening, [1], BERLIN, 3)[0] == monday
    assert next_moment(now - SECOND, evening, [1], BERLIN, 3, done=monday)[0] == date(2026, 11, 30)
    assert next_moment(now, evening, [], BERLIN, 3) is None


def test_a_day_that_a_zone_skips_has_no_moment():
    before = at("2011-12-30T06:30:00")  # half past eight in the evening, on 29 December
    day, _ = next_moment(before, time(20, 30), range(1, 8), "Pacific/Apia", 0)
    assert day == date(2011, 12, 31)


def test_every_day_has_one_moment_where_any_zone_changes_its_clocks():
    for name, instants in changing_zones().items():
        for instant in instants[:6]:
            for day_start, wall in (
                (0, time(0, 0)),
                (0, time(2, 30)),
                (3, time(2, 30)),
                (3, time(23)),
            ):
                _check_moments(name, instant, wall, day_start)


def _check_moments(name, instant, wall, day_start):
    after, days = instant - 72 * HOUR, []
    for _ in range(6):
        day, found = next_moment(after, wall, range(1, 8), name, day_start)
        assert found > after
        local = found.astimezone(zone(name)).replace(tzinfo=None)
        night = day + timedelta(days=wall.hour < day_start)
        assert local >= datetime.combine(night, wall), (name, day, wall)
        assert (found - SECOND).astimezone(zone(name)).replace(tzinfo=None) < datetime.combine(
            night, wall
        )
        days.append(day)
        after = found
    assert all(later - day == timedelta(days=1) for day, later in pairwise(days)), (name, days)
