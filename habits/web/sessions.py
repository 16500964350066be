"""Signed-in devices: see them, end one, end all others, and sign out here."""

from flask import Blueprint, render_template
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from habits import links, sessions
from habits.db import db
from habits.problems import Unknown
from habits.web import entrance
from habits.web.forms import Form
from habits.web.fragments import done
from habits.web.guards import public, this_session

page = Blueprint("sessions", __name__)

LIST = "/settings/devices"


@page.get(LIST)
def index():
    return render_template("sessions/index.html", rows=sessions.of(current_user))


@page.post("/sessions/<id:session_id>/removal")
def remove(session_id):
    Form.read().validate()
    here = this_session().id == session_id
    if not sessions.end(current_user, session_id):
        raise Unknown("session")
    links.close(current_user)
    db.session.commit()
    return done("/") if here else done(LIST, _("That device is signed out."))


@page.post("/sessions/removal")
def remove_others():
    Form.read().validate()
    count = sessions.end_all(current_user, but=this_session().id)
    links.close(current_user)
    db.session.commit()
    said = ngettext("%(num)s other device signed out.", "%(num)s other devices signed out.", count)
    return done(LIST, said)


@page.post("/sign-out")
@public
def sign_out():
    entrance.leave()
    db.session.commit()
    response = done("/")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response
