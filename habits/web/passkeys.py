"""The leader's passkeys: see, add, name and remove them, and open one more device."""

from datetime import timedelta

from flask import Blueprint, render_template, session
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from habits import links, passkeys
from habits.db import db
from habits.limits import Limit
from habits.models.devices import PASSKEY_NAME_LENGTH, LinkKind, Purpose, Scope
from habits.problems import Refused
from habits.web import entrance
from habits.web.codes import qr
from habits.web.forms import Form, Text
from habits.web.fragments import done
from habits.web.guards import enrolling, fresh_passkey, limit, now, this_session
from habits.writes import first_time

page = Blueprint("passkeys", __name__)

LIST = "/settings/passkeys"
TRIES = Limit("passkeys", tries=60, per=timedelta(minutes=10))


class NameForm(Form):
    """What a passkey is called."""

    name = Text(_l("Name"), longest=PASSKEY_NAME_LENGTH, required=_l("Give it a name."))


@page.get(LIST)
def index():
    return render_template(
        "passkeys/index.html",
        known=passkeys.of(current_user),
        accepted=passkeys.accepted(entrance.site(), current_user),
    )


@page.get("/passkeys/new")
@enrolling
@fresh_passkey
def new():
    layout = "layouts/plain.html" if _is_enrolling() else "layouts/app.html"
    return render_template("passkeys/new.html", layout=layout, enrolling=_is_enrolling())


@page.post("/passkeys/options")
@enrolling
@fresh_passkey
def options():
    limit(TRIES, str(current_user.id))
    asked = passkeys.add_options(entrance.site(), entrance.browser(), current_user, now())
    db.session.commit()
    return asked


@page.post("/passkeys")
@enrolling
@fresh_passkey
def create():
    _form, answer = entrance.sent(Form)
    leader = current_user._get_current_object()
    asked = entrance.take(answer, Purpose.ADD, leader)
    fresh = passkeys.verify_new(entrance.site(), asked, answer)
    passkey = passkeys.add(leader, fresh, entrance.device(), now())
    way = _onward()
    if _is_enrolling():
        entrance.let_in(leader, passkey=passkey)
    db.session.commit()
    return {
        "next": way,
        "accepted": passkeys.accepted(entrance.site(), leader),
    }


@page.get("/passkeys/<id:passkey_id>")
@fresh_passkey
def show(passkey_id):
    return _show(passkeys.get(current_user, passkey_id))


@page.post("/passkeys/<id:passkey_id>/name")
@fresh_passkey
def rename(passkey_id):
    passkey = passkeys.get(current_user, passkey_id)
    form = NameForm.read()
    if not form.validate():
        return _show(passkey, form), 422
    if first_time(current_user, form.key.data, form.sent(), now()):
        passkey.name = form.name.data
        db.session.commit()
    return done(LIST, _("Named %(name)s.", name=form.name.data))


@page.post("/passkeys/<id:passkey_id>/removal")
@fresh_passkey
def remove(passkey_id):
    passkey = passkeys.get(current_user, passkey_id)
    form = Form.read()
    form.validate()
    try:
        passkeys.remove(current_user, passkey_id)
    except Refused as problem:
        form.refuse(problem)
        return _show(passkey, removal=form), 422
    db.session.commit()
    return done(LIST, _("%(name)s no longer opens your account.", name=passkey.name))


@page.post("/passkeys/links")
@fresh_passkey
def link():
    Form.read().validate()
    token = links.make(LinkKind.DEVICE, current_user, now())
    db.session.commit()
    url = links.address(entrance.site().origin, LinkKind.DEVICE, token)
    return render_template("passkeys/link.html", url=url, code=qr(url))


def _show(passkey, form=None, removal=None):
    return render_template(
        "passkeys/show.html",
        passkey=passkey,
        form=form or NameForm(obj=passkey),
        removal=removal or Form(),
        is_last=len(passkeys.of(current_user)) == 1,
        started_here=this_session().passkey_id == passkey.id,
    )


def _onward() -> str:
    if not _is_enrolling():
        return LIST
    return entrance.AFTER_RECOVERY if session.get(entrance.RECOVERED) else "/"


def _is_enrolling() -> bool:
    return this_session().scope is Scope.ENROL
