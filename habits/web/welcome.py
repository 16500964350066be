"""What someone sees who is not signed in: what Kept is, and the two ways in."""

from flask import render_template

from habits import languages
from habits.web.guards import config, locale


def welcome() -> str:
    """The page of Welcome."""
    return render_template(
        "welcome/show.html",
        registration=config().registration,
        languages=languages.SPOKEN,
        spoken=locale(),
    )
