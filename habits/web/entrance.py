"""What every way in shares: this browser, the answer it sent, the session, and where to go on."""

import secrets
from ipaddress import IPv6Address, ip_address, ip_network

from flask import abort, g, request, session
from flask_babel import gettext as _
from flask_login import login_user
from werkzeug.datastructures import MultiDict

from habits import passkeys, sessions
from habits.db import db
from habits.models.devices import Passkey, Purpose, Scope
from habits.models.leaders import Leader
from habits.passkeys import Asked
from habits.sites import Site
from habits.web.guards import config, now, this_session

PICKING = "/commitments/library?first=1"
AFTER_RECOVERY = "/settings/recovery"
CODES_AT_ONCE = "/settings/codes?first=1"
LONGEST_PATH = 2000
RECOVERED = "recovered"  # in the cookie: a recovery code opened the way in

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("FxiOS", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def site() -> Site:
    """Whom passkeys are made for: always the configured address, never the request's."""
    return Site(config().host, config().origin)


def can_have_passkeys() -> bool:
    """Browsers make passkeys only at a secure address that has a name."""
    return (config().secure or config().loopback) and not _is_ip(config().host)


def browser() -> str:
    """This browser's half of every challenge it asks for; a new one after each sign-in."""
    return session.setdefault("browser", secrets.token_urlsafe(16))


def sent(form_class):
    """The form and the passkey's answer (None if there is none) from a JSON object; else a 400."""
    try:
        body = request.get_json()
    except RecursionError:
        abort(400)
    if not isinstance(body, dict):
        abort(400)
    answer = body.pop("credential", None)
    if not all(isinstance(value, str) for value in body.values()):
        abort(400)
    form = form_class(MultiDict(body))
    if set(body) - {field.name for field in form}:
        abort(400)
    return form, answer


def wrong(form):
    """What a script says at the fields."""
    return {"errors": {name: str(found[0]) for name, found in form.errors.items()}}, 422


def take(answer, purpose: Purpose, leader: Leader | None = None) -> Asked:
    """Use up the challenge, whatever becomes of its answer. Raises passkeys.Rejected."""
    leader_id = leader.id if leader else None
    try:
        return passkeys.take(answer, session.get("browser", ""), purpose, leader_id, now())
    finally:
        db.session.commit()


def let_in(leader: Leader, scope: Scope = Scope.FULL, passkey: Passkey | None = None) -> None:
    """Start a session on this device in place of whatever session it had."""
    leave()
    _remember(leader, sessions.start(leader, device(), now(), scope, passkey))


def let_in_vouched(leader: Leader) -> None:
    """Let in whom the host vouches for: every passkey may be lost, and one has to be added now."""
    leave()
    token = sessions.start(leader, device(), now())
    sessions.confirm(token, now())
    _remember(leader, token)


def _remember(leader: Leader, token: str) -> None:
    session.permanent = True
    leader.get_id = lambda: token
    login_user(leader)


def leave() -> None:
    """End this device's session, if it has one, and forget all that its cookie holds."""
    row = this_session()
    if row is not None:
        sessions.end(row.leader, row.id)
        g.pop("session_row")
    session.clear()


def device() -> str:
    """What this device is called in a list: Chrome on Android."""
    agent = request.user_agent.string
    names = {
        "browser": next((name for sign, name in BROWSERS if sign in agent), ""),
        "system": next((name for sign, name in SYSTEMS if sign in agent), ""),
    }
    if all(names.values()):
        return _("%(browser)s on %(system)s", **names)
    return names["browser"] or names["system"] or _("Unnamed device")


def address() -> str:
    """Who is asking, for limits: an IPv6 household has a whole network of addresses."""
    text = request.remote_addr or ""
    if _is_ip(text) and isinstance(ip_address(text), IPv6Address):
        return str(ip_network((text, 64), strict=False))
    return text


def safe_path(path: str | None) -> str:
    """`path` if it leads somewhere on this site, else the start page."""
    path = path or ""
    fine = (
        path.startswith("/")
        and not path.startswith("//")
        and "\\" not in path
        and path.isprintable()
        and len(path) <= LONGEST_PATH
    )
    return path if fine else "/"


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
