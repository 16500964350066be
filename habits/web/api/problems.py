"""What the API says of a failure: application/problem+json (RFC 9457)."""

import json
from http import HTTPStatus

from flask import Response
from flask_babel import gettext as _

MEDIA_TYPE = "application/problem+json"


def problem(code: int, detail: str | None = None, headers: dict | None = None, **more) -> Response:
    """A failure as a document; `more` are its extra members, left out where they are empty."""
    said = {
        "type": "about:blank",
        "title": HTTPStatus(code).phrase,
        "status": code,
        "detail": detail or _detail(code),
        **{name: value for name, value in more.items() if value},
    }
    body = json.dumps(said, ensure_ascii=False) + "\n"
    return Response(body, code, headers, content_type=MEDIA_TYPE)


def _detail(code: int) -> str:
    known = {
        400: _("The request is malformed."),
        401: _("Send a token that works: “Authorization: Bearer …”."),
        403: _("This request came from another site, so nothing was changed."),
        404: _("There is no such thing, or it is not yours."),
        405: _("This address takes no such request."),
        409: _("This key was used before, with another body. Nothing was changed."),
        413: _("That is more than Kept takes at once."),
        415: _("Send the body as application/json."),
        429: _("Too many requests with this token. Wait a minute, then try again."),
        503: _("Kept cannot reach its records right now. Nothing was recorded; try again shortly."),
    }
    fault = _("The fault is ours and has been noted. Nothing was stored.")
    return known.get(code) or (fault if code >= 500 else known[400])
