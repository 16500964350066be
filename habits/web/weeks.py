"""A week to read: the guess, the sentence, the grid, one decision, and what moved the account."""

from datetime import date

from flask import Blueprint, abort, render_template, url_for
from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from habits import charts, week_notes, week_words, weeks, writes
from habits.days import in_window, week_days, week_first, week_from_label, week_label
from habits.db import db
from habits.problems import Refused
from habits.trust.plan import Standing
from habits.web import week_people
from habits.web.charts import account_view
from habits.web.formats import day as long_day
from habits.web.formats import weekday
from habits.web.forms import Form, Id, Number, Text, Word
from habits.web.fragments import done
from habits.web.guards import kept_offline, now, today
from habits.web.movements import week_line
from habits.week_grid import Cell, Row
from habits.week_notes import LINE_LENGTH
from habits.weeks import WEEK, Choice, Summary

page = Blueprint("weeks", __name__, url_prefix="/weeks")


class GuessForm(Form):
    """How many promises the leader thinks they kept; empty where they would rather look."""

    guess = Number(_l("I think I kept"), most=999)


class LineForm(Form):
    """One line to write."""

    line = Text(_l("One line about this week"), longest=LINE_LENGTH)


class DecisionForm(Form):
    """One decision about one commitment."""

    decision = Word(Choice, required=_l("Choose one of the four."))
    commitment = Id()


@page.get("/")
@kept_offline
def index():
    return _shown(_current())


@page.get("/<label>")
@kept_offline
def show(label):
    return _shown(_first(label))


@page.post("/<label>/guess")
def guess(label):
    week = _week(label)
    form = GuessForm.read()
    if not form.validate():
        return _page(week, guess_form=form), 422
    try:
        if _is_new(form, label):
            promised = week.due + week.open
            week_notes.guess(current_user, week.first, form.guess.number, promised, now())
    except Refused as problem:
        db.session.rollback()
        form.refuse(problem)
        return _page(week, guess_form=form), 422
    db.session.commit()
    return done(url_for("weeks.show", label=label))


@page.post("/<label>/line")
def line(label):
    week = _week(label)
    form = LineForm.read()
    if not form.validate():
        return _page(week, line_form=form), 422
    if _is_new(form, label):
        week_notes.write_line(current_user, week.first, form.line.data or None)
    db.session.commit()
    return done(url_for("weeks.show", label=label), _("Written down."))


@page.post("/<label>/decision")
def decide(label):
    week = _week(label)
    form = DecisionForm.read()
    commitment = form.validate() and (form.commitment.id or abort(404))
    if not commitment:
        return _page(week), 422
    if _is_new(form, label):
        week_notes.decide(current_user, week.first, form.decision.word.value, commitment)
    db.session.commit()
    return done(_way(form.decision.word, commitment, week, label))


def _is_new(form: Form, label: str) -> bool:
    return writes.first_time(current_user, form.key.data, {"week": label, **form.sent()}, now())


def _current() -> date:
    return week_first(today(), current_user.week_start)


def _first(label: str) -> date:
    try:
        return week_from_label(label, current_user.week_start)
    except ValueError:
        abort(404)


def _week(label: str) -> Summary:
    return weeks.read(current_user, _first(label), today()) or abort(404)


def _shown(first: date):
    week = weeks.read(current_user, first, today())
    if week is not None:
        return _page(week)
    if first != _current():
        abort(404)
    return render_template("weeks/none.html")


def _page(week: Summary, guess_form=None, line_form=None) -> str:
    return render_template(
        "weeks/show.html",
        week=week,
        label=week_label(week.first),
        heading=week_words.heading(week),
        span=week_words.span(week),
        previous=None if week.is_first else _neighbour(week.first - WEEK, _("Week before")),
        next=None if week.is_current else _neighbour(week.first + WEEK, _("Week after")),
        guess_form=guess_form or GuessForm(),
        line_form=line_form or LineForm(data={"line": week.noted.line}),
        LINE_LENGTH=LINE_LENGTH,
        **({} if week.asks_guess else _told(week)),
    )


def _told(week: Summary) -> dict:
    """What is shown once the guess is made or declined."""
    return {
        "sentence": week_words.sentence(week),
        "gap": week_words.gap(week),
        "grid": _grid(week),
        "off": _off(week),
        "question": week_words.question(week.offer) if week.offer else None,
        "decided": _decided(week),
        "choices": _choices(week),
        "lines": [week_line(move, week.today) for move in week.movements],
        "opening": _opening(week),
        "closing": _closing(week),
        "chart": _chart(week),
        "text": week_words.share_text(week),
        **week_people.of(week),
    }


def _neighbour(first: date, name: str) -> dict:
    return {"url": url_for("weeks.show", label=week_label(first)), "name": name}


def _way(choice: Choice, commitment: int, week: Summary, label: str) -> str:
    """Where a decision leads: to the commitment's own page where something is to be done there."""
    if choice is Choice.SHRINK:
        return url_for("commitments.edit", commitment_id=commitment)
    if choice is Choice.RETIRE:
        return url_for("commitments.show", commitment_id=commitment)
    if choice is Choice.REPAIR:
        return _repair_url(week, commitment)
    return url_for("weeks.show", label=label)


def _repair_url(week: Summary, commitment: int) -> str:
    """The broken promise's own page while it can be refined; else a new promise for today."""
    row = next((row for row in week.rows if commitment in row.links), None)
    broken = [cell for cell in (row.to_mend if row else ()) if in_window(cell.date, week.today)]
    if not broken:
        return "/#add-promise"
    cell = broken[-1]
    return url_for("days.promise", day=cell.date.isoformat(), commitment_id=cell.commitment_id)


def _grid(week: Summary) -> dict:
    return {
        "caption": _("Promises by day, %(span)s", span=week_words.span(week)),
        "days": [_day(day, week.today) for day in week_days(week.first)],
        "rows": [_row(row) for row in week.rows],
        "of": f"{week.kept}/{week.due}" if week.due and len(week.rows) > 1 else None,
    }


def _row(row: Row) -> dict:
    return {
        "title": row.title,
        "url": url_for("commitments.show", commitment_id=row.commitment_id),
        "of": f"{row.kept}/{row.due}" if row.due else "",
        "cells": [
            {
                "standing": cell.standing.value if cell.standing else "none",
                "say": _say(cell),
                "ahead": cell.ahead,
            }
            for cell in row.cells
        ],
    }


def _say(cell: Cell) -> str:
    if cell.standing is None:
        return _("time off") if cell.off else _("nothing due")
    if cell.ahead:
        return _("still to come")
    word = {
        Standing.KEPT: _("kept"),
        Standing.BROKEN: _("broken"),
        Standing.RELEASED: _("released"),
        Standing.OPEN: _("open"),
        Standing.SILENT: _("silent"),
    }[cell.standing]
    return _("%(standing)s, answered late", standing=word) if cell.late else word


def _day(day: date, today: date) -> dict:
    return {"long": long_day(day), "short": format_date(day, "EEEEE"), "today": day == today}


def _off(week: Summary) -> str | None:
    if not week.off:
        return None
    return ngettext("%(num)d day of time off", "%(num)d days of time off", len(week.off))


def _decided(week: Summary) -> str | None:
    if not week.noted.decision:
        return None
    ids = {link: row.title for row in week.rows for link in row.links}
    title = ids.get(week.noted.commitment_id)
    return week_words.decided(week.noted.decision, title) if title else None


def _choices(week: Summary) -> list[dict]:
    """The ways there are, the suggested one first; nothing is mended where nothing is broken."""
    if week.offer is None:
        return []
    names = {
        Choice.KEEP: _("Keep it"),
        Choice.SHRINK: _("Make it smaller"),
        Choice.REPAIR: _("Repair it"),
        Choice.RETIRE: _("Retire it"),
    }
    if not week.offer.row.to_mend:
        del names[Choice.REPAIR]
    order = sorted(names, key=lambda choice: choice is not week.offer.choice)
    return [{"value": choice.value, "name": names[choice]} for choice in order]


def _opening(week: Summary) -> str:
    if week.is_first:
        return _("Where every account begins")
    return _("Balance before %(day)s", day=weekday(week.begins))


def _closing(week: Summary) -> str:
    if week.is_current:
        return _("Balance today")
    return _("Balance on %(day)s", day=weekday(week.last))


def _chart(week: Summary) -> dict:
    drawn = charts.account([p[:2] for p in week.points], week.withdrawals, until=week.last)
    return account_view(drawn, "week-chart")
