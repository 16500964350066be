"""Takes an answer to a promise: one tap, its refinement, or taking it back."""

from dataclasses import replace
from datetime import date
from uuid import NAMESPACE_OID, uuid5

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import StringField

from habits import commitments, ledger, time_off
from habits.book import open_book
from habits.date_words import weekday
from habits.days import DAY, is_open, local_date
from habits.db import db
from habits.models.answers import NOTE_LENGTH
from habits.models.commitments import TITLE_LENGTH
from habits.problems import Refused, Unknown
from habits.repairs import Dropped
from habits.trust.history import Nature, Reply
from habits.web.days import promise_page
from habits.web.formats import change
from habits.web.forms import Day, Flag, Form, Id, Text, Word
from habits.web.fragments import is_fragment, new_key
from habits.web.guards import now, today
from habits.web.rows import any_row, repair_of
from habits.web.timing import given_at
from habits.web.today import head_of

page = Blueprint("answers", __name__)

TAKEN_BACK = {"", "open"}
BESIDE = ("nature", "note", "repair")  # fields of the row's sheet that say what is wrong with them


class AnswerForm(Form):
    """One answer; `answer` empty takes the earlier one back."""

    commitment = Id()
    date = Day(required=_l("Say which day."))
    answer = StringField()
    nature = Word(Nature)
    told = Flag()
    note = Text(longest=NOTE_LENGTH)
    repair = Text(longest=TITLE_LENGTH)
    repair_on = Day()
    release = StringField()
    answered_at = StringField()
    sent_at = StringField()


@page.post("/answers")
def create():
    form = AnswerForm.read()
    valid = form.validate()
    commitment_id = form.commitment.id or abort(404)
    if not valid:
        return _refused(form, commitment_id)
    said = _said(form, commitment_id)
    try:
        recorded = ledger.record(current_user, said, today(), now())
        if form.repair.data and not recorded.repeated and _is_broken(recorded, said):
            recorded = _repair(recorded, said, form.repair.data, form.repair_on.day)
    except Refused as problem:
        db.session.rollback()
        form.refuse(problem)
        return _refused(form, commitment_id)
    db.session.commit()
    return _created(recorded, said)


def _said(form: AnswerForm, commitment_id: int) -> ledger.Said:
    note = form.note.data or _release_reason(form.release.data)
    return ledger.Said(
        commitment_id=commitment_id,
        date=form.date.day,
        reply=_reply(form.answer.data),
        nature=form.nature.word,
        told=form.told.yes,
        note=note or None,
        key=form.key.data,
        answered_at=given_at(form.answered_at.data, form.sent_at.data),
    )


def _reply(text: str | None) -> Reply | None:
    if text is None:
        abort(400)
    if text in TAKEN_BACK:
        return None
    try:
        return Reply(text)
    except ValueError:
        abort(400)


def _release_reason(word: str | None) -> str | None:
    return str(_l("They released me.")) if word == "them" else None


def _is_broken(recorded: ledger.Recorded, said: ledger.Said) -> bool:
    """Whether it counts as broken: what is kept, or was answered anew since, needs no repair."""
    return recorded.book.answers[said.commitment_id, said.date].reply is Reply.BROKEN


def _repair(
    recorded: ledger.Recorded, said: ledger.Said, title: str, asked: date | None
) -> ledger.Recorded:
    """What the leader will do about a broken promise, promised for the day after it was said, or
    for a day between that and today where Undo brings it back; never for a day off.
    """
    book = recorded.book
    broken = book.commitments[said.commitment_id]
    if broken.is_repair or repair_of(book, said.commitment_id, said.date) is not None:
        return recorded
    day = max(_said_on(said) + DAY, today())
    if asked is not None and today() <= asked < day:
        day = asked
    day = time_off.first_day_on(current_user, day)
    made = commitments.promise_once(
        current_user,
        title,
        broken.pillar,
        broken.person_id,
        day,
        now(),
        repairs_id=broken.id,
        repairs_date=said.date,
    )
    book = replace(book, commitments={**book.commitments, made.id: made})
    return replace(recorded, book=book)


def _said_on(said: ledger.Said) -> date:
    return local_date(said.answered_at, current_user.timezone, current_user.day_start)


def _created(recorded: ledger.Recorded, said: ledger.Said):
    late = said.date < today() and not recorded.repeated
    words = _late(said, recorded.change) if late else ""
    told = _with_repair(words, said, recorded.dropped) if recorded.dropped else words
    if not is_fragment():
        if told:
            flash(told)
        return redirect(_back(said), 303)
    row = any_row(recorded.book, said.commitment_id, said.date)
    head = head_of(recorded.book)
    aloud = f"{_answered(said.reply)} {head['head'].say}"
    return render_template("answers/created.html", row=row, words=told, aloud=aloud, **head)


def _answered(reply: Reply | None) -> str:
    """What is read out first: which answer is counted now."""
    return {
        Reply.KEPT: _("Kept."),
        Reply.BROKEN: _("Broken."),
        Reply.RELEASED: _("Released."),
        None: _("Taken back."),
    }[reply]


def _late(said: ledger.Said, moved: float) -> str:
    """What an answer to an earlier day changed."""
    shown = {"day": weekday(said.date), "change": change(moved)}
    if said.reply is None:
        return _("%(day)s, taken back: %(change)s", **shown)
    return _("%(day)s, answered late: %(change)s", **shown)


def _with_repair(words: str, said: ledger.Said, dropped: Dropped) -> dict:
    """What is said of a repair that went; Undo gives the answer that it was to mend, and it."""
    gone = _("Its repair is taken back, too: “%(title)s”.", title=dropped.title)
    broken = dropped.broken
    fields = {
        "key": new_key(),
        "commitment": said.commitment_id,
        "date": said.date.isoformat(),
        "answer": broken.reply.value,
        "nature": broken.nature.value if broken.nature else "",
        "told": "yes" if broken.told else "no",
        "note": broken.note or "",
        "repair": dropped.title,
        "repair_on": dropped.once_on.isoformat(),
    }
    text = f"{words} {gone}".strip()
    return {"text": text, "undo": {"action": url_for("answers.create"), "fields": fields}}


def _back(said: ledger.Said) -> str:
    """The page that still shows the promise: what is answered leaves Today with its day."""
    if said.date == today():
        return url_for("today.show")
    day = said.date.isoformat()
    if said.reply is Reply.BROKEN and said.nature is None:
        return url_for("days.promise", day=day, commitment_id=said.commitment_id)
    return url_for("today.show") if is_open(said.date, today()) else url_for("days.show", day=day)


def _refused(form: AnswerForm, commitment_id: int):
    """The row as it was, with what was typed and what is wrong with it."""
    book = open_book(current_user, today())
    if commitment_id not in book.commitments:
        raise Unknown(commitment_id)
    day = form.date.day or today()
    errors = {name: [str(error) for error in said][0] for name, said in form.errors.items()}
    row = any_row(
        book,
        commitment_id,
        day,
        note=form.note.data,
        repair=form.repair.data,
        nature=form.nature.data or "mistake",
        told=form.told.yes,
        errors=errors,
    )
    if is_fragment():
        unsaid = [words for name, words in errors.items() if name not in BESIDE][:1]
        return render_template("answers/refused.html", row=row, unsaid=unsaid), 422
    return promise_page(row, day, form.answer.data), 422


def key_for(key: str, *parts: object) -> str:
    """A key for one of several writes that one form leads to: the same each time it is sent."""
    return str(uuid5(NAMESPACE_OID, "/".join((key, *map(str, parts)))))
