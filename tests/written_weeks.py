"""Weeks written as signs."""

from datetime import timedelta

from hypothesis import HealthCheck, settings

from habits import weeks
from tests import books
from tests.books import FIRST

AFTER = FIRST + timedelta(days=7)  # a Monday: the week is finished
LATER = FIRST + timedelta(days=20)  # all of its days are fixed
relaxed = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def week(signs, today=AFTER, first=FIRST, **more):
    return weeks.summary(books.written(signs, today, **more), first)
