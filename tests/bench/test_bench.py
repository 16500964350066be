"""The benchmark itself: it runs, it counts, and it finds what became dearer."""

import math

import pytest

from tests.bench import report
from tests.bench.figures import Figures, Run
from tests.bench.measure import measure


def run(taken="1", machine="here", **changes) -> Run:
    kept = {"today_cpu": 4.0, "tap_cpu": 4.0, "today_statements": 6, "tap_statements": 7}
    kept |= {"page_bytes": 14_000, "first_bytes": 36_000, "first_requests": 6, "tap_bytes": 3_000}
    kept |= changes
    return Run(machine, taken, {"floor": Figures(1.0, 1.0), "90": Figures(**kept)})


@pytest.fixture(scope="module")
def short(tmp_path_factory) -> Run:
    """A short run of all there is, but the phone: tests/browser has one."""
    return measure(tmp_path_factory.mktemp("bench"), (20,), 20, 2, "now", crowd=50)


def test_a_short_run_measures_the_floor_and_kept(short):
    floor, kept, crowd = (short.subjects[name] for name in ("floor", "20", "crowd"))
    assert 0 < floor.today_cpu < kept.today_cpu < math.inf
    assert 0 < floor.tap_cpu < kept.tap_cpu < math.inf
    for each in (kept, crowd):
        assert 0 < each.refold_cpu < math.inf
        assert 0 < each.week_cpu < each.chart_cpu < math.inf
    assert kept.start > 0
    assert kept.memory > 20
    assert Run.from_json(short.as_json()) == short
    assert "20 days" in report.table(short)
    assert "crowd" in report.bars(short)


def test_what_a_request_asks_and_sends_stays_under_the_bar(short):
    kept = short.subjects["20"]
    assert short.subjects["floor"].today_statements == 1
    assert 1 < kept.today_statements <= 6
    assert 1 < kept.tap_statements <= 8
    assert kept.page_bytes <= 14_000
    assert kept.first_bytes <= 40_000
    assert kept.first_requests <= 8
    assert kept.tap_bytes <= 3_000


def test_a_request_costs_no_more_than_so_many_floors(short):
    """Far above the bar: another test beside it moves the ratio, a query a row moves it more."""
    assert short.ratio("20", "today_cpu") < 14
    assert short.ratio("20", "tap_cpu") < 12


@pytest.mark.parametrize(
    ("name", "slightly", "clearly"),
    [
        ("today_cpu", 4.5, 4.7),
        ("tap_cpu", 4.5, 4.7),
        ("today_statements", 6, 7),
        ("tap_statements", 8, 9),
        ("page_bytes", 16_000, 16_500),
        ("first_bytes", 40_000, 42_000),
        ("first_requests", 6, 7),
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


def test_a_run_that_measured_other_things_is_no_yardstick(tmp_path):
    report.store(run("1"), tmp_path)
    (tmp_path / "2.json").write_text(run("2").as_json().replace('"memory"', '"weight"'))
    assert report.newest("here", tmp_path).taken == "1"
