"""How it is counted: the rules with their constants, and a calculator that plays them."""

from flask import Blueprint, render_template, request
from flask_babel import format_percent, ngettext
from flask_babel import gettext as _
from flask_login import current_user

from habits import charts
from habits.book import open_book
from habits.days import DAY
from habits.joiners import sentences
from habits.movements import withdrawals
from habits.trust import account as constants
from habits.trust import forecast, what_if
from habits.trust.history import Nature
from habits.trust.what_if import Break
from habits.web import words
from habits.web.charts import account_view
from habits.web.formats import figure
from habits.web.fragments import is_fragment
from habits.web.guards import today

page = Blueprint("counting", __name__, url_prefix="/account/counting")

MOST = {"trust": 100, "streak": 180, "days": 365}
DAYS = 90
BREAKS = {
    "none": None,
    "told": Break(Nature.MISTAKE, told=True),
    "untold": Break(Nature.MISTAKE),
    "choice": Break(Nature.CHOICE),
    "deception": Break(Nature.DECEPTION),
}


@page.get("")
def show():
    played = _played()
    if is_fragment():
        return render_template("counting/_curve.html", oob=True, **played)
    return render_template(
        "counting/show.html",
        c=_constants(),
        levels=_levels(),
        breaks=_breaks(),
        MOST=MOST,
        **played,
    )


def one_pillar_end() -> float:
    """Where the account ends if only one pillar grows."""
    return round((constants.START_TRUST * constants.FULL) ** 0.5)


def _played() -> dict:
    """What the sliders say, from where the leader stands where they say nothing."""
    given = {name: _number(name) for name in MOST}
    if None in given.values():
        state = open_book(current_user, today()).state
        own = {"trust": round(state.balance), "streak": state.streak, "days": DAYS}
        given = {name: own[name] if value is None else value for name, value in given.items()}
    given["days"] = max(1, given["days"])
    chosen = request.args.get("lapse", "choice")
    chosen = chosen if chosen in BREAKS else "choice"
    days = what_if.play(given["trust"], given["streak"], BREAKS[chosen], today(), given["days"])
    chart = _chart(days)
    return {
        "given": given | {"lapse": chosen},
        "chart": chart | {"table": None},
        "table": chart["table"],
        "outcome": _outcome(days),
    }


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        return None
    return min(int(text), MOST[name])


def _chart(days) -> dict:
    before = days[0].before
    points = [charts.point(today() - DAY, before.character, before.competency)]
    drawn = charts.account([*points, *charts.days_of(days)], withdrawals(days))
    return account_view(drawn, "what-if")


def _outcome(days) -> str:
    """The curve in a sentence or two."""
    start, first, end = days[0].before.balance, days[0].state.balance, days[-1].state.balance
    there = ngettext(
        "After %(num)s day of keeping everything you stand at %(end)s.",
        "After %(num)s days of keeping everything you stand at %(end)s.",
        len(days),
        end=figure(end),
    )
    if first >= start:
        return there
    fell = _("From %(start)s it falls to %(first)s.", start=figure(start), first=figure(first))
    return sentences([fell, _way_back(days), there])


def _way_back(days) -> str:
    back = what_if.days_back(days)
    if back is None:
        return _("It does not come back within three years.")
    return ngettext("%(num)s day brings it back.", "%(num)s days bring it back.", back)


def _breaks() -> list[dict]:
    names = {
        "none": _("Nothing: all is kept"),
        "told": _("A mistake you own up to"),
        "untold": _("A mistake left unsaid"),
        "choice": _("Going back on your word"),
        "deception": _("Misleading someone"),
    }
    return [{"value": value, "name": name} for value, name in names.items()]


def _constants() -> dict:
    """The constants as the page shows them, from where they stand."""
    shares = ("GROWTH", "TOLD", "UNTOLD", "CHOICE", "DECEPTION", "SCAR_FADE")
    shown = {name: format_percent(getattr(constants, name), "0.#%") for name in shares}
    plain = ("START_TRUST", "FULL", "YOUNG", "SCAR_LASTING", "SCAR_FADING", "SCAR_LIMIT", "BACK")
    shown |= {name: str(int(getattr(constants, name))) for name in plain}
    return shown | {"VERSION": constants.VERSION, "ONE_PILLAR": int(one_pillar_end())}


def _levels() -> list[tuple[str, int]]:
    return [(words.level(level), int(least)) for level, least in forecast.LEAST.items()]
