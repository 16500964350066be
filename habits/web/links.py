"""Single-use links: the host's way in for a locked-out leader, and the one for a new device."""

from flask import Blueprint, render_template
from flask_babel import gettext as _

from habits import links
from habits.db import db
from habits.models.devices import LinkKind, Scope
from habits.models.leaders import Leader
from habits.web import entrance
from habits.web.forms import Form
from habits.web.fragments import done
from habits.web.guards import now, public

page = Blueprint("links", __name__)


@page.get("/links/<token>")
@public
def sign_in(token):
    return _button(token, LinkKind.SIGN_IN)


@page.post("/links/<token>")
@public
def use_sign_in(token):
    leader = _use(token, LinkKind.SIGN_IN)
    if leader is None:
        return _over(LinkKind.SIGN_IN)
    entrance.let_in_vouched(leader)
    db.session.commit()
    return done("/", _("You are in. If your passkey is lost, add a new one under Settings now."))


@page.get("/devices/<token>")
@public
def device(token):
    return _button(token, LinkKind.DEVICE)


@page.post("/devices/<token>")
@public
def use_device(token):
    leader = _use(token, LinkKind.DEVICE)
    if leader is None:
        return _over(LinkKind.DEVICE)
    entrance.let_in(leader, Scope.ENROL)
    db.session.commit()
    return done("/passkeys/new")


def _button(token: str, kind: LinkKind):
    link = links.find(token, kind, now())
    if link is None:
        return _over(kind)
    leader = db.session.get(Leader, link.leader_id)
    return render_template("links/show.html", kind=kind.value, token=token, leader=leader)


def _use(token: str, kind: LinkKind) -> Leader | None:
    Form.read().validate()
    link = links.find(token, kind, now())
    if link is None or not links.use(link, now()):
        return None
    return db.session.get(Leader, link.leader_id)


def _over(kind: LinkKind):
    return render_template("links/over.html", kind=kind.value), 404
