"""Every commitment's streak, its longest, and a strip of its last weeks."""

from collections import Counter

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from habits import streaks
from habits.joiners import labelled, listed
from habits.trust.plan import Standing
from habits.web import words
from habits.web.calendars import standing_words
from habits.web.guards import today
from habits.week_grid import Row

page = Blueprint("streaks", __name__)

STEP, WEEK_GAP = 7, 5  # units of the strip: from day to day, and between two weeks more
STROKES = {  # how a day is drawn: by its length and its breaks, not by its colour alone
    "kept": "v16",
    "broken": "v5m1.5 5v6",
    "released": "v3m0 3.5v3m0 3.5v3",
    "open": "m0 6v4",
    "silent": "m-2 16h4",
    "none": "m0 8v.01",
}


@page.get("/commitments/streaks")
def show():
    rows, state = streaks.read(current_user, today())
    return render_template(
        "streaks/show.html",
        rows=[_row(row) for row in rows],
        state=state,
        weeks=streaks.WEEKS,
        strokes=STROKES,
    )


def _row(row: Row) -> dict:
    return {
        "title": row.title,
        "url": url_for("commitments.show", commitment_id=row.commitment_id),
        "pillar": words.pillar(row.pillar),
        "streak": row.streak,
        "longest": row.longest,
        "of": _("%(kept)s of %(due)s", kept=row.kept, due=row.due),
        "say": _say(row),
        "strip": _strip(row),
    }


def _strip(row: Row) -> dict:
    """A path for each standing; a unit is drawn as wide as the page gives it."""
    paths: dict[str, str] = {}
    x = STEP / 2
    for n, cell in enumerate(row.cells):
        if n and n % 7 == 0:
            x += WEEK_GAP
        name = cell.standing.value if cell.standing else "none"
        paths[name] = paths.get(name, "") + f"M{x:g} 2{STROKES[name]}"
        x += STEP
    return {"width": x - STEP / 2, "paths": paths}


def _say(row: Row) -> str:
    """The strip in words."""
    count = Counter(cell.standing for cell in row.cells if cell.standing)
    named = standing_words()
    found = [f"{count[each]} {named[each]}" for each in Standing if count[each]]
    weeks = ngettext("Last %(num)d week", "Last %(num)d weeks", streaks.WEEKS)
    return labelled(weeks, listed(found) if found else _("nothing due"))
