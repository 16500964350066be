"""The calendar feed: its private link, and what a calendar reads there."""

from flask import Blueprint, Response, abort
from flask_babel import gettext as _
from flask_login import current_user

from habits import feeds
from habits.db import db
from habits.web.forms import Form
from habits.web.fragments import done
from habits.web.guards import config, now, public
from habits.web.once import once
from habits.web.reminders import screen

page = Blueprint("calendar_feeds", __name__)

LIST = "/settings/reminders"


@page.post("/calendars")
def create():
    form = Form.read()
    form.validate()
    made = []
    once(form, lambda: made.append(feeds.renew(current_user, now())))
    if not made:
        return done(LIST, _("The link was shown once. Make a new one if you need it again."))
    return screen(link=f"{config().origin}/calendars/{made[0]}.ics")


@page.post("/calendars/removal")
def remove():
    Form.read().validate()
    feeds.revoke(current_user)
    db.session.commit()
    return done(LIST, _("The calendar link no longer works."))


@page.get("/calendars/<token>.ics")
@public
def show(token):
    feed = feeds.find(token) or abort(404)
    return Response(feeds.calendar(feed, config().origin, now()), mimetype="text/calendar")
