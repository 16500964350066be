"""The leader's side of the pulse: rounds, their links to hand out, and what came of them."""

from datetime import timedelta

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from habits import library, pulses, questions
from habits.date_words import day as long_day
from habits.date_words import moment
from habits.days import local_date, zone
from habits.models.pulses import GROUP_LENGTH, Round
from habits.problems import Refused
from habits.pulses import MOST_INVITED, Shown
from habits.trust import pulse
from habits.trust.pulse import LEAST_ANSWERS, LEAST_INVITED, NOTICE, Item, State
from habits.web import pulse_words
from habits.web.codes import qr
from habits.web.forms import Form, Number, Text
from habits.web.fragments import done, new_key
from habits.web.guards import config, now, today
from habits.web.once import once

MINUTE = timedelta(minutes=1)
FRUITLESS = (State.TOO_FEW, State.WITHDRAWN, State.VOID)

page = Blueprint("pulses", __name__, url_prefix="/people/pulses")


class GroupForm(Form):
    """Whom to ask."""

    group = Text(_l("Who are you asking?"), GROUP_LENGTH, _l("Say who you are asking."))


class RoundForm(GroupForm):
    """Whom to ask, and how many they are."""

    invited = Number(_l("How many people?"), required=_l("Say how many."), most=999)


@page.get("")
def index():
    rounds = pulses.of(current_user, config().secret, now())
    return render_template(
        "pulses/index.html", rounds=[_in_list(shown) for shown in rounds], **_waiting(rounds)
    )


@page.get("/new")
def new():
    return _new(RoundForm(data={"invited": str(LEAST_INVITED)}))


@page.post("")
def create():
    form = RoundForm.read()
    if not form.validate():
        return _new(form), 422

    def opened():
        group, invited = form.group.data, form.invited.number
        return pulses.open_round(current_user, group, invited, config().secret, now()).id

    try:
        made = once(form, opened)
    except Refused:
        return _new(form), 422
    return done(url_for("pulses.show", round_id=made), _("The round is open."))


@page.get("/<id:round_id>")
def show(round_id):
    return _show(_find(round_id))


@page.post("/<id:round_id>")
def rename(round_id):
    form, row = GroupForm.read(), pulses.find(current_user, round_id)
    try:
        if not form.validate():
            return _show(_find(round_id), form), 422
        once(form, lambda: pulses.rename(row, form.group.data))
    except Refused:
        return _show(_find(round_id), form), 422
    return done(url_for("pulses.show", round_id=round_id), _("Renamed."))


@page.get("/<id:round_id>/sheet")
def sheet(round_id):
    shown = _find(round_id)
    if shown.state is not State.OPEN:
        return done(url_for("pulses.show", round_id=round_id))
    return render_template("pulses/sheet.html", **_opened(shown.round))


@page.post("/<id:round_id>/closing")
def close_early(round_id):
    action = url_for("pulses.close_in_time", round_id=round_id)
    undo = {"action": action, "fields": {"key": new_key()}}
    return _change(round_id, pulses.close_early, _("It closes in a day."), undo)


@page.post("/<id:round_id>/closing/removal")
def close_in_time(round_id):
    return _change(round_id, pulses.close_in_time, _("It stays open for its seven days."))


@page.post("/<id:round_id>/withdrawal")
def withdraw(round_id):
    undo = {"action": url_for("pulses.put_back", round_id=round_id), "fields": {"key": new_key()}}
    return _change(round_id, pulses.withdraw, _("The round ends without a result."), undo)


@page.post("/<id:round_id>/return")
def put_back(round_id):
    return _change(round_id, pulses.put_back, _("The round is open again."))


def _change(round_id, verb, words, undo=None):
    form = Form.read()
    row = pulses.find(current_user, round_id)
    form.validate()
    try:
        once(form, lambda: verb(row, now()))
    except Refused as problem:
        return done(url_for("pulses.show", round_id=round_id), problem.message)
    return done(url_for("pulses.show", round_id=round_id), words, undo)


def _show(shown: Shown, form: GroupForm | None = None) -> str:
    form = form or GroupForm(data={"group": shown.round.group})
    if shown.state is State.OPEN:
        return render_template("pulses/open.html", form=form, **_opened(shown.round))
    return render_template(
        "pulses/closed.html",
        form=form,
        round=shown.round,
        state=shown.state.value,
        result=shown.result and _result(shown.result),
        items=len(Item),
        ask=questions.conversation(current_user, today()) if shown.result is None else (),
        can_return=shown.state is State.WITHDRAWN and now() < shown.round.closes_at,
        closed=_day(shown.round.closes_at),
        **_waiting([shown]),
    )


def _find(round_id: int) -> Shown:
    row = pulses.find(current_user, round_id)
    rounds = pulses.of(current_user, config().secret, now())
    return next(shown for shown in rounds if shown.round.id == row.id)


def _new(form: RoundForm) -> str:
    return render_template(
        "pulses/new.html",
        form=form,
        least=LEAST_INVITED,
        most=MOST_INVITED,
        least_answers=LEAST_ANSWERS,
        questions=[pulse_words.question(item, current_user.name) for item in Item],
        **_waiting(pulses.of(current_user, config().secret, now())),
    )


def _waiting(rounds: list[Shown]) -> dict:
    """The day from which another may be opened after the newest of these, if that is to come.

    Rounds that came to nothing are waited for as well: how many answered must not be tried out.
    """
    again = pulse.opens_again(rounds[0].round.opened_at) if rounds else None
    if again is None or now() >= again:
        return {"wait": None, "fruitless": False}
    begins = again + MINUTE  # the minute that is said must be over
    wait = _moment(begins) if _day(begins) == _day(now()) else _day(begins)
    return {"wait": wait, "fruitless": rounds[0].state in FRUITLESS}


def _day(instant) -> str:
    return long_day(local_date(instant, current_user.timezone, 0))


def _moment(instant) -> str:
    return moment(instant.astimezone(zone(current_user.timezone)))


def _opened(row: Round) -> dict:
    urls = [
        config().origin + url_for("responses.new", token=token)
        for token in pulses.tokens(row, config().secret)
    ]
    return {
        "round": row,
        "closes": _moment(row.closes_at),
        "early": pulses.closes_early(row),
        "can_close": row.closes_at - now() > NOTICE,
        "reminder": _reminder(_moment(row.closes_at)),
        "links": [{"url": url, "code": qr(url), "text": _invitation(url)} for url in urls],
        "questions": [pulse_words.question(item, current_user.name) for item in Item],
    }


def _invitation(url: str) -> str:
    """What is sent along with a link: the same to all."""
    return _(
        "I want to know what it is like to be led by me. Five questions, two minutes, anonymous:"
        " %(url)s",
        url=url,
    )


def _reminder(day: str) -> str:
    """What is sent to all alike: who has answered is known to nobody."""
    return _(
        "To all of you: my five questions are open until %(day)s. If you have answered already,"
        " thank you; if not, your link still works.",
        day=day,
    )


def _in_list(shown: Shown) -> dict:
    words = {
        State.OPEN: _("open until %(day)s", day=_moment(shown.round.closes_at)),
        State.VOID: _("cannot be read any more"),
        State.WITHDRAWN: _("ended without a result"),
        State.TOO_FEW: _("too few answers to be anonymous"),
        State.PUBLISHED: _("closed on %(day)s", day=_day(shown.round.closes_at)),
    }
    return {
        "round": shown.round,
        "words": words[shown.state],
        "findings": [pulse_words.finding(each) for each in shown.result.findings]
        if shown.result
        else [],
    }


def _result(result) -> dict:
    """A published round: each item, one strength, one gap, one promise to make next."""
    following = pulse_words.NEXT.get(result.gap)
    return {
        "findings": [pulse_words.finding(each) for each in result.findings],
        "partial": result.partial,
        "strength": result.strength and pulse_words.label(result.strength),
        "gap": result.gap and pulse_words.label(result.gap),
        "next": following and library.find(following),
    }
