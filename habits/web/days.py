"""A day of the last week, to answer late, and one promise with all that can be said of it."""

from datetime import date, timedelta

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from habits.book import Book, open_book
from habits.date_words import day as long_day
from habits.days import WINDOW_DAYS, is_open
from habits.today import UNANSWERED, optional_of, promises_of
from habits.trust.plan import Standing
from habits.web.forms import parse_day
from habits.web.guards import today
from habits.web.rows import Row, any_row, optional_row, row_of
from habits.web.today import head_of
from habits.web.words import repair_titles

page = Blueprint("days", __name__)


@page.get("/days/<day>")
def show(day):
    day = _in_window(day)
    if day == today():
        return redirect(url_for("today.show"))
    book = open_book(current_user, today())
    return render_template(
        "days/show.html",
        day=day,
        words=_standing(book, day),
        rows=[row_of(book, promise) for promise in promises_of(book, day)],
        optional=[optional_row(book, day, each) for each in optional_of(book, day)],
        earlier=_earlier(book, day),
        later=_later(day),
        **head_of(book),
    )


@page.get("/days/<day>/<id:commitment_id>")
def promise(day, commitment_id):
    day = _in_window(day)
    book = open_book(current_user, today())
    if commitment_id not in book.commitments or not book.plan.can_be_due(commitment_id, day):
        abort(404)
    row = any_row(book, commitment_id, day)
    asked = row.standing if row.standing in (Standing.BROKEN, Standing.KEPT) else None
    return promise_page(row, day, asked)


def promise_page(row: Row, day: date, asked: str | None) -> str:
    """One promise alone: what its sheet holds, for the answer that is `asked` about."""
    return render_template(
        "days/promise.html",
        row=row,
        day=day,
        asked=asked,
        today=today(),
        repairs=repair_titles(),
    )


def _in_window(text: str) -> date:
    """The day, if it can be answered today; anything else is not there."""
    day = parse_day(text)
    if day is None or not 0 <= (today() - day).days <= WINDOW_DAYS:
        abort(404)
    return day


def _standing(book: Book, day: date) -> str | None:
    """What an answer to this day still does; None where there is none to give."""
    last = day + timedelta(days=WINDOW_DAYS)
    promises = promises_of(book, day)
    if not promises and not optional_of(book, day):
        return None
    if promises and not any(promise.standing in UNANSWERED for promise in promises):
        return _("Open to changes until %(day)s.", day=long_day(last))
    if is_open(day, today()):
        return _("Still open. Answers are marked as late.")
    last = day + timedelta(days=WINDOW_DAYS)
    if last == today():
        return _("Today is the last day to answer it.")
    return _("Unanswered promises are silent by now; answers are marked as late.")


def _earlier(book: Book, day: date) -> str | None:
    before = day - timedelta(days=1)
    return before.isoformat() if (today() - before).days <= WINDOW_DAYS else None


def _later(day: date) -> str:
    after = day + timedelta(days=1)
    if after == today():
        return url_for("today.show")
    return url_for("days.show", day=after.isoformat())
