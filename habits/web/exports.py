"""The leader's data to take away: the history as a file, the ledger as a sheet, a page to print."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _
from flask_login import current_user

from habits import exports, imports, ledger_sheet, lines
from habits.book import Book, whole_book
from habits.date_words import day_within_month, month, short_day
from habits.models.imports import PastAnswer
from habits.trust.account import Day
from habits.trust.history import Reply
from habits.trust.plan import Standing
from habits.web import words
from habits.web.calendars import standing_words
from habits.web.commitments import cadence_of
from habits.web.formats import change, figure
from habits.web.guards import fresh_passkey, now, today

page = Blueprint("exports", __name__)

BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as something else


@dataclass(frozen=True)
class Happening:
    """One promise or lapse of a day, in words; `standing` is its mark."""

    standing: str
    say: str
    title: str
    note: str | None = None


@page.get("/exports")
@fresh_passkey
def index():
    return render_template("exports/index.html")


@page.get("/exports/history.json")
@fresh_passkey
def history():
    document = exports.to_bytes(exports.document(current_user))
    return _download(document, "application/json", "history.json")


@page.get("/exports/ledger.csv")
@fresh_passkey
def ledger():
    sheet = BYTE_ORDER_MARK + ledger_sheet.sheet(current_user, today())
    return _download(sheet.encode(), "text/csv; charset=utf-8", "ledger.csv")


@page.get("/exports/page")
@fresh_passkey
def readable():
    book = whole_book(current_user, today())
    return render_template(
        "exports/page.html",
        book=book,
        made_on=short_day(today()),
        lines=[line for line in lines.of(current_user) if not line.is_once],
        months=_months(book, imports.past(current_user)),
        cadence=cadence_of,
        off=[_off(row) for row in book.time_off],
    )


def _download(content: bytes, kind: str, name: str) -> Response:
    """A file to keep; its name says whose day it was made on."""
    response = Response(content, content_type=kind)
    file_name = f"kept-{today().isoformat()}-{name}"
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    response.last_modified = now()
    return response


def _months(book: Book, past: dict[date, list[PastAnswer]]) -> list[dict]:
    """The days on which something happened, newest first, by month."""
    counted = {day.date: day for day in book.days if day.promises or day.lapses}
    months: dict[date, list] = {}
    for on in sorted(counted.keys() | past.keys(), reverse=True):
        happened = {"name": day_within_month(on), "happenings": []}
        if on in counted:
            happened |= _day(book, counted[on])
        happened["happenings"] += [_past(book, row) for row in past.get(on, ())]
        months.setdefault(on.replace(day=1), []).append(happened)
    return [{"name": month(first), "days": days} for first, days in months.items()]


def _day(book: Book, day: Day) -> dict:
    return {
        "balance": figure(day.state.balance),
        "change": change(day.state.balance - day.before.balance),
        "happenings": [_promise(book, promise) for promise in day.promises]
        + [_lapse(lapse) for lapse in day.lapses],
    }


def _promise(book: Book, promise) -> Happening:
    said = book.answers.get((promise.commitment.id, promise.date))
    say = standing_words()[promise.standing]
    if promise.answer is not None and promise.answer.reply is Reply.BROKEN:
        say = words.nature(promise.answer.nature or "mistake", promise.answer.told)
    note = said.note if said is not None and said.reply is not None else None
    return Happening(promise.standing.value, say, promise.commitment.title, note)


def _past(book: Book, row: PastAnswer) -> Happening:
    standing = Standing(row.reply.value)
    say = _("%(standing)s, from before", standing=standing_words()[standing])
    return Happening(standing.value, say, book.commitments[row.commitment_id].title, row.note)


def _lapse(lapse) -> Happening:
    say = words.nature(lapse.nature, lapse.told)
    return Happening("broken", say, _("Outside a promise"), lapse.note)


def _off(row) -> str:
    return _("%(first)s to %(last)s", first=short_day(row.first), last=short_day(row.last))
