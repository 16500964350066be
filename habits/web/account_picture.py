"""The picture of the account over a range, with the figures of its page."""

from flask_babel import gettext as _
from flask_babel import ngettext

from habits.book import Book
from habits.joiners import labelled
from habits.passbook import Curve
from habits.trust import forecast
from habits.web import words
from habits.web.formats import change, figure, short_day
from habits.web.pictured import Choices, common, drawn, isolated, plot

PLOT = (620, 400)


def view(book: Book, curve: Curve, choices: Choices) -> dict:
    """What templates/pictures/account.svg takes."""
    return {
        **common(choices),
        "title": text(book, curve).splitlines()[0],
        "heading": _("Account"),
        "span": _span(curve),
        "balance": figure(book.state.balance),
        "said": _moved(curve),
        "plot": plot(drawn(curve.points, curve.withdrawals), *PLOT),
        "key": [
            {"name": "character", "text": _pillar("character", book.state.character)},
            {"name": "competency", "text": _pillar("competency", book.state.competency)},
        ],
        "figures": _figures(book, curve),
    }


def text(book: Book, curve: Curve) -> str:
    """The same as plain text."""
    fell = len(curve.withdrawals)
    lines = [
        _("Account %(balance)s: %(level)s", balance=figure(book.state.balance), level=_level(book)),
        _moved(curve),
        _span(curve),
        "",
        labelled(words.pillar("character"), figure(book.state.character)),
        labelled(words.pillar("competency"), figure(book.state.competency)),
        ngettext("%(num)d withdrawal", "%(num)d withdrawals", fell),
    ]
    return "\n".join(lines)


def _moved(curve: Curve) -> str:
    moved = curve.points[-1].balance - curve.points[0].balance
    return _(
        "%(change)s since %(day)s",
        change=isolated(change(moved)),
        day=short_day(curve.points[0].date),
    )


def _span(curve: Curve) -> str:
    first, last = short_day(curve.points[0].date), short_day(curve.points[-1].date)
    return _("%(first)s to %(last)s", first=first, last=last)


def _pillar(name: str, value: float) -> str:
    return f"{words.pillar(name)} {figure(value)}"


def _level(book: Book) -> str:
    return words.level(forecast.level(book.state.balance))


def _figures(book: Book, curve: Curve) -> list[dict]:
    fell, streak = len(curve.withdrawals), book.state.streak
    return [
        {"value": _level(book), "label": _("level")},
        {"value": str(fell), "label": ngettext("withdrawal", "withdrawals", fell)},
        {"value": str(streak), "label": ngettext("day in a row", "days in a row", streak)},
    ]
