"""Creating an account: a first name and a passkey, nothing else."""

from datetime import timedelta

from flask import Blueprint, redirect, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import StringField

from habits import days, leaders, links, passkeys
from habits.db import db
from habits.limits import Limit
from habits.models.devices import LinkKind, Purpose
from habits.models.leaders import NAME_LENGTH
from habits.web import entrance
from habits.web.forms import Form, Text
from habits.web.guards import config, limit, locale, now, public

page = Blueprint("sign_ups", __name__)

OPTIONS = Limit("sign-up-options", tries=600, per=timedelta(hours=1))
ACCOUNTS = Limit("sign-up", tries=300, per=timedelta(hours=1))
LONGEST_ZONE = 64


class SignUpForm(Form):
    """A first name, and what the browser says of its place."""

    name = Text(_l("First name"), longest=NAME_LENGTH, required=_l("Say what to call you."))
    timezone = StringField()
    invite = StringField()


@page.get("/sign-up")
@public
def new():
    return _form_page("")


@page.get("/invitations/<token>")
@public
def invitation(token):
    if config().registration == "invite" and not links.find(token, LinkKind.INVITE, now()):
        return render_template("links/over.html", kind=LinkKind.INVITE.value), 404
    return _form_page(token)


@page.post("/sign-up/options")
@public
def options():
    limit(OPTIONS, entrance.address())
    form, _answer = entrance.sent(SignUpForm)
    if not form.validate():
        return entrance.wrong(form)
    if not _may_come(form.invite.data):
        return _turned_away()
    asked = passkeys.sign_up_options(entrance.site(), entrance.browser(), form.name.data, now())
    db.session.commit()
    return asked


@page.post("/sign-up")
@public
def create():
    limit(ACCOUNTS, entrance.address())
    form, answer = entrance.sent(SignUpForm)
    if not form.validate():
        return entrance.wrong(form)
    asked = entrance.take(answer, Purpose.SIGN_UP)
    fresh = passkeys.verify_new(entrance.site(), asked, answer)
    if not _comes_in(form.invite.data):
        return _turned_away()
    zone = _zone(form.timezone.data)
    leader = leaders.create(form.name.data, zone, locale(), now(), asked.handle)
    passkey = passkeys.add(leader, fresh, entrance.device(), now())
    entrance.let_in(leader, passkey=passkey)
    db.session.commit()
    return {"next": entrance.PICKING if passkey.backed_up else entrance.CODES_AT_ONCE}


def _form_page(invite: str):
    if current_user.is_authenticated:
        return redirect("/")
    if not entrance.can_have_passkeys():
        return redirect("/no-passkey#address")
    if config().registration == "closed" or (config().registration == "invite" and not invite):
        return render_template("sign_ups/closed.html", registration=config().registration)
    return render_template("sign_ups/new.html", invite=invite, form=SignUpForm())


def _may_come(invite: str) -> bool:
    if config().registration == "invite":
        return links.find(invite or "", LinkKind.INVITE, now()) is not None
    return config().registration == "open"


def _comes_in(invite: str) -> bool:
    if config().registration == "invite":
        link = links.find(invite or "", LinkKind.INVITE, now())
        return link is not None and links.use(link, now())
    return config().registration == "open"


def _turned_away():
    return {"error": _("New accounts need an invitation that has not been used.")}, 403


def _zone(name: str | None) -> str:
    try:
        days.zone(name or "")
    except ValueError:
        return "UTC"
    return name if len(name) <= LONGEST_ZONE else "UTC"
