"""The account: its curve, what it stands on, what it would take, its ledger, how it is counted."""

from datetime import date, timedelta

from flask import Blueprint, abort, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from habits import charts, passbook, pulses
from habits.book import Book, stretch
from habits.date_words import day as long_day
from habits.date_words import short_day
from habits.days import WINDOW_DAYS, in_window, local_date
from habits.passbook import LedgerDay, Page, Range
from habits.trust import forecast
from habits.trust.account import EntryKind
from habits.trust.history import CadenceKind, Nature
from habits.web import pulse_words, words
from habits.web.charts import account_view, shape
from habits.web.counting import one_pillar_end
from habits.web.formats import change, figure
from habits.web.forms import parse_day
from habits.web.fragments import is_fragment, new_key
from habits.web.guards import config, kept_offline, now, today
from habits.web.movements import ledger_line

page = Blueprint("account", __name__, url_prefix="/account")


@page.get("")
@kept_offline
def show():
    span = _span(request.args.get("range", Range.MONTH.value))
    book = stretch(current_user, today(), today() - timedelta(days=WINDOW_DAYS), today())
    shown = {**_chart(book, span), "ranges": _ranges(span)}
    if is_fragment():
        return render_template("account/_chart.html", **shown)
    return render_template(
        "account/show.html",
        book=book,
        level=words.level(forecast.level(book.state.balance)),
        chain=_chain(book),
        outlook=_outlook(book),
        scar=_scar(book),
        **_ledger(passbook.newest(book)),
        **shown,
    )


@page.get("/ledger")
def ledger():
    before = _before(request.args.get("before"))
    shown = _ledger(passbook.page(current_user, today(), before))
    if is_fragment():
        return render_template("account/_ledger.html", **shown)
    return render_template("account/ledger.html", **shown)


def day_in_ledger(day: date) -> str:
    """The page of the ledger that begins with this day."""
    after = (day + timedelta(days=1)).isoformat()
    return url_for("account.ledger", before=after, _anchor=f"day-{day.isoformat()}")


def _span(text: str) -> Range:
    try:
        return Range(text)
    except ValueError:
        abort(404)


def _before(text: str | None) -> date:
    """The day up to which the ledger is shown; without one, from today on back."""
    if not text:
        return today() + timedelta(days=1)
    day = parse_day(text)
    if day is None or day.year < 2:
        abort(404)
    return min(day, today() + timedelta(days=1))


def _ranges(span: Range) -> list[dict]:
    return [
        {
            "id": f"range-{each}",
            "name": name,
            "url": url_for("account.show", range=each),
            "current": each == span,
        }
        for each, name in words.ranges().items()
    ]


def _chart(book: Book, span: Range) -> dict:
    curve = passbook.curve(book, span)
    drawn = charts.account(curve.points, curve.withdrawals)
    view = account_view(drawn, "account-chart-svg", day_in_ledger) if drawn else None
    return {"chart": view, "why": _why(curve.withdrawals)}


def _why(withdrawals) -> dict | None:
    """The largest withdrawal of the range, and what makes one of its kind as large as it is."""
    if not withdrawals:
        return None
    largest = min(withdrawals, key=lambda one: one.change)
    reasons = {
        "silent": _("A promise left without a word costs what a mistake left unsaid costs."),
        "broken": _("A mistake left unsaid costs three times one you own up to, and the streak."),
        "choice": _("Going back on your word takes a quarter of Character, told or not."),
        "deception": _("Misleading someone takes more than half of Character and leaves a scar."),
    }
    return {
        "change": change(largest.change),
        "day": short_day(largest.date),
        "url": day_in_ledger(largest.date),
        "reason": reasons[shape(largest.kind, largest.nature)],
    }


def _chain(book: Book) -> dict:
    """The leader's own numbers for trust, credibility, influence and leadership."""
    going = [
        row
        for row in book.commitments.values()
        if row.kind is not CadenceKind.ONCE
        and (row.retired_on is None or row.retired_on >= book.today)
    ]
    pillars = {row.pillar for row in going}
    return {
        "going": len(going),
        "intended": sum(1 for row in going if row.intention),
        "people": len({row.person_id for row in going if row.person_id}),
        "alone": words.pillar(next(iter(pillars))) if len(pillars) == 1 else None,
        "follow": pulse_words.follow(pulses.of(current_user, config().secret, now())),
        "ends_near": figure(one_pillar_end()).partition(figure(0)[1])[0],
    }


def _outlook(book: Book) -> dict:
    """What it would take: the next level, and what a lapse of each kind would cost today."""
    state = book.state
    following = forecast.next_level(state.balance)
    return {
        "next": _next_level(book, *following) if following else None,
        "stakes": [_stake(stake) for stake in _stakes(book)],
    }


def _stakes(book: Book):
    return forecast.stakes(book.plan, book.today, book.since)


def _next_level(book: Book, level, least: float) -> dict:
    days = forecast.days_to(least, book.state, book.plan, book.today)
    return {"name": words.level(level), "least": int(least), "days": _days(days)}


def _stake(stake) -> dict:
    names = {
        Nature.MISTAKE: _("A mistake you own up to") if stake.told else _("A mistake left unsaid"),
        Nature.CHOICE: _("Going back on your word"),
        Nature.DECEPTION: _("Misleading someone"),
    }
    back = _("not within three years") if stake.days_back is None else _days(stake.days_back)
    return {"name": names[stake.nature], "cost": -stake.cost, "back": back}


def _days(days: int | None) -> str:
    if days is None:
        return _("not within three years")
    return ngettext("%(num)d day", "%(num)d days", days)


def _scar(book: Book) -> dict | None:
    state = book.state
    points = state.scar_lasting + state.scar_fading
    if points <= 0:
        return None
    return {"points": points, "lasting": state.scar_lasting, "ceiling": state.ceiling}


def _ledger(shown: Page) -> dict:
    earlier = shown.before and url_for("account.ledger", before=shown.before.isoformat())
    return {"days": [_ledger_day(day) for day in shown.days], "earlier": earlier}


def _ledger_day(day: LedgerDay) -> dict:
    return {
        "date": day.date,
        "name": long_day(day.date) if day.date.year == today().year else short_day(day.date),
        "balance": day.balance,
        "change": day.change,
        "lines": [ledger_line(move, today()) for move in day.movements],
        "tell": [_telling(move) for move in day.movements],
        "off": _off(day.off) if day.off else None,
        "is_first": day.is_first,
    }


def _off(row) -> str:
    declared = local_date(row.declared_at, current_user.timezone, current_user.day_start)
    if row.first == row.last:
        return _("Time off, declared on %(declared)s", declared=short_day(declared))
    return _(
        "Time off until %(last)s, declared on %(declared)s",
        last=short_day(row.last),
        declared=short_day(declared),
    )


def _telling(move) -> dict | None:
    """The form by which a lapse can be told, or None where there is nothing to tell any more."""
    if move.kind not in (EntryKind.BROKEN, EntryKind.LAPSE) or move.told or move.told_later:
        return None
    if move.lapse_id is not None:
        url = url_for("lapses.tell", lapse_id=move.lapse_id)
        return {"url": url, "fields": {"key": new_key()}}
    if in_window(move.on, today()):
        return None
    fields = {"key": new_key(), "commitment": move.commitment_id, "date": move.on.isoformat()}
    return {"url": url_for("tellings.create"), "fields": fields}
