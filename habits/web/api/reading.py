"""What a token may read: the day, the commitments, a week, the account, lapses."""

from datetime import date, timedelta

from flask import Blueprint, Response, abort, current_app
from flask_login import current_user

from habits import lapses, lines, passbook, weeks
from habits.book import open_book, stretch
from habits.days import WINDOW_DAYS, week_first, week_from_label
from habits.today import Today
from habits.web.api import shown
from habits.web.api.bearers import reads
from habits.web.api.bodies import Invalid, no_parameters, parameter, the_range
from habits.web.guards import public, today

page = Blueprint("api", __name__, url_prefix="/api/v1")

CURRENT = "current"
WHICH = ("holding", "all")


@page.get("/openapi.yaml")
@public
def document():
    asset = current_app.extensions["assets"].files["openapi.yaml"]
    response = Response(asset.plain, content_type="application/yaml; charset=utf-8")
    response.headers["Cache-Control"] = "public, no-cache"
    return response


@page.get("/today")
@reads
def show_today():
    no_parameters()
    return shown.today(Today(open_book(current_user, today())))


@page.get("/commitments")
@reads
def list_commitments():
    which = parameter("which", WHICH[0])
    if which not in WHICH:
        raise Invalid(f"which: expected {' or '.join(WHICH)}")
    found = lines.of(current_user)
    if which == WHICH[0]:
        found = [line for line in found if line.holds(today())]
    return {"commitments": [shown.commitment(line) for line in found]}


@page.get("/weeks/<label>")
@reads
def show_week(label):
    no_parameters()
    week = weeks.read(current_user, _first(label), today()) or abort(404)
    return shown.week(week)


@page.get("/account")
@reads
def show_account():
    span = the_range()
    book = stretch(current_user, today(), today() - timedelta(days=WINDOW_DAYS), today())
    return shown.account(book, passbook.curve(book, span))


@page.get("/lapses")
@reads
def list_lapses():
    span = the_range()
    since = today() - timedelta(days=span.days) if span.days else date.min
    found = lapses.of(current_user, since)
    return {"lapses": [shown.lapse(row, person) for row, person in found]}


def _first(label: str) -> date:
    if label == CURRENT:
        return week_first(today(), current_user.week_start)
    try:
        return week_from_label(label, current_user.week_start)
    except ValueError:
        abort(404)
