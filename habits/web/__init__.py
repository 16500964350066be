"""The web: a small blueprint a noun, in three shared rooms (guards, fragments, errors)."""

from habits.web import (
    answers,
    days,
    health,
    lapses,
    promises,
    returns,
    static,
    today,
)

BLUEPRINTS = (
    answers.page,
    days.page,
    health.page,
    lapses.page,
    promises.page,
    returns.page,
    static.page,
    today.page,
)
