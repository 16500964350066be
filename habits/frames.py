"""Where a date and a value lie in a plot, and the path through them."""

from collections.abc import Iterable, Sequence
from datetime import date
from math import ceil, floor, log10

WIDTH, HEIGHT = 1000, 400
VIEW = f"0 0 {WIDTH} {HEIGHT}"
COLUMNS = 200  # of the plot; a column shows its first, lowest, highest and last value
APART = 9.0  # per cent between two labels at the end
RULES = 4


class Frame:
    """Where a date and a value lie."""

    __slots__ = ("days", "gutter", "height", "high", "low", "start", "width")

    def __init__(self, first: date, last: date, low: float, high: float, gutter: float):
        self.width, self.height = WIDTH, HEIGHT
        self.start, self.days = first.toordinal(), max(1, (last - first).days)
        self.low, self.high = low, high
        self.gutter = gutter

    def x(self, day: date) -> float:
        past = (day.toordinal() - self.start) / self.days
        return round(self.gutter + (100 - self.gutter) * past, 2)

    def y(self, value: float) -> float:
        return round(100 * (self.high - value) / (self.high - self.low), 2)

    def path(self, points: Sequence[tuple], field: int) -> str:
        edge = self.width * self.gutter / 100
        across = (self.width - edge) / self.days
        down = self.height / (self.high - self.low)
        values = [point[field] for point in points]
        places = [
            (
                round(edge + (points[n][0].toordinal() - self.start) * across),
                round((self.high - values[n]) * down),
            )
            for n in _telling(values)
        ]
        return _drawn(places)

    def ruled(self) -> list[float]:
        """The round values at which a horizontal is ruled."""
        step = _nice((self.high - self.low) / RULES)
        first = ceil(max(0.0, self.low) / step)
        last = floor(min(100.0, self.high) / step)
        return [n * step for n in range(first, last + 1)]


def around(
    points: Sequence[tuple], fields: Sequence[int], last: date, least: float, gutter: float
) -> Frame:
    """A frame for these fields of the points, at least `least` high, with air above and below."""
    values = [[point[field] for point in points] for field in fields]
    low, high = min(map(min, values)), max(map(max, values))
    short = max(0.0, least - (high - low)) / 2
    air = 0.06 * max(least, high - low)
    return Frame(points[0][0], last, low - short - air, high + short + air, gutter)


def apart(places: dict[str, float]) -> dict[str, float]:
    """The same places, moved so that labels do not touch, and kept within the plot."""
    order = sorted(places, key=places.get)
    moved = [places[name] for name in order]
    for n in range(1, len(moved)):
        moved[n] = max(moved[n], moved[n - 1] + APART)
    over = max(0.0, moved[-1] - 100)
    for n in reversed(range(len(moved))):
        most = moved[n + 1] - APART if n + 1 < len(moved) else 100.0
        moved[n] = min(moved[n], most) if over else moved[n]
    return dict(zip(order, (round(y, 2) for y in moved), strict=True))


def _telling(values: list[float]) -> Iterable[int]:
    """Which values to draw: of many, each column's first, lowest, highest and last."""
    if len(values) <= 2 * COLUMNS:
        return range(len(values))
    edges = [len(values) * n // COLUMNS for n in range(COLUMNS + 1)]
    kept = set()
    for start, end in zip(edges, edges[1:], strict=False):
        column = values[start:end]
        lowest, highest = column.index(min(column)), column.index(max(column))
        kept |= {start, start + lowest, start + highest, end - 1}
    return sorted(kept)


def _drawn(places) -> str:
    """A path of whole steps, without those that go straight on."""
    x, y = places[0]
    steps, run = [], (0, 0)
    for next_x, next_y in places[1:]:
        step = next_x - x, next_y - y
        x, y = next_x, next_y
        if run[1] == step[1] == 0:
            run = run[0] + step[0], 0
        else:
            steps.append(run)
            run = step
    steps.append(run)
    words = "".join(f"{dx} {dy} " if dy >= 0 else f"{dx}{dy} " for dx, dy in steps if dx or dy)
    start = f"M{places[0][0]} {places[0][1]}"
    return f"{start}l{words.rstrip()}" if words else f"{start}h0"


def _nice(rough: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is not below `rough`."""
    power = 10.0 ** floor(log10(rough))
    return next(n * power for n in (1, 2, 5, 10) if n * power >= rough - 1e-9)
