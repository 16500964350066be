"""Says that this process answers, and whether it can serve; to anyone, and of nobody."""

from flask import Blueprint

from habits import readiness
from habits.web.guards import config, public

page = Blueprint("health", __name__)
RETRY_AFTER = "5"  # seconds


@page.get("/healthz")
@public
def show():
    """The process is alive: nothing else is asked, so that no database restarts it."""
    return {"status": "ok"}


@page.get("/readyz")
@public
def ready():
    """The database answers and has this Kept's schema: a proxy may send requests here."""
    obstacle = readiness.obstacle(config().data)
    if obstacle:
        return {"status": obstacle}, 503, {"Retry-After": RETRY_AFTER}
    return {"status": "ok"}
