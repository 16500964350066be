"""What every worker would do for its first requests, done once before they are forked."""

from flask_login import login_user
from sqlalchemy.orm import configure_mappers

from habits.db import db
from habits.models.leaders import Leader

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
NOBODY = Leader(id=0, name="", handle=b"", opaque="", timezone="UTC", day_start=3, week_start=1)


def warm(app) -> None:
    """Prepare what Today and a tap need, so that the workers share it; nothing is stored."""
    configure_mappers()
    with app.test_request_context("/", base_url=app.extensions["kept"].origin):
        for name in app.jinja_env.list_templates(filter_func=lambda name: name.startswith(HOT)):
            app.jinja_env.get_template(name)
        app.preprocess_request()
        login_user(NOBODY)
        app.view_functions["today.show"]()
        db.session.remove()
        db.engine.dispose()  # no connection may be shared
