"""Asks for the passkey again before something sensitive."""

from datetime import timedelta

from flask import Blueprint, render_template, request
from flask_login import current_user
from wtforms import StringField

from habits import passkeys
from habits.db import db
from habits.limits import Limit
from habits.models.devices import Purpose
from habits.web import entrance
from habits.web.forms import Form
from habits.web.guards import limit, now, this_session

page = Blueprint("confirmations", __name__)

TRIES = Limit("confirm", tries=60, per=timedelta(minutes=10))


class ConfirmForm(Form):
    """Where to go on to."""

    next = StringField()


@page.get("/confirm")
def new():
    way = entrance.safe_path(request.args.get("next"))
    known = passkeys.of(current_user)
    return render_template("confirmations/new.html", way=way, known=known)


@page.post("/confirm/options")
def options():
    limit(TRIES, str(current_user.id))
    asked = passkeys.confirm_options(entrance.site(), entrance.browser(), current_user, now())
    db.session.commit()
    return asked


@page.post("/confirm")
def create():
    form, answer = entrance.sent(ConfirmForm)
    asked = entrance.take(answer, Purpose.CONFIRM, current_user)
    passkeys.recognise(entrance.site(), asked, answer, now())
    this_session().confirmed_at = now()
    db.session.commit()
    return {"next": entrance.safe_path(form.next.data)}
