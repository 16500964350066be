"""Signing in with a passkey, and what to do where there is none."""

from datetime import timedelta

from flask import Blueprint, redirect, render_template, request
from flask_login import current_user
from wtforms import StringField

from habits import passkeys
from habits.db import db
from habits.limits import Limit
from habits.models.devices import Purpose
from habits.web import entrance
from habits.web.forms import Form
from habits.web.guards import limit, now, public

page = Blueprint("sign_ins", __name__)

# Generous: nobody else's tries may keep a leader out.
TRIES = Limit("sign-in", tries=600, per=timedelta(minutes=10))


class SignInForm(Form):
    """Where to go on to."""

    next = StringField()


@page.get("/sign-in")
@public
def new():
    way = entrance.safe_path(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(way)
    if not entrance.can_have_passkeys():
        return redirect("/no-passkey#address")
    return render_template("sign_ins/new.html", way=way)


@page.post("/sign-in/options")
@public
def options():
    limit(TRIES, entrance.address())
    asked = passkeys.sign_in_options(entrance.site(), entrance.browser(), now())
    db.session.commit()
    return asked


@page.post("/sign-in")
@public
def create():
    limit(TRIES, entrance.address())
    form, answer = entrance.sent(SignInForm)
    asked = entrance.take(answer, Purpose.SIGN_IN)
    passkey = passkeys.recognise(entrance.site(), asked, answer, now())
    entrance.let_in(passkey.leader, passkey=passkey)
    db.session.commit()
    return {
        "next": entrance.safe_path(form.next.data),
        "accepted": passkeys.accepted(entrance.site(), passkey.leader),
    }


@page.get("/new-phone")
@public
def new_phone():
    return render_template("sign_ins/new_phone.html")


@page.get("/no-passkey")
@public
def no_passkey():
    return render_template("sign_ins/no_passkey.html", kept_origin=entrance.site().origin)
