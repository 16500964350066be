"""What is done before the workers are forked leaves no trace but speed."""

from sqlalchemy import func, select

from habits.cli.warming import warm
from habits.db import db


def test_it_stores_nothing_and_leaves_nobody_signed_in(app):
    warm(app)
    with app.app_context():
        for table in db.metadata.sorted_tables:
            assert db.session.scalar(select(func.count()).select_from(table)) == 0, table.name
    page = app.test_client().get("/", base_url="http://localhost").text
    assert 'data-leader=""' in page
