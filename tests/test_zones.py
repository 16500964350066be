"""How weeks begin where a zone is."""

import pytest

from habits.zones import WEEK_STARTS, choices, week_start

STARTS = [
    ("Europe/Berlin", 1),
    ("America/New_York", 7),
    ("Asia/Tokyo", 7),
    ("Africa/Cairo", 6),
    ("America/Sao_Paulo", 7),
    ("UTC", 1),
    ("Indian/Maldives", 1),  # Fridays there, which Kept does not offer
]


@pytest.mark.parametrize(("zone", "day"), STARTS)
def test_a_week_begins_as_people_say_there(zone, day):
    assert week_start(zone) == day


def test_every_zone_has_a_week_that_settings_offer():
    assert {week_start(zone) for zone in choices("UTC")} == set(WEEK_STARTS)
