"""A week or a range of the account to show: as a picture, on a sheet of paper, and as text."""

from datetime import timedelta

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user

from habits import passbook, week_words, weeks
from habits.book import stretch
from habits.days import WINDOW_DAYS, week_from_label, week_label
from habits.passbook import Range
from habits.web import account_picture, week_picture, words
from habits.web.guards import today
from habits.web.pictured import HEIGHT, PALETTES, WIDTH, Choices
from habits.weeks import Summary

page = Blueprint("pictures", __name__)


@page.get("/weeks/<label>/share")
def week(label):
    shown = _week(label)
    if shown.asks_guess:
        return redirect(url_for("weeks.show", label=label))
    choices = _choices()
    return _page(
        "pictures.week",
        "pictures.draw_week",
        choices,
        {"label": week_label(shown.first)},
        span=week_words.title(shown),
        spoken=week_words.shown(shown),
        text=week_words.share_text(shown) if choices.promises else week_words.bare_text(shown),
        file_name=f"kept-{week_label(shown.first)}",
        back=url_for("weeks.show", label=label),
    )


@page.get("/weeks/<label>/picture.svg")
def draw_week(label):
    shown = _week(label)
    if shown.asks_guess:
        abort(404)
    return _drawn(week_picture.view(shown, _choices()), "pictures/week.svg")


@page.get("/account/share")
def account():
    span = _span()
    text = account_picture.text(*_account(span))
    return _page(
        "pictures.account",
        "pictures.draw_account",
        _choices(),
        {"range": span.value},
        span=_("Account"),
        spoken=text.splitlines()[0],
        text=text,
        file_name=f"kept-account-{today().isoformat()}",
        back=url_for("account.show", range=span.value),
    )


@page.get("/account/picture.svg")
def draw_account():
    return _drawn(account_picture.view(*_account(_span()), _choices()), "pictures/account.svg")


def _page(endpoint: str, drawing: str, choices: Choices, place: dict, **shown) -> str:
    return render_template(
        "pictures/show.html",
        choices=choices,
        ranges=_ranges(place["range"], choices) if "range" in place else None,
        place=place,
        action=url_for(endpoint, **({} if "range" in place else place)),
        picture=url_for(drawing, **place, **choices.said()),
        on_paper=url_for(drawing, **place, **choices.on_paper().said()),
        size={"width": WIDTH, "height": HEIGHT},
        **shown,
    )


def _drawn(view: dict, template: str) -> Response:
    spoken = get_locale()
    drawn = render_template(
        template,
        **view,
        W=WIDTH,
        H=HEIGHT,
        lang=str(spoken).replace("_", "-"),
        rtl=spoken.text_direction == "rtl",
    )
    return Response(drawn, content_type="image/svg+xml")


def _choices() -> Choices:
    usual = "dark" if current_user.theme == "dark" else "light"
    colours = request.args.get("colours", usual)
    if colours not in PALETTES:
        abort(404)
    return Choices("promises" in request.args, "name" in request.args, colours)


def _week(label: str) -> Summary:
    try:
        first = week_from_label(label, current_user.week_start)
    except ValueError:
        abort(404)
    return weeks.read(current_user, first, today()) or abort(404)


def _span() -> Range:
    try:
        return Range(request.args.get("range", Range.MONTH.value))
    except ValueError:
        abort(404)


def _account(span: Range):
    book = stretch(current_user, today(), today() - timedelta(days=WINDOW_DAYS), today())
    curve = passbook.curve(book, span)
    return (book, curve) if curve.points else abort(404)


def _ranges(current: str, choices: Choices) -> list[dict]:
    names = words.ranges().items()
    return [
        {
            "name": name,
            "url": url_for("pictures.account", range=each, **choices.said()),
            "current": each == current,
        }
        for each, name in names
    ]
