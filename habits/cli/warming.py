"""What every worker would do for its first requests, done once before they are forked."""

from sqlalchemy.orm import configure_mappers

HOT = (
    "layouts/",
    "components/",
    "today/",
    "answers/",
    "pwa/_",
    "lapses/_",
    "promises/_",
    "people/_",
)


def warm(app) -> None:
    """Prepare what Today and a tap need, so that the workers share it."""
    configure_mappers()
    with app.test_request_context("/"):
        for name in app.jinja_env.list_templates(filter_func=lambda name: name.startswith(HOT)):
            app.jinja_env.get_template(name)
