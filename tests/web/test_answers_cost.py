"""What a tap asks of the database: little, whatever the day and whomever it is promised to."""

from datetime import timedelta

import pytest

from habits.db import db
from habits.models import Commitment
from tests import cast
from tests.cast import TODAY
from tests.clock import MONDAY
from tests.statements import count_statements
from tests.web.test_answers import tap

pytestmark = pytest.mark.signed_in


def test_a_tap_needs_at_most_eight_statements_in_its_tenth_year_too(app, client, promise):
    with app.app_context():
        row = db.session.get(Commitment, promise.id)
        row.picked_on = TODAY - timedelta(days=3650)
        db.session.commit()
    tap(client, promise, "broken")
    with count_statements() as seen:
        tap(client, promise)
    assert len(seen) <= 8, seen


@pytest.mark.parametrize("people", [0, 3])
def test_no_tap_of_any_day_needs_more_than_eight(app, dana, client, promise, clock, people):
    with app.app_context():
        for name in ("Ben", "Maria", "Jonas")[:people]:
            cast.promise(dana, f"For {name}", person_id=cast.person(dana, name).id)
    for ahead in (0, 1, 40):
        clock.now = MONDAY + timedelta(days=ahead)
        for reply in ("broken", "kept", ""):
            with count_statements() as seen:
                assert tap(client, promise, reply, TODAY + timedelta(days=ahead)).status_code == 200
            assert len(seen) <= 8, seen
