"""Tokens of the API: make one, see it once, revoke it; and what can be done with one."""

from flask import Blueprint, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from habits import lines, tokens
from habits.db import db
from habits.models.tokens import TOKEN_NAME_LENGTH, Reach
from habits.problems import Refused, Unknown
from habits.web.forms import Form, Text, Word
from habits.web.fragments import done
from habits.web.guards import config, fresh_passkey, now, today
from habits.web.once import once

page = Blueprint("tokens", __name__)

LIST = "/settings/tokens"


class TokenForm(Form):
    """What a token is for, and what it may do."""

    name = Text(
        _l("What is it for?"),
        longest=TOKEN_NAME_LENGTH,
        required=_l("Say what it is for, so that you know it again."),
        id="token-name",
    )
    reach = Word(Reach, _l("What may it do?"), required=_l("Choose one of the two."))


@page.get(LIST)
@fresh_passkey
def index():
    return _list(TokenForm(data={"reach": Reach.READ.value}))


@page.post("/tokens")
@fresh_passkey
def create():
    form = TokenForm.read()
    if not form.validate():
        return _list(form), 422
    made = []

    def make():
        made.extend(tokens.make(current_user, form.name.data, form.reach.word, now()))
        return made[0].id

    try:
        once(form, make)
    except Refused:
        return _list(form), 422
    if not made:
        return done(LIST, _("The token was shown once. Revoke it and make another if it is lost."))
    row, secret = made
    return render_template("tokens/show.html", token=row, secret=secret)


@page.post("/tokens/<id:token_id>/removal")
@fresh_passkey
def remove(token_id):
    Form.read().validate()
    if not tokens.revoke(current_user, token_id):
        raise Unknown(token_id)
    db.session.commit()
    return done(LIST, _("Revoked. What used it gets nothing from now on."))


@page.post("/tokens/removal")
@fresh_passkey
def remove_all():
    Form.read().validate()
    tokens.revoke_all(current_user)
    db.session.commit()
    return done(LIST, _("All are revoked. What used them gets nothing from now on."))


@page.get("/settings/recipes")
def recipes():
    holding = [line.head for line in lines.of(current_user) if line.holds(today())]
    return render_template(
        "tokens/recipes.html",
        api=f"{config().origin}/api/v1",
        rows=holding,
        number=holding[0].id if holding else 1,
        title=holding[0].title if holding else _("I start every meeting on the minute"),
    )


def _list(form: TokenForm) -> str:
    return render_template("tokens/index.html", form=form, rows=tokens.of(current_user))
