"""Every failure as a page, a fragment's words or JSON; never a trace, always a way on."""

import logging
from types import SimpleNamespace

from flask import g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException

from habits.db import db
from habits.problems import KeyReused, Unknown
from habits.sites import Rejected, UnknownPasskey
from habits.web.api.problems import problem
from habits.web.fragments import is_fragment
from habits.web.guards import config, is_api

log = logging.getLogger("kept")
RETRY_AFTER = "5"  # seconds
PULSE = "/pulse/"
READ_ONLY = "25006"  # PostgreSQL's word for a database that can only be read
TOAST = {"HX-Retarget": "#flash", "HX-Reswap": "innerHTML"}  # not where the answer would go


def install(app):
    """Answer each kind of failure."""
    app.extensions["errors"] = SimpleNamespace(sign_in=sign_in, enrol=enrol, confirm=confirm)
    app.register_error_handler(HTTPException, _refusal)
    app.register_error_handler(Unknown, lambda _error: _page(404))
    app.register_error_handler(KeyReused, lambda _error: _page(409))
    app.register_error_handler(Rejected, _rejected)
    app.register_error_handler(OperationalError, _unavailable)
    app.register_error_handler(DBAPIError, _database_fault)
    app.register_error_handler(Exception, _fault)


def sign_in():
    """What someone gets who has to sign in first: a page redirects, a fragment or post is a 401."""
    return _way_in(url_for("sign_ins.new", next=_way_back()), _("Sign in first."))


def enrol():
    """The same for a device that was let in to add a passkey and has not done so."""
    return _way_in(url_for("passkeys.new"), _("Make a passkey on this device first."))


def _way_in(way: str, words: str):
    """Never a redirect that a script would follow and take for success."""
    if _wants_json():
        return {"error": words}, 401
    if request.method in ("GET", "HEAD") and "HX-Request" not in request.headers:
        return redirect(way)
    page, status, headers = _page(401)
    if "HX-Request" in request.headers:
        headers["HX-Redirect"] = way
    return page, status, headers


def confirm():
    """Ask for the passkey again before something sensitive."""
    way = url_for("confirmations.new", next=_way_back())
    if _wants_json():
        return {"error": _("Confirm with your passkey first."), "confirm": way}, 403
    if "HX-Request" in request.headers:
        return "", 403, {"HX-Redirect": way}
    return redirect(way, 303)


def _way_back() -> str:
    if request.method == "GET" and "HX-Request" not in request.headers:
        return request.full_path.rstrip("?")
    referrer = request.referrer or ""
    return referrer.removeprefix(request.host_url.rstrip("/")) if referrer else "/"


def _wants_json() -> bool:
    return request.is_json or request.accept_mimetypes.best == "application/json"


def _refusal(error: HTTPException):
    if error.code is None or error.code < 400 or error.response is not None:
        return error
    headers = {}
    if error.code == 429:
        headers["Retry-After"] = "60"
    if error.code == 405:
        headers["Allow"] = ", ".join(sorted(error.valid_methods or []))
    own = error.description if error.description != type(error).description else None
    return _page(error.code, headers, detail=own)


def _rejected(error: Rejected):
    """What becomes of a passkey's answer that is not accepted: its reason is for the log alone."""
    _let_go()
    log.warning("passkey refused: %r", str(error))
    if isinstance(error, UnknownPasskey):
        message = _("Kept does not know this passkey; it may have been removed. Try another one.")
        unknown = {"rpId": config().host, "credentialId": error.credential_id}
        return {"error": message, "unknown": unknown}, 400
    return {"error": _("That passkey was not accepted. Try again.")}, 400


def _unavailable(error):
    _let_go()
    log.error("database unavailable: %s", type(error.orig).__name__)
    return _page(503, {"Retry-After": RETRY_AFTER})


def _database_fault(error: DBAPIError):
    if error.connection_invalidated or getattr(error.orig, "sqlstate", "") == READ_ONLY:
        return _unavailable(error)
    return _fault(error)


def _fault(error):
    _let_go()
    log.exception("fault %s", g.request_id, exc_info=error)
    return _page(500, reference=g.request_id)


def _let_go() -> None:
    """Take back what was not committed; what was read stays readable, without asking again."""
    db.session.expunge_all()
    try:
        db.session.rollback()
    except DBAPIError:  # the connection was cut, and this is when it shows
        db.session().invalidate()


def _page(code: int, headers: dict | None = None, reference: str = "", detail: str | None = None):
    g.failed = True  # who is signed in is not looked up for this page: the database may be gone
    if is_api():
        return problem(code, detail, headers, reference=reference)
    title, message = _words(code)
    if _wants_json():
        body = {"error": message} | ({"reference": reference} if reference else {})
        return body, code, headers or {}
    if is_fragment():
        toast = render_template("errors/_toast.html", message=message, reference=reference)
        return toast, code, {**(headers or {}), **TOAST}
    if request.path.startswith(PULSE):  # whom a leader asks is no leader: no script, no way in
        told = _("If it happens again, tell whoever runs this Kept this id: %(id)s", id=reference)
        said = [message, told] if reference else [message]
        page = render_template("responses/plain.html", title=title, said=said)
    else:
        page = render_template(
            "errors/show.html", code=code, title=title, message=message, reference=reference
        )
    return page, code, headers or {}


def _words(code: int) -> tuple[str, str]:
    known = {
        400: (
            _("That did not come through"),
            _("Something in it could not be read. Go back, reload and try again."),
        ),
        401: (
            _("You are signed out"),
            _("You were signed out on this device. Sign in and try again."),
        ),
        403: (
            _("Not from here"),
            _("This request came from another site, so nothing was changed."),
        ),
        404: (_("Nothing here"), _("This page does not exist, or it is not yours.")),
        405: (
            _("Not this way"),
            _("This address cannot be used that way. Go back and use the page."),
        ),
        409: (
            _("Already used"),
            _("This form was sent before with other words. Reload the page and try again."),
        ),
        413: (_("Too large"), _("That is more than Kept takes at once. Shorten it and try again.")),
        415: (
            _("That did not come through"),
            _("This came in a form that Kept cannot read. Go back and try again."),
        ),
        429: (_("Too many tries"), _("Wait a minute, then try again.")),
        503: (
            _("Back in a moment"),
            _("Kept cannot reach its records right now. Nothing was recorded; try again shortly."),
        ),
    }
    fault = (
        _("Something went wrong here"),
        _("The fault is ours and has been noted. Nothing was recorded; go back and try again."),
    )
    plain = (_("That did not work"), _("Go back, reload and try again."))
    return known.get(code) or (fault if code >= 500 else plain)
