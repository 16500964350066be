"""What pictures of a week and of the account have in common: size, colours, choices, the chart."""

import re
from dataclasses import dataclass, replace

from flask_login import current_user

from habits import charts, typeset
from habits.charts import Chart
from habits.frames import HEIGHT as PLOT_HEIGHT
from habits.frames import WIDTH as PLOT_WIDTH
from habits.web.formats import figure, short_day

WIDTH, HEIGHT = 1080, 1350
MARGIN = 84
INNER = WIDTH - 2 * MARGIN
FIGURE = INNER / 3 - 40  # the room of each, with what faces wider than usual take
# The raw colours of static/css/tokens.css: a picture leaves the page, and its sheet, behind.
PALETTES = {
    "light": {
        "paper": "#fbfaf5",
        "ink": "#151b26",
        "grey": "#48505e",
        "line": "#dedcd3",
        "shape": "#858a90",
        "green": "#0f5538",
        "red": "#96261c",
    },
    "dark": {
        "paper": "#0e131b",
        "ink": "#f2f0e9",
        "grey": "#b6b2a8",
        "line": "#29313d",
        "shape": "#6f7783",
        "green": "#6fd1a1",
        "red": "#ff9c8c",
    },
}
PALETTES["paper"] = PALETTES["light"] | {"paper": "#ffffff"}  # for print
LEFT_TO_RIGHT, AS_IT_READS, END = "\u2066", "\u2068", "\u2069"  # Unicode's isolates
NO_XML = re.compile("[\ufffe\uffff]")  # the forms refuse all others that XML does not know


@dataclass(frozen=True)
class Choices:
    """What the leader lets be seen; without a choice no name stands in a picture."""

    promises: bool  # the titles of commitments
    name: bool  # the leader's own
    colours: str

    def said(self) -> dict:
        """The same as parameters of an address."""
        chosen = {name: "yes" for name in ("promises", "name") if getattr(self, name)}
        return chosen | {"colours": self.colours}

    def on_paper(self) -> "Choices":
        """The same for print."""
        return replace(self, colours="paper")


def common(choices: Choices) -> dict:
    """What every picture's template takes."""
    return {
        "c": PALETTES[choices.colours],
        "margin": MARGIN,
        "beside": _beside,
        "name": own(current_user.name) if choices.name else None,
    }


def plot(chart: Chart, top: int, height: int) -> dict:
    """A chart of the account in the picture, in its units; time runs left to right everywhere."""

    def x(share: float) -> float:
        return round(MARGIN + INNER * share / 100, 1)

    def y(share: float) -> float:
        return round(top + height * share / 100, 1)

    curves = {line.name: line for line in chart.lines}
    balance = curves["balance"]
    return {
        "top": top,
        "bottom": top + height,
        "inner": INNER,
        "rules": [{"y": y(rule.y), "label": _plain(rule.value)} for rule in chart.rules],
        "curves": [
            {"name": line.name, "path": _path(line.path, top, height)} for line in chart.lines
        ],
        "marks": [{"x": x(mark.x), "y": y(mark.y)} for mark in chart.marks],
        "end": {"x": x(balance.end_x), "y": y(balance.end_y), "label": figure(chart.closing)},
        "first": short_day(chart.first),
        "last": short_day(chart.until),
    }


def drawn(points, withdrawals, until=None) -> Chart:
    """The chart of these points."""
    return charts.account(points, withdrawals, until)


def _beside(text: str, size: float) -> float:
    """The type in which a text leaves room for those beside it."""
    return typeset.fitting(text, size, FIGURE, 0) or 1


def isolated(text: str) -> str:
    """A figure that reads from left to right in any language."""
    return LEFT_TO_RIGHT + text + END


def own(text: str) -> str:
    """The leader's own words, which read as they would alone."""
    return AS_IT_READS + NO_XML.sub("", text) + END


def _path(path: str, top: int, height: int) -> str:
    """A curve of the chart in the picture's units, so that its line scales with the picture."""
    numbers = [int(number) for number in re.findall(r"-?\d+", path)]
    across, down = INNER / PLOT_WIDTH, height / PLOT_HEIGHT
    (x, y), *steps = zip(numbers[::2], numbers[1::2], strict=False)
    moved = " ".join(f"{dx * across:.1f} {dy * down:.1f}" for dx, dy in steps)
    return f"M{MARGIN + x * across:.1f} {top + y * down:.1f}l{moved or '0 0'}"


def _plain(value: float) -> str:
    return figure(value) if value % 1 else str(int(value))
