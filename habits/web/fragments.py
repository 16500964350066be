"""Page or fragment: what every template may call, and how a write answers."""

from itertools import count
from secrets import token_urlsafe

from flask import (
    current_app,
    flash,
    g,
    get_flashed_messages,
    make_response,
    redirect,
    render_template,
    request,
)
from flask_babel import get_locale

from habits import joiners
from habits.web import formats, rows, waiting
from habits.web.guards import COPY, LEADER, config

WIDE = "Kept-Wide"  # in a request: the page that asks has room for the account beside it


def install(app):
    """Give the templates their globals and filters."""
    app.jinja_env.globals.update(
        static=static,
        new_key=new_key,
        html_locale=html_locale,
        is_fragment=is_fragment,
        is_wide=is_wide,
        labelled=joiners.labelled,
        listed=joiners.listed,
        sentences=joiners.sentences,
        any_row_sheet=rows.any_row_sheet,
        waiting_words=waiting.words,
        flashed=flashed,
        vapid_key=vapid_key,
    )
    app.jinja_env.filters.update(formats.FILTERS)
    app.context_processor(lambda: {"kept": config(), "session_row": g.get("session_row")})


def static(name: str) -> str:
    """The address of a static file."""
    return current_app.extensions["assets"].url(name)


def vapid_key() -> str:
    """Whom this browser lets push: Kept's own key."""
    return current_app.extensions["vapid"].public


def new_key() -> str:
    """A key for one write, for pages that run without script: this answer's own and a number."""
    try:
        stem, numbers = g.write_keys
    except AttributeError:
        stem, numbers = g.write_keys = token_urlsafe(9), count(1)
    return f"{stem}-{next(numbers)}"


def html_locale() -> tuple[str, str]:
    """What <html> says of its language and direction."""
    spoken = get_locale()
    return str(spoken).replace("_", "-"), spoken.text_direction


def is_fragment() -> bool:
    """Whether htmx asked for a part of the page."""
    return request.headers.get("HX-Request-Type") == "partial" or (
        "HX-Request" in request.headers and "HX-Request-Type" not in request.headers
    )


def is_wide() -> bool:
    """Whether there is, or may be, room beside the page: a tap says so, or its device did."""
    return WIDE in request.headers or request.cookies.get("wide") == "1"


def flashed() -> list:
    """What is said once; a device that lays in or renews a copy leaves it to the leader."""
    if COPY in request.headers or request.blueprint == "pwa":
        return []
    g.flashed = get_flashed_messages()
    return g.flashed


def done(url: str, message=None, undo: dict | None = None):
    """Where a write leads: 303 for a page, a redirect by header for a fragment.

    `undo` is {"action": url, "fields": {…}}: a form in the toast that takes the write back.
    What a device had kept and now sends gets the toast at once: its page stays where it is.
    """
    said = {"text": str(message), "undo": undo} if undo else message and str(message)
    if LEADER in request.headers and is_fragment():
        return render_template("components/_said.html", said=said)
    if said:
        flash(said)
    if not is_fragment():
        return redirect(url, 303)
    response = make_response("", 200)
    response.headers["HX-Redirect"] = url
    return response
