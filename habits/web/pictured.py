"""What pictures of a week and of the account have in common: size, colours, choices, the chart."""

from dataclasses import dataclass, replace

from flask_login import current_user

from habits import charts
from habits.charts import Chart
from habits.frames import VIEW
from habits.web.formats import figure, short_day

WIDTH, HEIGHT = 1080, 1350
MARGIN = 84
INNER = WIDTH - 2 * MARGIN
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
ISOLATED = "\u2066{}\u2069"  # left to right, whatever stands around it


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
        return replace(self, colours="light")


def common(choices: Choices) -> dict:
    """What every picture's template takes."""
    return {
        "c": PALETTES[choices.colours],
        "margin": MARGIN,
        "name": current_user.name if choices.name else None,
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
        "view": VIEW,
        "top": top,
        "height": height,
        "inner": INNER,
        "rules": [{"y": y(rule.y), "label": _plain(rule.value)} for rule in chart.rules],
        "curves": [{"name": line.name, "path": line.path} for line in chart.lines],
        "marks": [{"x": x(mark.x), "y": y(mark.y)} for mark in chart.marks],
        "end": {"x": x(balance.end_x), "y": y(balance.end_y), "label": figure(chart.closing)},
        "first": short_day(chart.first),
        "last": short_day(chart.until),
    }


def drawn(points, withdrawals, until=None) -> Chart:
    """The chart of these points."""
    return charts.account(points, withdrawals, until)


def isolated(text: str) -> str:
    """A figure that reads from left to right in any language."""
    return ISOLATED.format(text)


def _plain(value: float) -> str:
    return figure(value) if value % 1 else str(int(value))
