"""The public page of the pulse: five questions, without account, script, cookie, or a trace."""

import hashlib
import hmac
from datetime import timedelta

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField, ValidationError

from habits import languages, pulses, sessions
from habits.date_words import moment
from habits.days import zone
from habits.db import db, forget_traces, reading
from habits.limits import Limit, spend
from habits.models.leaders import Leader
from habits.pulses import Door, Opened
from habits.trust.pulse import BOXES, LEAST_ANSWERS, Item
from habits.web import pulse_words
from habits.web.entrance import address
from habits.web.forms import Form
from habits.web.guards import config, now, public
from habits.web.translations import speaking

page = Blueprint("responses", __name__, url_prefix="/pulse")

GUESSES = Limit("pulse", tries=20, per=timedelta(minutes=10))
USER = "_user_id"  # where Flask-Login keeps a session's token


class Box(StringField):
    """One ticked box; `.box` is its number."""

    def pre_validate(self, form):
        if not self.data:
            raise ValidationError(_l("Choose one, or “can't say”."))
        if self.data not in map(str, range(BOXES + 1)):
            abort(400)

    @property
    def box(self) -> int:
        return int(self.data)


class ResponseForm(Form):
    """The five answers; the link itself is the key of this write."""

    key = None
    ability = Box()
    benevolence = Box()
    integrity = Box()
    congruence = Box()
    follow = Box()


@page.get("/<token>")
@public
def new(token):
    opened = pulses.look_up(token, config().secret, now())
    if opened.door is not Door.OPEN or _is_own(opened):
        return _no_way(opened)
    return _asked(opened, token, ResponseForm())


@page.post("/<token>")
@public
def create(token):
    form = ResponseForm.read()
    opened = pulses.look_up(token, config().secret, now())
    if opened.door is not Door.OPEN or _is_own(opened):
        return _no_way(opened)
    if not form.validate():
        return _asked(opened, token, form), 422
    boxes = tuple(form[item.value].box for item in Item)
    opened = pulses.answer(token, boxes, config().secret, now())
    if opened.door is not Door.OPEN:
        return _no_way(opened)
    db.session.commit()
    forget_traces()
    return redirect(url_for("responses.thanks", token=token), 303)


@page.get("/<token>/thanks")
@public
def thanks(token):
    opened = pulses.look_up(token, config().secret, now())
    if opened.round is None:
        return _no_way(opened)
    with speaking(opened.round.leader.locale):
        return _plain(
            _("Thank you"),
            _("Answers are added up, and each link counts once."),
            _("You can close this page. Kept left nothing on this device."),
        )


def _asked(opened: Opened, token: str, form: ResponseForm) -> str:
    leader = opened.round.leader
    with speaking(leader.locale):
        return render_template(
            "responses/new.html",
            round=opened.round,
            leader=leader,
            token=token,
            form=form,
            closes=moment(opened.round.closes_at.astimezone(zone(leader.timezone))),
            least=LEAST_ANSWERS,
            questions=[(form[i.value], pulse_words.question(i, leader.name)) for i in Item],
            boxes=pulse_words.boxes(),
        )


def _is_own(opened: Opened) -> bool:
    """Whether the leader who asks is the one at this browser; who else is signed in is unread."""
    token = session.get(USER)
    row = sessions.find(token, now()) if isinstance(token, str) and opened.round else None
    return row is not None and row.leader_id == opened.round.leader_id


def _no_way(opened: Opened):
    """The plain answer of a link that does not open; a used one is like one that nobody made."""
    if opened.round is None:
        _count_guess()
    own = _is_own(opened)
    leader = opened.round.leader if opened.round else None
    with speaking(_language(leader if own or opened.door is Door.CLOSED else None)):
        if opened.door is Door.CLOSED:
            return _closed(leader), 410
        return (_own(), 403) if own else (_used(), 404)


def _used() -> str:
    return _plain(
        _("This link is used up"),
        _("Either your answers are in already, and count once, or the link was not copied whole."),
        _("If you have not answered yet, ask for the link again."),
    )


def _closed(leader: Leader) -> str:
    return _plain(
        _("This pulse is closed"),
        _("It takes no answers any more. Nothing was counted now."),
        _("You can still tell %(name)s yourself what you see.", name=leader.name),
    )


def _own() -> str:
    return _plain(
        _("This link is for the people you lead"),
        _("You are signed in as the leader who asks, so it does not open here, used or not."),
        _("Hand it on as it is. To see the questions, look at the round's page."),
    )


def _count_guess() -> None:
    """Count a token that nobody made, by an address that no copy of the database tells."""
    who = hmac.digest(config().secret.encode(), f"guess:{address()}".encode(), hashlib.sha256)
    db.session.rollback()  # a GET reads; its guess is written in a transaction of its own
    writing = reading.set(False)
    allowed = spend(GUESSES, who.hex()[:32], now())
    db.session.commit()
    reading.reset(writing)
    if not allowed:
        abort(429)


def _language(leader: Leader | None) -> str:
    """The leader's; for a link that may be anyone's, the best that the browser asks for."""
    return leader.locale if leader else languages.best(request.accept_languages)


def _plain(title: str, *said: str) -> str:
    return render_template("responses/plain.html", title=title, said=said)
