"""The long campaigns in short: kills, power cuts, a crowd. `make torture` runs them for hours."""

import pytest

from tests.databases import on_sqlite
from tests.torture import crowd, days, hostile, kills, migrations, power, replays
from tests.torture.ground import Ground


@pytest.fixture
def ground(database, tmp_path):
    return Ground(tmp_path, database, 4)


def test_no_acknowledged_answer_is_lost_when_every_process_is_killed(ground):
    found = kills.campaign(ground, kills=2)
    assert found.clean, found


@on_sqlite
def test_a_replay_has_one_effect_at_once_together_and_a_day_later(ground):
    found = replays.campaign(ground, replays=40, rounds=2)
    assert found.clean, found
    assert (found.replays, found.forged) == (40, 40)


def test_a_migration_that_is_killed_is_done_by_the_next_start(database, tmp_path):
    found = migrations.campaign(database, tmp_path, kills=3)
    assert found.clean, found


def test_days_follow_each_other_where_clocks_change_in_odd_ways():
    found = days.campaign(
        ("Africa/Cairo", "America/Nuuk", "Australia/Lord_Howe", "Africa/El_Aaiun")
    )
    assert found.clean, found


@on_sqlite
@pytest.mark.skipif(not power.can_record(), reason="there is no compiler for the recorder")
def test_no_acknowledged_answer_is_lost_when_the_power_is_cut(ground):
    found = power.campaign(ground, answers=160, cuts=20)
    assert found.clean, found


def test_a_crowd_meets_no_error(ground):
    found = crowd.campaign(ground, answers=2000, seconds=3)
    assert found.clean, found


def test_hostile_input_gets_a_clear_answer_everywhere(database, tmp_path):
    found = hostile.campaign(database, tmp_path, tries=400)
    assert found.clean, found
    assert {200, 303, 400, 404, 422} <= set(found.statuses)
