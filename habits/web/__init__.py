"""The web: a small blueprint a noun, in three shared rooms (guards, fragments, errors)."""

from habits.web import health, static

BLUEPRINTS = (
    health.page,
    static.page,
)
