"""Recovery codes: a new set is shown once; one of them opens the way to a new passkey."""

from flask import Blueprint, render_template, request, session
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from habits import feeds, links, passkeys, recovery, sessions, tokens
from habits.db import db
from habits.limits import spend
from habits.models.devices import Scope
from habits.web import entrance
from habits.web.forms import Form, Text
from habits.web.fragments import done
from habits.web.guards import config, fresh_passkey, now, public, this_session
from habits.writes import first_time

page = Blueprint("recovery_codes", __name__)

LONGEST_CODE = 60  # as typed, with spaces and hyphens


class CodeForm(Form):
    """A recovery code as it was typed."""

    code = Text(_l("Recovery code"), longest=LONGEST_CODE, required=_l("Type one of your codes."))


@page.get("/settings/codes")
@fresh_passkey
def index():
    return render_template(
        "recovery_codes/index.html",
        left=recovery.left(current_user),
        first="first" in request.args,
    )


@page.post("/recovery-codes")
@fresh_passkey
def create():
    form = Form.read()
    form.validate()
    leader = current_user._get_current_object()
    if not first_time(leader, form.key.data, form.sent(), now()):
        return render_template("recovery_codes/gone.html")
    codes = recovery.renew(leader, config().secret, now())
    db.session.commit()
    onward = entrance.PICKING if "first" in request.args else "/"
    return render_template("recovery_codes/show.html", codes=codes, onward=onward)


@page.get("/recover")
@public
def new():
    return render_template("recovery_codes/use.html", form=CodeForm())


@page.post("/recover")
@public
def use():
    form = CodeForm.read()
    if not form.validate():
        return _again(form, 422)
    if not _may_try(form.code.data):
        form.code.errors = [_l("Too many tries. Wait an hour; your passkeys work all the same.")]
        return _again(form, 429)
    leader = recovery.use(form.code.data, config().secret, now())
    if leader is None:
        form.code.errors = [_l("No working code matches this. Check each character.")]
        return _again(form, 422)
    sessions.end_all(leader)
    links.close(leader)
    entrance.let_in(leader, Scope.ENROL)
    session[entrance.RECOVERED] = True
    db.session.commit()
    return done("/passkeys/new")


@page.get(entrance.AFTER_RECOVERY)
@fresh_passkey
def used():
    """What a code leaves as it was: neither a lost phone's passkey nor a token ends by itself."""
    made_here = this_session().passkey_id
    return render_template(
        "recovery_codes/used.html",
        known=[each for each in passkeys.of(current_user) if each.id != made_here],
        rows=tokens.of(current_user),
        feed=feeds.of(current_user),
    )


def _again(form: CodeForm, status: int):
    return render_template("recovery_codes/use.html", form=form), status


def _may_try(code: str) -> bool:
    """Count the try everywhere, and at once; a guesser gains nothing by sending many together."""
    tries = (
        (recovery.BY_CODE, recovery.locator(code)),
        (recovery.BY_ADDRESS, entrance.address()),
        (recovery.IN_ALL, ""),
    )
    allowed = [spend(limit, who, now()) for limit, who in tries]
    db.session.commit()
    return all(allowed)
