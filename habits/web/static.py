"""Serves the static files, for ever under the digest of the day and fresh under any other."""

from flask import Blueprint, Response, abort, current_app, request

from habits.web.guards import public

page = Blueprint("static", __name__)


@page.get("/static/<digest>/<path:name>")
@public
def show(digest, name):
    assets = current_app.extensions["assets"]
    asset = assets.files.get(name) or abort(404)
    body, encoding = asset.encoded(request.accept_encodings)
    response = Response(body, content_type=asset.type)
    if encoding:
        response.content_encoding = encoding
    response.vary.add("Accept-Encoding")
    current = digest == assets.digest
    response.headers["Cache-Control"] = (
        "public, max-age=31536000, immutable" if current else "public, no-cache"
    )
    return response


@page.get("/favicon.ico")
@public
def favicon():
    assets = current_app.extensions["assets"]
    return show(assets.digest, "icons/favicon.png")
