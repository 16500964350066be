"""Turns reminders on and off for a device, and sends it a test."""

from datetime import timedelta

from flask import Blueprint, current_app
from flask_babel import gettext as _
from flask_login import current_user
from wtforms import StringField

from habits import courier, notices, push, reminders, subscriptions
from habits.db import db
from habits.limits import Limit
from habits.models.reminders import Kind, Outcome
from habits.outward import Carrier
from habits.problems import Refused
from habits.web.forms import Flag, Form
from habits.web.fragments import done, static
from habits.web.guards import config, limit, now, this_session
from habits.web.once import once
from habits.web.reminders import outcome_words, screen
from habits.writes import first_time

page = Blueprint("subscriptions", __name__)

LIST = "/settings/reminders"
TESTS = Limit("test-reminder", 10, timedelta(hours=1))


class SubscriptionForm(Form):
    """Where this browser takes messages, and its keys; `quietly` mends what was on already."""

    endpoint = StringField()
    p256dh = StringField()
    auth = StringField()
    quietly = Flag()


@page.post("/subscriptions")
def create():
    form = SubscriptionForm.read()
    if not form.validate():
        return screen(subscription=form), 422
    try:
        once(form, lambda: _keep(form))
    except Refused:
        return screen(subscription=form), 422
    return done(LIST, None if form.quietly.yes else _("Reminders are on for this device."))


@page.post("/subscriptions/removal")
def remove_here():
    Form.read().validate()
    subscriptions.end_here(this_session())
    db.session.commit()
    return done(LIST, _("Reminders are off on this device."))


@page.post("/subscriptions/<id:subscription_id>/removal")
def remove(subscription_id):
    Form.read().validate()
    subscriptions.end(current_user, subscription_id)
    db.session.commit()
    return done(LIST, _("That device is no longer reminded."))


@page.post("/subscriptions/tests")
def test():
    form = Form.read()
    form.validate()
    leader = current_user._get_current_object()
    device = subscriptions.here(this_session())
    if device is None:
        return done(LIST, _("Turn reminders on for this device first."))
    limit(TESTS, str(leader.id))
    if not first_time(leader, form.key.data, form.sent(), now()):
        return done(LIST)
    db.session.commit()  # nothing may be locked while a push service takes its time
    outcome = _try(leader, device)
    if outcome is Outcome.SENT:
        return done(LIST, _("Sent. It should be here within a minute."))
    return done(LIST, _("The test may not arrive: %(why)s.", why=outcome_words(outcome)))


def _keep(form: SubscriptionForm) -> None:
    endpoint = form.endpoint.data or ""
    keys = push.checked(
        endpoint, form.p256dh.data or "", form.auth.data or "", config().push_services
    )
    place = subscriptions.Place(endpoint, *keys)
    subscriptions.keep(current_user, this_session(), place, now())
    reminders.start(current_user, now())


def _try(leader, device) -> Outcome:
    notice = notices.test(leader, now())
    message = notices.message(notice, leader, config().origin, static("icons/app-192.png"), now())
    carrier = Carrier(config().push_services)
    post = push.Post(current_app.extensions["vapid"], carrier)
    copies = courier.carry([device], message, post, now())
    carrier.close()
    outcome = courier.note(copies, Kind.TEST, now())
    db.session.commit()
    return outcome
