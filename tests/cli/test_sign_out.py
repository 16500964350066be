"""kept sign-out: all devices of one leader, and of no other."""

from habits import create_app, links, sessions
from habits.db import db
from habits.models import Leader
from habits.models.devices import LinkKind
from tests import databases
from tests.clock import MONDAY
from tests.command import kept


def test_every_device_of_that_leader_is_signed_out_and_nobody_elses(demo, at_monday):
    app = create_app(databases.config(demo, f"sqlite:///{demo / 'kept.db'}"))
    with app.app_context():
        dana, cleo = db.session.get(Leader, 1), db.session.get(Leader, 2)
        tokens = [sessions.start(each, "Phone", MONDAY) for each in (dana, dana, cleo)]
        link = links.make(LinkKind.DEVICE, dana, MONDAY)
        db.session.commit()
    (line,) = at_monday("sign-out", "Dana", data=demo)
    assert line == "Dana (id 1) is signed out: 2 devices."
    with app.app_context():
        found = [sessions.find(token, MONDAY) for token in tokens]
        assert [row is not None for row in found] == [False, False, True]
        assert links.find(link, LinkKind.DEVICE, MONDAY) is None
        db.engine.dispose()


def test_an_unknown_leader_is_said_in_a_line(demo):
    done = kept("sign-out", "Nobody", data=demo)
    assert (done.returncode, done.stdout) == (2, "")
    assert "`kept leaders` lists them" in done.stderr
