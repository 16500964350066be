"""What a week says of people: one question to one of them, and what a pulse of it showed."""

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user

from habits import circles, pulses, questions
from habits.book import stretch
from habits.days import local_date
from habits.pulses import Shown
from habits.questions import Count
from habits.trust.pulse import State
from habits.web import pulse_words, words
from habits.web.circles import sentence
from habits.web.guards import config, now
from habits.web.questions import HeardForm
from habits.weeks import WEEK, Summary


def of(week: Summary) -> dict:
    """What weeks/_people.html takes; nothing of it moves a number."""
    return {"ask": _ask(week), "pulse": _pulse(week)}


def _ask(week: Summary) -> dict | None:
    """One question, from the week's last day until the next week's."""
    if not week.last <= week.today < week.last + WEEK:
        return None
    talk = questions.offer(current_user, week.last, week.today)
    if talk is None:
        return None
    noted = talk.last is not None and talk.last.date >= week.last
    answers = words.heard()
    return {
        "talk": talk,
        "noted": answers[talk.last.heard.value] if noted else None,
        "form": HeardForm(),
        "answers": answers,
    }


def _pulse(week: Summary) -> dict | None:
    """What people answered, where a pulse was published in this week, and what it drew."""
    rounds = pulses.of(current_user, config().secret, now())
    for at, shown in enumerate(rounds):
        if shown.state is State.PUBLISHED and week.first <= _closed_on(shown) <= week.last:
            url = url_for("pulses.show", round_id=shown.round.id)
            return {"words": _said(shown), "circles": _circles(week, rounds[at:]), "url": url}
    return None


def _circles(week: Summary, rounds: list[Shown]) -> str | None:
    """The circles in a line, as they stood at the week's end."""
    day = min(week.today, week.last)
    book = stretch(current_user, day, circles.since(day), day)
    picture = circles.of(book, rounds, Count())
    return sentence(picture) if picture.sweet_spot else None


def _closed_on(shown: Shown):
    return local_date(shown.round.closes_at, current_user.timezone, current_user.day_start)


def _said(shown: Shown) -> str:
    result = shown.result
    if result.strength is None:
        return _("Answers to your pulse from %(group)s.", group=shown.round.group)
    return _(
        "Answers to your pulse from %(group)s. Strongest: %(strength)s. The gap: %(gap)s.",
        group=shown.round.group,
        strength=pulse_words.label(result.strength),
        gap=pulse_words.label(result.gap),
    )
