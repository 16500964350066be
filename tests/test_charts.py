"""The geometry of charts: it fits, it is small, and no fall is lost."""

import random
import re
import time
from datetime import date, timedelta

import pytest

from habits import chart_marks, charts, frames
from habits.charts import Point, Withdrawal
from habits.frames import COLUMNS, HEIGHT, WIDTH

FIRST = date(2017, 1, 1)
TEN_YEARS = 3653


def record(days, seed=1):
    """Balances that grow slowly and fall sharply, with the falls."""
    chance, balance, points, falls = random.Random(seed), 50.0, [], []
    for n in range(days):
        day = FIRST + timedelta(days=n)
        if chance.random() < 0.08:
            loss = -0.06 * balance
            balance += loss
            falls.append(Withdrawal(day, loss))
        else:
            balance += 0.01 * (100 - balance)
        points.append(Point(day, balance, balance * 0.96, min(100.0, balance * 1.04)))
    return points, falls


def places(path):
    """The absolute places of a path of steps."""
    x, y, *steps = (int(number) for number in re.findall(r"-?\d+", path))
    found = [(x, y)]
    for dx, dy in zip(steps[::2], steps[1::2], strict=False):
        x, y = x + dx, y + dy
        found.append((x, y))
    return found


@pytest.mark.parametrize("days", [1, 2, 7, 92, TEN_YEARS])
def test_every_curve_stays_in_its_box(days):
    chart = charts.account(*record(days))
    for line in chart.lines:
        assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in places(line.path))


def test_a_curve_ends_where_its_last_value_stands():
    points, falls = record(60)
    balance = charts.account(points, falls).lines[-1]
    x, y = places(balance.path)[-1]
    assert x == WIDTH
    assert abs(100 * y / HEIGHT - balance.end_y) < 0.5
    assert balance.value == points[-1].balance


def test_ten_years_are_thinned_to_the_columns():
    chart = charts.account(*record(TEN_YEARS))
    for line in chart.lines:
        assert len(places(line.path)) <= 4 * (COLUMNS + 1)
        assert len(line.path) < 6000


def test_the_deepest_fall_shows_after_thinning():
    points, _ = record(TEN_YEARS)
    deep = 1234
    points[deep] = points[deep]._replace(balance=5.0)
    path = charts.account([point[:2] for point in points]).lines[0].path
    assert max(y for _, y in places(path)) == round(HEIGHT * (1 - 0.06 / 1.12))


@pytest.mark.parametrize("days", [7, 92, TEN_YEARS])
def test_no_withdrawal_is_lost(days):
    points, falls = record(days, seed=3)
    falls = [fall for fall in falls if fall.date > FIRST]
    chart = charts.account(points, falls)
    assert sum(mark.count for mark in chart.marks) == len(falls)
    assert sum(mark.change for mark in chart.marks) == pytest.approx(
        sum(fall.change for fall in falls)
    )
    assert sum(len(stop.withdrawals) for stop in chart.stops) == len(falls)


@pytest.mark.parametrize("days", [92, TEN_YEARS])
def test_marks_can_be_told_apart(days):
    places_ = [mark.x for mark in charts.account(*record(days)).marks]
    gaps = [b - a for a, b in zip(places_, places_[1:], strict=False)]
    assert min(gaps) >= chart_marks.NEAR


def test_a_small_day_shows_beside_a_quiet_week():
    points = [Point(FIRST + timedelta(days=n), 80 + 0.1 * n) for n in range(8)]
    ys = [y for _, y in places(charts.account(points).lines[0].path)]
    assert all(earlier - later >= 0.02 * HEIGHT for earlier, later in zip(ys, ys[1:], strict=False))


def test_a_day_without_a_move_is_flat_and_in_the_middle():
    chart = charts.account([Point(FIRST + timedelta(days=n), 61.2) for n in range(5)])
    assert chart.lines[0].end_y == 50


@pytest.mark.parametrize(("low", "high"), [(49.9, 50.1), (20, 95), (0.0, 0.0), (99.9, 100.0)])
def test_rules_are_few_and_round(low, high):
    chart = charts.account([Point(FIRST, low), Point(FIRST + timedelta(days=1), high)])
    assert 1 <= len(chart.rules) <= 6
    assert all(0 <= rule.value <= 100 and 0 <= rule.y <= 100 for rule in chart.rules)
    steps = {
        round(b.value - a.value, 6) for a, b in zip(chart.rules, chart.rules[1:], strict=False)
    }
    assert len(steps) <= 1


def test_labels_at_the_end_do_not_touch():
    chart = charts.account(
        [Point(FIRST, 60, 60.1, 59.9), Point(FIRST + timedelta(1), 60, 60.1, 60)]
    )
    places_ = sorted(line.label_y for line in chart.lines)
    assert all(b - a >= frames.APART - 0.01 for a, b in zip(places_, places_[1:], strict=False))
    assert places_[-1] <= 100


@pytest.mark.parametrize("days", [1, 7, 92, 93, 366, TEN_YEARS])
def test_the_table_covers_every_day_once(days):
    stops = charts.account(*record(days)).stops
    assert stops[0].first == FIRST
    assert stops[-1].last == FIRST + timedelta(days=days - 1)
    gaps = {(b.first - a.last).days for a, b in zip(stops, stops[1:], strict=False)}
    assert gaps <= {1}
    assert len(stops) <= 125


def test_the_changes_of_the_table_add_up():
    points, falls = record(400)
    stops = charts.account(points, falls).stops
    total = points[-1].balance - points[0].balance
    assert sum(stop.change for stop in stops) == pytest.approx(total)


def test_nothing_is_drawn_of_nothing():
    assert charts.account([]) is None
    assert charts.sparkline([(FIRST, 50.0)]) is None


def test_a_sparkline_uses_its_whole_height():
    spark = charts.sparkline([(FIRST + timedelta(days=n), 80 + n / 10) for n in range(35)])
    ys = [y for _, y in places(spark.path)]
    height = int(spark.view.split()[3])
    assert min(ys) < 0.1 * height
    assert max(ys) > 0.9 * height
    assert (spark.low, spark.high) == (80, 83.4)


def test_ten_years_are_drawn_quickly():
    points, falls = record(TEN_YEARS)
    spent = []
    for _ in range(5):
        start = time.process_time()
        charts.account(points, falls)
        spent.append(time.process_time() - start)
    assert min(spent) < 0.03
