"""Says that this process answers."""

from flask import Blueprint

from habits.web.guards import public

page = Blueprint("health", __name__)


@page.get("/healthz")
@public
def show():
    return {"status": "ok"}
