"""The web: a small blueprint a noun, in three shared rooms (guards, fragments, errors)."""

from habits.web import (
    account,
    answers,
    days,
    health,
    lapses,
    promises,
    returns,
    static,
    tellings,
    today,
    weeks,
)

BLUEPRINTS = (
    account.page,
    answers.page,
    days.page,
    health.page,
    lapses.page,
    promises.page,
    returns.page,
    static.page,
    tellings.page,
    today.page,
    weeks.page,
)
