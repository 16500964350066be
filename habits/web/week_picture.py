"""The picture of a week: sentence, grid and account, with the figures of its page."""

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from habits import typeset, week_words
from habits.days import week_days
from habits.web import words
from habits.web.formats import change
from habits.web.pictured import INNER, MARGIN, Choices, common, drawn, isolated, own, plot
from habits.week_grid import Row
from habits.weeks import Summary

SENTENCE, SMALLEST, LINES = 72, 54, 2  # type sizes and lengths are in units of the picture
ONE_LINE = INNER * 0.93  # faces with serifs are wider than the estimate
TOP, LEADING = 336, 86  # of the sentence's lines
LABEL = 27
DAY = 62  # of a column
COUNT = 90  # of the column with kept of due
TALLEST, TWO_LINES, LOWEST = 84, 64, 40  # heights of a row
GRID_ENDS = 880
PLOT = (965, 140)
MOST = 9  # rows; the rest is told in a line


def view(week: Summary, choices: Choices) -> dict:
    """What templates/pictures/week.svg takes."""
    size = typeset.fitting(week_words.shown(week), SENTENCE, ONE_LINE, SMALLEST) or SENTENCE
    said = typeset.lines(week_words.shown(week), size, INNER, LINES)
    grid_top = TOP + (len(said) - 1) * LEADING + 60
    return {
        **common(choices),
        "title": week_words.title(week),
        "heading": week_words.heading(week),
        "span": week_words.span(week),
        "sentence": [{"y": TOP + n * LEADING, "text": line} for n, line in enumerate(said)],
        "size": size,
        **_grid(week, choices, grid_top),
        "plot": plot(drawn([p[:2] for p in week.points], week.withdrawals, week.last), *PLOT),
        "figures": _figures(week),
    }


def _grid(week: Summary, choices: Choices, top: int) -> dict:
    shown = _ordered(week, choices)
    rows, more = shown[:MOST], len(shown) - MOST
    height = max(LOWEST, min(TALLEST, (GRID_ENDS - top - 40) // max(1, len(rows) + (more > 0))))
    edge = MARGIN + INNER - COUNT - 7 * DAY
    labels = _labels(rows, choices)
    count = 2 if height >= TWO_LINES else 1
    return {
        "label_size": LABEL,
        "mark_size": min(40, height - 8),
        "days": [
            {"x": edge + DAY * (n + 0.5), "y": top + 20, "text": format_date(day, "EEEEE")}
            for n, day in enumerate(week_days(week.first))
        ],
        "rows": [
            {
                "y": top + 40 + height * (n + 0.5),
                "line": top + 40 + height * (n + 1),
                "label": _label(label, top + 40 + height * (n + 0.5), edge - MARGIN - 20, count),
                "of": isolated(f"{row.kept}/{row.due}") if row.due else "",
                "cells": [
                    {
                        "x": edge + DAY * (m + 0.5),
                        "standing": cell.standing.value if cell.standing else "none",
                        "ahead": cell.ahead,
                    }
                    for m, cell in enumerate(row.cells)
                ],
            }
            for n, (row, label) in enumerate(zip(rows, labels, strict=True))
        ],
        "more": _more(more, top + 40 + height * (len(rows) + 0.5)) if more > 0 else None,
    }


def _ordered(week: Summary, choices: Choices) -> list[Row]:
    """In the leader's order; without titles, those of a pillar together."""
    if choices.promises:
        return list(week.rows)
    return sorted(week.rows, key=lambda row: row.pillar.value)


def _labels(rows: list[Row], choices: Choices) -> list[str]:
    """A title a row, or each pillar's name once."""
    if choices.promises:
        return [row.title for row in rows]
    before = [None, *(row.pillar for row in rows)]
    return [
        "" if row.pillar is last else words.pillar(row.pillar)
        for row, last in zip(rows, before, strict=False)
    ]


def _label(text: str, middle: float, most: float, count: int) -> list[dict]:
    """The lines of a row's label around its middle."""
    parts = typeset.lines(text, LABEL, most, count)
    first = middle + LABEL * 0.36 - (len(parts) - 1) * LABEL * 0.6
    return [
        {"y": round(first + n * LABEL * 1.2, 1), "text": own(part)} for n, part in enumerate(parts)
    ]


def _more(count: int, y: float) -> dict:
    return {"y": y, "text": ngettext("and %(num)d more", "and %(num)d more", count)}


def _figures(week: Summary) -> list[dict]:
    kept = isolated(f"{week.kept}/{week.due}") if week.due else "–"
    days = ngettext("day in a row", "days in a row", week.streak)
    return [
        {"value": kept, "label": _("promises kept")},
        {"value": isolated(change(week.deposits + week.withdrawn)), "label": _("in the account")},
        {"value": str(week.streak), "label": days},
    ]
