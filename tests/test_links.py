from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import func, select

from habits import links
from habits.db import db
from habits.models.devices import Link, LinkKind
from tests.clock import MONDAY


def made(kind=LinkKind.SIGN_IN, leader=None, now=MONDAY):
    token = links.make(kind, leader, now)
    db.session.commit()
    return token


def test_a_link_is_found_by_its_token_only(app, dana):
    with app.app_context():
        token = made(leader=dana)
        assert links.find(token, LinkKind.SIGN_IN, MONDAY).leader_id == dana.id
        assert links.find(token[:-1], LinkKind.SIGN_IN, MONDAY) is None
        assert links.find("", LinkKind.SIGN_IN, MONDAY) is None
        assert links.find("\ud800", LinkKind.SIGN_IN, MONDAY) is None


def test_its_token_is_stored_nowhere(app, dana):
    with app.app_context():
        token = made(leader=dana)
        row = db.session.scalar(select(Link))
        assert token not in repr([getattr(row, c.name) for c in Link.__table__.columns])


def test_one_kind_never_serves_another(app, dana):
    with app.app_context():
        for kind in LinkKind:
            token = made(kind, dana)
            assert [other for other in LinkKind if links.find(token, other, MONDAY)] == [kind]


def test_each_kind_has_its_time(app, dana):
    with app.app_context():
        for kind, lifetime in {
            LinkKind.SIGN_IN: timedelta(minutes=10),
            LinkKind.DEVICE: timedelta(minutes=10),
            LinkKind.INVITE: timedelta(days=7),
        }.items():
            token = made(kind, dana)
            assert links.find(token, kind, MONDAY + lifetime - timedelta(seconds=1))
            assert links.find(token, kind, MONDAY + lifetime) is None


def test_it_is_used_once(app, dana):
    with app.app_context():
        token = made(leader=dana)
        link = links.find(token, LinkKind.SIGN_IN, MONDAY)
        assert links.use(link, MONDAY)
        assert not links.use(link, MONDAY)
        assert links.find(token, LinkKind.SIGN_IN, MONDAY) is None


def test_a_link_that_ran_out_meanwhile_is_not_used(app, dana):
    with app.app_context():
        link = links.find(made(leader=dana), LinkKind.SIGN_IN, MONDAY)
        assert not links.use(link, MONDAY + timedelta(minutes=10))


def test_of_twenty_at_once_one_uses_it(app, dana):
    with app.app_context():
        token = made(leader=dana)

    def open_it(_n):
        with app.app_context():
            link = links.find(token, LinkKind.SIGN_IN, MONDAY)
            used = link is not None and links.use(link, MONDAY)
            db.session.commit()
            return used

    with ThreadPoolExecutor(10) as browsers:
        assert sum(browsers.map(open_it, range(20))) == 1


def test_links_long_over_are_forgotten(app, dana):
    with app.app_context():
        made(leader=dana)
        made(leader=dana, now=MONDAY + timedelta(days=31))
        assert db.session.scalar(select(func.count()).select_from(Link)) == 1


def test_the_address_leads_to_its_own_page():
    leads = {kind: links.address("https://k.example", kind, "t") for kind in LinkKind}
    assert leads == {
        LinkKind.SIGN_IN: "https://k.example/links/t",
        LinkKind.DEVICE: "https://k.example/devices/t",
        LinkKind.INVITE: "https://k.example/invitations/t",
    }
