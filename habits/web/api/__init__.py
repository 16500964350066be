"""The API: what leaders' own scripts may read and write, by a token and never by a cookie."""

from habits.problems import Refused
from habits.web.api import bearers, reading, writing
from habits.web.api.bodies import Invalid
from habits.web.api.problems import problem

__all__ = ["bearers", "page", "writing"]

page = reading.page


@page.errorhandler(Invalid)
def _invalid(error: Invalid):
    return problem(422, str(error))


@page.errorhandler(Refused)
def _refused(error: Refused):
    return problem(422, str(error.message))
