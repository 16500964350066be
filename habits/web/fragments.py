"""Page or fragment: what every template may call, and how a write answers."""

from uuid import uuid4

from flask import current_app, flash, g, make_response, redirect, request
from flask_babel import get_locale

from habits.web import formats
from habits.web.guards import config


def install(app):
    """Give the templates their globals and filters."""
    app.jinja_env.globals.update(
        static=static, new_key=new_key, html_locale=html_locale, is_fragment=is_fragment
    )
    app.jinja_env.filters.update(formats.FILTERS)
    app.context_processor(lambda: {"kept": config(), "session_row": g.get("session_row")})


def static(name: str) -> str:
    """The address of a static file."""
    return current_app.extensions["assets"].url(name)


def new_key() -> str:
    """A key for one write, for pages that run without script."""
    return str(uuid4())


def html_locale() -> tuple[str, str]:
    """What <html> says of its language and direction."""
    spoken = get_locale()
    return str(spoken).replace("_", "-"), spoken.text_direction


def is_fragment() -> bool:
    """Whether htmx asked for a part of the page."""
    return request.headers.get("HX-Request-Type") == "partial" or (
        "HX-Request" in request.headers and "HX-Request-Type" not in request.headers
    )


def done(url: str, message=None, undo: dict | None = None):
    """Where a write leads: 303 for a page, a redirect by header for a fragment.

    `undo` is {"action": url, "fields": {…}}: a form in the toast that takes the write back.
    """
    if message is not None:
        flash({"text": str(message), "undo": undo} if undo else str(message))
    if not is_fragment():
        return redirect(url, 303)
    response = make_response("", 200)
    response.headers["HX-Redirect"] = url
    return response
