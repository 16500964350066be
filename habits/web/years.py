"""A year on one page: every day by its shape, and the same by month in figures."""

from datetime import date

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_babel import format_date, get_locale, ngettext
from flask_babel import gettext as _
from flask_login import current_user

from habits import years
from habits.date_words import day as long_day
from habits.days import in_window
from habits.joiners import labelled, listed
from habits.trust.plan import Standing
from habits.web.account import day_in_ledger
from habits.web.cadences import weekdays
from habits.web.calendars import standing_words
from habits.web.formats import change, figure
from habits.web.guards import today
from habits.years import Month, Square, Year

page = Blueprint("years", __name__, url_prefix="/account/years")


@page.get("/")
def index():
    return redirect(url_for("years.show", number=today().year))


@page.get("/<int(min=2, max=9998):number>")  # the weeks around it have to be dates
def show(number):
    year = years.read(current_user, number, today())
    if year is None and number != today().year:
        abort(404)
    narrow = get_locale().days["stand-alone"]["narrow"]
    return render_template(
        "years/show.html",
        number=number,
        months=[_month(month) for month in year.months if month.squares] if year else [],
        weekdays=[(narrow[n - 1], long) for n, _short, long in weekdays(current_user.week_start)],
        summary=_summary(year) if year else None,
        table=_table(year) if year else None,
        earlier=_neighbour(number - 1, _("The year before")) if year and year.has_earlier else None,
        later=_neighbour(number + 1, _("The year after")) if number < today().year else None,
    )


def _neighbour(number: int, name: str) -> dict:
    return {"url": url_for("years.show", number=number), "name": name}


def _month(month: Month) -> dict:
    squares = {square.date.day: square for square in month.squares}
    cells = [None] * years.blanks(month, current_user.week_start)
    cells += [
        _cell(month.first.replace(day=n), squares.get(n)) for n in range(1, years.length(month) + 1)
    ]
    cells += [None] * (-len(cells) % 7)
    return {
        "id": f"month-{month.first.month}",
        "name": format_date(month.first, "LLLL"),
        "caption": _month_said(month),
        "weeks": [cells[n : n + 7] for n in range(0, len(cells), 7)],
    }


def _month_said(month: Month) -> str:
    name = format_date(month.first, "LLLL y")
    return _("%(month)s: %(kept)s of %(due)s kept", month=name, kept=month.kept, due=month.due)


def _cell(day: date, square: Square | None) -> dict:
    if square is None:
        return {"day": day.day}
    return {
        "day": day.day,
        "sign": square.sign or "none",
        "shade": _shade(square),
        "today": day == today(),
        "say": _say(square),
        "url": _url(day) if square.sign else None,
    }


def _shade(square: Square) -> int:
    """How much of the day was kept: 3 all of it, 2 more than half, 1 some, 0 none."""
    if not square.kept:
        return 0
    if square.kept >= square.due:
        return 3
    return 2 if 2 * square.kept > square.due else 1


def _url(day: date) -> str:
    """Where the day can be answered, or what it did to the account."""
    if day == today():
        return "/"
    return f"/days/{day.isoformat()}" if in_window(day, today()) else day_in_ledger(day)


def _say(square: Square) -> str:
    said = [_state(square), f"{figure(square.balance)} ({change(square.change)})"]
    return labelled(long_day(square.date), " · ".join(said))


def _state(square: Square) -> str:
    if square.due:
        kept = _("%(kept)s of %(due)s kept", kept=square.kept, due=square.due)
        grave = {"choice": _("against my word"), "deception": _("someone misled")}
        return listed([kept, grave[square.sign]]) if square.sign in grave else kept
    if square.sign in ("choice", "deception", "broken"):
        return _("a lapse outside a promise")
    if square.sign:
        return standing_words()[Standing(square.sign)]
    return _("time off") if square.off else _("nothing due")


def _summary(year: Year) -> str:
    whole = sum(month.whole for month in year.months)
    kept = sum(month.kept for month in year.months)
    due = sum(month.due for month in year.months)
    days = ngettext("%(num)d day kept whole", "%(num)d days kept whole", whole)
    promises = _("%(kept)s of %(due)s promises kept", kept=kept, due=due)
    return f"{days} · {promises}"


def _table(year: Year) -> dict:
    last = get_locale().months["stand-alone"]["wide"]
    return {
        "caption": _("The year by month"),
        "columns": [_("Month"), _("Kept"), _("Whole days"), _("Change"), _("Balance")],
        "rows": [
            [
                last[month.first.month],
                f"{month.kept}/{month.due}",
                str(month.whole),
                change(month.change),
                figure(month.squares[-1].balance),
            ]
            for month in reversed(year.months)
            if month.squares
        ],
    }
