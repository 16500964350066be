"""What every request passes: clock, public address, origin, who it is, and the headers."""

import logging
from datetime import datetime

from flask import abort, current_app, g, has_request_context, redirect, request, session
from flask_login import LoginManager, current_user
from sqlalchemy.exc import DBAPIError

from habits import languages, sessions
from habits.config import Config
from habits.days import DAY, day_starts_at, local_date
from habits.db import db, reading
from habits.headers import HEADERS, HSTS
from habits.limits import Limit, spend
from habits.models.devices import Scope

log = logging.getLogger("kept")

LANGUAGE = "language"  # in the cookie, of who has no account yet
LONGEST_SESSION = sessions.LONGEST
READS = {"GET", "HEAD", "OPTIONS"}
PROBES = {"/healthz", "/readyz"}  # asked by whatever address the asker knows
# A fragment is put into a page, under the page's policy; as a document it may do nothing at all.
FRAGMENT = {
    "Content-Security-Policy": (
        "default-src 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; sandbox"
    ),
    "Permissions-Policy": "publickey-credentials-get=(self)",
}
# What the device's own copy and its waiting answers go by.
LEADER = "Kept-Leader"  # whose page this is, or NOBODY; in a request, who was meant
NOBODY = "none"
FOR = "Kept-For"  # on pages that the device may keep: seconds until their day ends
COPY = "Kept-Copy"  # in a request: it renews a copy, or a page that is shown
KEY = "Kept-Key"  # the key of the write that was read, refused or not


def install(app):
    """Hang the guards into the app, outermost first."""
    login = LoginManager(app)
    login.session_protection = None  # it hashes the address: phones change theirs all day
    login.user_loader(_load_leader)
    app.before_request(_start)
    app.before_request(_public_address)
    app.before_request(_same_origin)
    app.before_request(_signed_in)
    app.after_request(_headers)
    app.after_request(_tell_the_device)
    app.after_request(_last_seen)
    app.teardown_request(_end)


def public(view):
    """Mark a view that anyone may see; all others are the signed-in leader's."""
    view.is_public = True
    return view


def enrolling(view):
    """Mark a view that a session for adding a passkey may use as well."""
    view.is_enrolling = True
    return view


def kept_offline(view):
    """Mark a page that the leader's device keeps for when there is no network."""
    view.is_kept_offline = True
    return view


def fresh_passkey(view):
    """Mark a view that needs a passkey used within five minutes; asks for it where it is older."""
    view.needs_fresh_passkey = True
    return view


def config() -> Config:
    """The settings of this app."""
    return current_app.extensions["kept"]


def now() -> datetime:
    """The instant of this request, the same throughout."""
    return g.now


def today():
    """The signed-in leader's local date."""
    return local_date(g.now, current_user.timezone, current_user.day_start)


def is_api() -> bool:
    """Whether this is a request of a script's: its answers are JSON, and no cookie plays a part."""
    return request.path.startswith("/api/")


def this_session():
    """The row of the signed-in device."""
    current_user.is_authenticated  # noqa: B018  loads it
    return g.get("session_row")


def limit(rule: Limit, who: str) -> None:
    """Count a try at once, whatever becomes of the request; 429 when it is one too many."""
    allowed = spend(rule, who, now())
    db.session.commit()
    if not allowed:
        abort(429)


def day_ends_in() -> int:
    """Seconds until the signed-in leader's next day begins, at least one."""
    ends = day_starts_at(today() + DAY, current_user.timezone, current_user.day_start)
    return max(1, int((ends - now()).total_seconds()))


def locale() -> str:
    """The leader's language, else the best that the browser asks for and Kept speaks."""
    if not has_request_context():
        return languages.FIRST  # the command line
    row = g.get("session_row") or g.get("token_row")
    if row:
        return row.leader.locale
    return languages.nearest(session.get(LANGUAGE)) or languages.best(request.accept_languages)


def _start():
    g.now = current_app.extensions["clock"]()
    g.reading = reading.set(request.method in READS)


def _public_address():
    """Send a GET on another host than the public address there (127.0.0.1 → localhost)."""
    kept = config()
    if request.method not in READS or request.path in PROBES:
        return None
    if request.host == kept.origin.partition("://")[2]:
        return None
    return redirect(kept.origin + request.full_path.rstrip("?"), 307)


def _same_origin():
    """Refuse an unsafe request that another site made; one with neither header is no browser."""
    if request.method in READS:
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if origin is not None and origin != config().origin:
        abort(403)
    if site is not None and site not in ("same-origin", "none"):
        abort(403)


def _signed_in():
    view = current_app.view_functions.get(request.endpoint)
    if view is None or _is_public() or hasattr(view, "reach"):  # which bearers alone have
        return None
    if not current_user.is_authenticated:
        return current_app.extensions["errors"].sign_in()
    row = this_session()
    if request.headers.get(LEADER, row.leader.opaque) != row.leader.opaque:
        # What another leader left waiting on this device is theirs to send.
        return current_app.extensions["errors"].sign_in()
    if row.scope is Scope.ENROL:  # it was opened to add a passkey, so it has none to show again
        may = getattr(view, "is_enrolling", False)
        return None if may else current_app.extensions["errors"].enrol()
    if getattr(view, "needs_fresh_passkey", False) and not sessions.is_fresh(row, now()):
        return current_app.extensions["errors"].confirm()
    return None


def _is_public() -> bool:
    view = current_app.view_functions.get(request.endpoint)
    return getattr(view, "is_public", False)


def _load_leader(token):
    if g.get("failed"):
        return None
    find = sessions.find if request.method in READS else sessions.find_to_write
    row = find(token, now())
    if row is None:
        session.clear()
        return None
    g.session_row = row
    # Who is only let in to add a passkey is nobody yet to a page that anyone may see, such as `/`.
    return None if row.scope is Scope.ENROL and _is_public() else row.leader


def _headers(response):
    response.headers.update(HEADERS)
    if request.headers.get("HX-Request-Type") == "partial":
        response.headers.update(FRAGMENT)
    if config().secure:
        response.headers.update(HSTS)
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "private, no-store"
        response.vary.update(["Authorization"] if is_api() else ["Cookie", "HX-Request"])
    return response


def _tell_the_device(response):
    """Whose answer this is, whether the page may be kept, and which write was read."""
    if response.cache_control.public or is_api():
        return response
    row = g.get("session_row")
    if row is not None and row.scope is Scope.FULL:
        response.headers[LEADER] = row.leader.opaque
        view = current_app.view_functions.get(request.endpoint)
        kept = getattr(view, "is_kept_offline", False) and not g.get("flashed")
        if kept and response.status_code == 200:
            response.headers[FOR] = str(day_ends_in())
    elif row is not None or ("_user_id" not in session and not g.get("failed")):
        response.headers[LEADER] = NOBODY
    if "key" in g:
        response.headers[KEY] = g.key
    return response


def _last_seen(response):
    row = g.get("session_row")
    if row is not None and sessions.is_stale(row, now()):
        app, session_id, instant = current_app._get_current_object(), row.id, now()
        response.call_on_close(lambda: _touch(app, session_id, instant))
    return response


def _touch(app, session_id, instant):
    with app.app_context():
        try:
            sessions.seen(session_id, instant)
            db.session.commit()
        except DBAPIError as problem:  # the answer stands; the next request notes it
            log.warning("last use not noted: %s", type(problem.orig).__name__)


def _end(_error):
    token = g.pop("reading", None)
    if token is not None:
        reading.reset(token)
