"""Who asks the API: the bearer of a token. Cookies are neither read here nor made."""

from flask import abort, current_app, g, request
from flask_babel import gettext as _

from habits import tokens
from habits.db import db, reading
from habits.limits import spend
from habits.models.tokens import Reach, Token
from habits.web.api.problems import problem
from habits.web.guards import READS, now


def reads(view):
    """Mark a view that any token opens, and nothing but a token."""
    view.reach = Reach.READ
    return view


def writes(view):
    """Mark a view that only a token that may write opens."""
    view.reach = Reach.WRITE
    return view


def install(app):
    """Admit bearers once the guards have let a request pass."""
    app.before_request(_admit)


def _admit():
    view = current_app.view_functions.get(request.endpoint)
    reach = getattr(view, "reach", None)
    if reach is None:
        return None
    given = request.authorization
    secret = given.token if given is not None and given.type == "bearer" else None
    row = tokens.find(secret) if secret else None
    if row is None:
        return _unknown(secret)
    _count(row)
    if reach is Reach.WRITE and row.reach is not Reach.WRITE:
        return _out_of_reach()
    if request.method not in READS:
        row = tokens.find_to_write(secret)
        if row is None:  # revoked meanwhile
            return _unknown(secret)
    g.token_row = row
    g._login_user = row.leader  # where Flask-Login looks before it would look for a cookie
    return None


def _count(row: Token) -> None:
    """Count the request at once, whatever becomes of it; 429 when it is one too many."""
    db.session.commit()  # a transaction that began by reading cannot be raised to write
    was = reading.set(False)
    try:
        allowed = spend(tokens.CALLS, str(row.id), now())
        if allowed and tokens.is_stale(row, now()):
            tokens.used(row, now())
        db.session.commit()
    finally:
        reading.reset(was)
    if not allowed:
        abort(429)


def _unknown(secret: str | None):
    error = ', error="invalid_token"' if secret else ""
    return problem(401, headers={"WWW-Authenticate": f'Bearer realm="Kept"{error}'})


def _out_of_reach():
    how = 'Bearer realm="Kept", error="insufficient_scope", scope="write"'
    return problem(403, _("This token may read, and not write."), {"WWW-Authenticate": how})
