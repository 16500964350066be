"""Geometry of the charts: balances by date become paths, rules and marks that a template draws.

Shape. Every place is a percentage of the plot, x from its start and y from its top, so that a chart
is as wide as the page and as tall as its type. Only `path` is in a box of its own: draw it in
`<svg viewBox="{{ frames.VIEW }}" preserveAspectRatio="none">` with a stroke that does not scale.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import sqrt
from typing import NamedTuple

from habits.chart_marks import Mark, Withdrawal, marks_of
from habits.frames import Frame, apart, around

DAILY = 100  # up to so many days the table has a line for each
WEEKLY = 800  # up to so many one for every seventh, else one for each month
SPARK_HEIGHT = 120
GUTTER = 7.0  # per cent at the start of an account's plot, for the numbers of the rules
LEAST_SPAN = {"spark": 1.5, "account": 3.0}  # points of balance; a quiet week shall look quiet


class Point(NamedTuple):
    """The account at the end of a date; the pillars where they are to be drawn."""

    date: date
    balance: float
    character: float | None = None
    competency: float | None = None


@dataclass(frozen=True, slots=True)
class Spark:
    """A line without words: draw `path` in `view`, a dot at (end_x, end_y), marks where it fell."""

    view: str
    path: str
    end_x: float
    end_y: float
    marks: tuple["Mark", ...]
    first: date
    last: date
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Line:
    """One curve: `name` is balance, character or competency; `label_y` keeps labels apart."""

    name: str
    path: str
    end_x: float
    end_y: float
    label_y: float
    value: float


@dataclass(frozen=True, slots=True)
class Rule:
    """A ruled horizontal and its number."""

    y: float
    value: float


@dataclass(frozen=True, slots=True)
class Stop:
    """A line of the table and a place to read out: the dates from `first` to `last`."""

    x: float
    y: float
    start: float  # of its column, per cent
    width: float
    first: date
    last: date
    balance: float
    character: float | None
    competency: float | None
    change: float
    withdrawals: tuple[Withdrawal, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """The account over time: curves (balance last, on top), rules, marks and the table behind."""

    lines: tuple[Line, ...]
    rules: tuple[Rule, ...]
    marks: tuple[Mark, ...]
    stops: tuple[Stop, ...]
    first: date
    last: date
    until: date  # where the plot ends
    low: float
    high: float
    opening: float
    closing: float


def sparkline(
    points: Sequence[tuple[date, float]], withdrawals: Iterable[Withdrawal] = ()
) -> Spark | None:
    """A line over (date, balance), oldest first; None below two points, where there is no line."""
    points = _as_points(points)
    if len(points) < 2:
        return None
    frame = around(points, [1], points[-1].date, LEAST_SPAN["spark"], 0.0)
    frame.width, frame.height = frame.days, SPARK_HEIGHT  # small numbers: every tap sends them
    return Spark(
        view=f"0 0 {frame.width} {frame.height}",
        path=frame.path(points, 1),
        end_x=frame.x(points[-1].date),
        end_y=frame.y(points[-1].balance),
        marks=marks_of(frame, points, withdrawals),
        first=points[0].date,
        last=points[-1].date,
        low=min(point.balance for point in points),
        high=max(point.balance for point in points),
    )


def account(
    points: Sequence[tuple], withdrawals: Iterable[Withdrawal] = (), until: date | None = None
) -> Chart | None:
    """A chart of (date, balance[, character, competency]), oldest first; None without a point.

    `until` is the last date of the plot where that is later than the last point's.
    """
    drawn = curve(points, withdrawals, until)
    if drawn is None:
        return None
    points = _as_points(points)
    return replace(drawn, stops=_stops(_frame(points, until), points, sorted(withdrawals)))


def curve(
    points: Sequence[tuple], withdrawals: Iterable[Withdrawal] = (), until: date | None = None
) -> Chart | None:
    """The same without what is read out of it: `stops` is empty."""
    points = _as_points(points)
    if not points:
        return None
    frame = _frame(points, until)
    return Chart(
        lines=_lines(frame, points, _names(points)),
        rules=tuple(Rule(frame.y(value), round(value, 2)) for value in frame.ruled()),
        marks=marks_of(frame, points, withdrawals),
        stops=(),
        first=points[0].date,
        last=points[-1].date,
        until=until or points[-1].date,
        low=min(point.balance for point in points),
        high=max(point.balance for point in points),
        opening=points[0].balance,
        closing=points[-1].balance,
    )


def point(day: date, character: float, competency: float) -> Point:
    """A point from both pillars."""
    return Point(day, sqrt(character * competency), character, competency)


def days_of(fold_days) -> list[Point]:
    """The points of folded days."""
    states = ((day.date, day.state) for day in fold_days)
    return [Point(day, s.balance, s.character, s.competency) for day, s in states]


def _as_points(points: Sequence[tuple]) -> list[Point]:
    return [each if isinstance(each, Point) else Point(*each) for each in points]


def _names(points) -> tuple[str, ...]:
    pillars = ("character", "competency") if points[-1].character is not None else ()
    return (*pillars, "balance")


def _frame(points, until: date | None) -> Frame:
    fields = [Point._fields.index(name) for name in _names(points)]
    return around(points, fields, until or points[-1].date, LEAST_SPAN["account"], GUTTER)


def _lines(frame, points, names) -> tuple[Line, ...]:
    last = points[-1]
    ends = {name: getattr(last, name) for name in names}
    places = apart({name: frame.y(value) for name, value in ends.items()})
    return tuple(
        Line(
            name=name,
            path=frame.path(points, Point._fields.index(name)),
            end_x=frame.x(last.date),
            end_y=frame.y(ends[name]),
            label_y=places[name],
            value=ends[name],
        )
        for name in names
    )


def _stops(frame, points, withdrawals) -> tuple[Stop, ...]:
    by_day: dict[date, list[Withdrawal]] = {}
    for withdrawal in withdrawals:
        by_day.setdefault(withdrawal.date, []).append(withdrawal)
    stops, before, begun = [], points[0].balance, 0
    for n, reached in enumerate(points):
        if n + 1 < len(points) and not _ends_stop(reached.date, points[n + 1].date, len(points)):
            continue
        span = points[begun : n + 1]
        fell = tuple(w for p in span if p.date in by_day for w in by_day[p.date])
        stops.append(_stop(frame, span, before, fell))
        before, begun = reached.balance, n + 1
    return tuple(stops)


def _stop(frame, span, before: float, fell) -> Stop:
    last = span[-1]
    half = (100 - frame.gutter) / 2 / frame.days
    start = max(0.0, frame.x(span[0].date) - half)
    end = min(100.0, frame.x(last.date) + half)
    return Stop(
        x=frame.x(last.date),
        y=frame.y(last.balance),
        start=round(start, 2),
        width=round(end - start, 2),
        first=span[0].date,
        last=last.date,
        balance=last.balance,
        character=last.character,
        competency=last.competency,
        change=last.balance - before,
        withdrawals=fell,
    )


def _ends_stop(day: date, following: date, days: int) -> bool:
    if days <= DAILY:
        return True
    if days <= WEEKLY:
        return day.isoweekday() == 7 or following - day > timedelta(days=1)
    return day.month != following.month
