"""What the log may know of a request: an id of its own, and its route without what is in it."""

import secrets

from flask import g, request

from habits import logs

HEADER = "X-Request-Id"
ID, ROUTE = "kept.request", "kept.route"  # in the environment, where the server's log finds them


def install(app):
    """Name each request, before anything else looks at it."""
    app.before_request(_name)
    app.after_request(_tell)
    app.teardown_request(_end)


def _name():
    g.request_id = secrets.token_hex(4)
    g.naming = logs.request_id.set(g.request_id)
    request.environ[ID] = g.request_id
    # `/links/<token>`, never the token; and nothing of an address that Kept does not know.
    request.environ[ROUTE] = request.url_rule.rule if request.url_rule else "-"


def _tell(response):
    response.headers[HEADER] = g.request_id
    return response


def _end(_error):
    token = g.pop("naming", None)
    if token is not None:
        logs.request_id.reset(token)
