"""The web: a small blueprint a noun, in three shared rooms (guards, fragments, errors)."""

from habits.web import (
    account,
    answers,
    commitments,
    days,
    health,
    lapses,
    library,
    people,
    promises,
    returns,
    static,
    tellings,
    time_off,
    today,
    weeks,
)

BLUEPRINTS = (
    account.page,
    answers.page,
    commitments.page,
    days.page,
    health.page,
    lapses.page,
    library.page,
    people.page,
    promises.page,
    returns.page,
    static.page,
    tellings.page,
    time_off.page,
    today.page,
    weeks.page,
)
