"""What a token may write: an answer, a lapse, taking a lapse back; each has one effect a key."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from flask import Response, request
from flask_login import current_user

from habits import lapses, ledger, people, writes
from habits.book import open_book
from habits.db import db
from habits.documents import Fields, any_text, boolean, one_of, wrong
from habits.models.answers import NOTE_LENGTH
from habits.models.leaders import NAME_LENGTH
from habits.problems import Unknown
from habits.records import day
from habits.trust.history import Nature, Reply
from habits.web.api import shown
from habits.web.api.bearers import writes as writing
from habits.web.api.bodies import a_day, an_id, an_instant, body, key, no_parameters, words
from habits.web.api.reading import page
from habits.web.guards import now, today

OPEN = "open"  # the answer that takes an earlier one back


@dataclass(frozen=True)
class LapseSent:
    """A lapse as it was sent; `person` is a name, no date is the day on which it arrives."""

    date: date | None
    nature: Nature
    told: bool
    note: str | None
    person: str | None
    given_at: datetime


@page.post("/answers")
@writing
def answer():
    no_parameters()
    name, fields = key(), body(_said)
    on = fields.pop("date")
    said = ledger.Said(key=name, date=on or today(), **fields)
    sent = [said.commitment_id, day(on), said.reply, said.nature, said.told, said.note]
    moved, book = 0.0, None
    if _first_time(name, sent):
        recorded = ledger.record(current_user, said, today(), now())
        moved, book = recorded.change, recorded.book
    elif on is None:  # "today" was the day of the first time
        said = replace(said, date=ledger.said_of(current_user, name) or said.date)
    db.session.commit()
    book = book or open_book(current_user, today(), said.date)
    if said.commitment_id not in book.commitments:
        raise Unknown(said.commitment_id)
    promise = shown.answered(book, said.commitment_id, said.date)
    return {"promise": promise, "moved": moved, **shown.balance(book)}


@page.post("/lapses")
@writing
def record_lapse():
    no_parameters()
    name, sent = key(), body(_lapse)
    if _first_time(name, [day(sent.date), sent.nature, sent.told, sent.note, sent.person]):
        person = people.find_or_add(current_user, sent.person, now())
        said = lapses.Said(
            date=sent.date or today(),
            nature=sent.nature,
            told=sent.told,
            note=sent.note,
            person_id=person.id if person else None,
            given_at=sent.given_at,
        )
        lapse = lapses.record(current_user, said, today(), now())
        writes.remember(current_user, name, lapse.id)
        _settle()
        db.session.commit()
    lapse = lapses.find(current_user, writes.made(current_user, name))
    return shown.lapse(lapse, sent.person), 201


@page.post("/lapses/<id:lapse_id>/removal")
@writing
def take_back_lapse(lapse_id):
    no_parameters()
    name, lapse = key(), lapses.find(current_user, lapse_id)
    if _first_time(name, []):
        lapses.withdraw(lapse, today(), now())
        _settle()
        db.session.commit()
    response = Response(status=204)
    del response.headers["Content-Type"]
    return response


def _first_time(name: str, sent: list) -> bool:
    return writes.first_time(current_user, name, {"path": request.path, "sent": sent}, now())


def _settle() -> None:
    ledger.settle(open_book(current_user, today()))


def _said(fields: Fields) -> dict:
    return {
        "commitment_id": fields.the("commitment", an_id),
        "date": fields.maybe("date", a_day),
        "reply": fields.the("answer", _reply),
        "nature": fields.maybe("nature", one_of(Nature)),
        "told": bool(fields.maybe("told", boolean)),
        "note": fields.maybe("note", words(NOTE_LENGTH)) or None,
        "answered_at": _given_at(fields),
    }


def _lapse(fields: Fields) -> LapseSent:
    return LapseSent(
        date=fields.maybe("date", a_day),
        nature=fields.the("nature", one_of(Nature)),
        told=bool(fields.maybe("told", boolean)),
        note=fields.maybe("note", words(NOTE_LENGTH)) or None,
        person=fields.maybe("person", words(NAME_LENGTH)) or None,
        given_at=_given_at(fields),
    )


def _given_at(fields: Fields) -> datetime:
    return min(fields.maybe("answered_at", an_instant) or now(), now())


def _reply(value, path) -> Reply | None:
    if any_text(value, path) == OPEN:
        return None
    if value not in list(Reply):
        raise wrong(path, " or ".join([*Reply, OPEN]), value)
    return Reply(value)
