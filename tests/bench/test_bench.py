"""The benchmark itself: it runs, it counts, and it finds what became dearer."""

import math

import pytest

from tests.bench import report
from tests.bench.figures import Figures, Run
from tests.bench.measure import measure


def run(taken="1", machine="here", **changes) -> Run:
    kept = {"today_cpu": 4.0, "tap_cpu": 4.0, "today_statements": 6, "tap_statements": 7}
    kept |= {"first_bytes": 14_000, "tap_bytes": 3_000} | changes
    return Run(machine, taken, {"floor": Figures(1.0, 1.0), "90": Figures(**kept)})


def test_a_short_run_measures_the_floor_and_kept(tmp_path):
    measured = measure(tmp_path, (20,), requests=5, rounds=1, taken="now")
    floor, kept = measured.subjects["floor"], measured.subjects["20"]
    assert 0 < floor.today_cpu < kept.today_cpu < math.inf
    assert 0 < floor.tap_cpu < kept.tap_cpu < math.inf
    assert (floor.today_statements, floor.tap_statements) == (1, 1)
    assert 1 < kept.today_statements <= 6
    assert 1 < kept.tap_statements <= 8
    assert kept.first_bytes > kept.tap_bytes > floor.tap_bytes > 0
    assert Run.from_json(measured.as_json()) == measured
    assert "20 days" in report.table(measured)


@pytest.mark.parametrize(
    ("name", "slightly", "clearly"),
    [
        ("today_cpu", 4.5, 4.7),
        ("tap_cpu", 4.5, 4.7),
        ("today_statements", 6, 7),
        ("tap_statements", 8, 9),
        ("first_bytes", 16_000, 16_500),
        ("tap_bytes", 3_400, 3_500),
    ],
)
def test_what_costs_over_a_seventh_more_is_named(name, slightly, clearly):
    assert report.dearer(run(), run(**{name: slightly})) == []
    (line,) = report.dearer(run(), run(**{name: clearly}))
    assert name in line


def test_a_machine_that_is_slower_in_all_is_no_regression():
    slow = run(today_cpu=8.0, tap_cpu=8.0)
    slow.subjects["floor"] = Figures(2.0, 2.0)
    assert report.dearer(run(), slow) == []


def test_a_run_is_compared_with_the_newest_of_its_machine(tmp_path):
    for stored in (run("1"), run("3"), run("2"), run("4", machine="elsewhere")):
        report.store(stored, tmp_path)
    assert report.newest("here", tmp_path).taken == "3"
    assert report.newest("nowhere", tmp_path) is None
