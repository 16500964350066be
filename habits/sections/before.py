"""Imported history that does not count: it is shown, kept, and known again."""

import re

from sqlalchemy import select

from habits import likeness
from habits.db import db
from habits.documents import N_, Fields, a_date, any_text, boolean, one_of, wrong
from habits.models.imports import Import, Origin, PastAnswer
from habits.records import Record, day
from habits.sections.shapes import LONGEST_NOTE, Known, at_most
from habits.trust.history import Nature, Reply

KEY = "before"
DIGEST = re.compile(r"[0-9a-f]{64}")
ASIDE = ("lapses", "time_off")  # cannot be shown beside a commitment


def write(record: Record) -> dict:
    """The past answers, what commitments were called where they came from, and what is aside."""
    found = {
        "answers": [_answer(record, row) for row in _past(record)],
        "origins": [
            {"commitment": record.names[row.commitment_id], "origin": row.origin}
            for row in _origins(record)
        ],
        **aside_of(record.leader),
    }
    return {key: said for key, said in found.items() if said}


def read(value, path, known: Known) -> dict:
    """The same, checked; what is aside is only carried along."""
    fields = Fields(value, path)
    found = {
        "answers": fields.each("answers", lambda item, at: _read_answer(item, at, known)),
        "origins": fields.each("origins", lambda item, at: _read_origin(item, at, known)),
        **{key: fields.each(key, _carried) for key in ASIDE},
    }
    fields.no_more()
    return found


def restore(said: dict, target) -> None:
    """Keep what is not kept yet."""
    for answer in said["answers"]:
        target.keep_past(**answer)
    for origin in said["origins"]:
        target.name_origin(origin["commitment"], origin["origin"])
    target.put_aside({key: said[key] for key in ASIDE})


def aside_of(leader, keys: tuple[str, ...] = ASIDE) -> dict[str, list]:
    """What the leader's imports brought and cannot be shown, by key."""
    query = select(Import.aside).where(
        Import.leader_id == leader.id,
        Import.aside.is_not(None),
        Import.undone_at.is_(None),
    )
    kept = list(db.session.scalars(query.order_by(Import.id)))
    return {key: [item for one in kept for item in one.get(key, [])] for key in keys}


def _past(record: Record) -> list[PastAnswer]:
    rows = db.session.scalars(select(PastAnswer).where(PastAnswer.leader_id == record.leader.id))
    order = {row.id: place for place, row in enumerate(record.commitments)}
    return sorted(rows, key=lambda row: (row.date, order[row.commitment_id]))


def _origins(record: Record) -> list[Origin]:
    """By commitment; what a commitment still looks like need not be said."""
    like = likeness.of(record.commitments)
    rows = db.session.scalars(select(Origin).where(Origin.leader_id == record.leader.id))
    told = [row for row in rows if like.get(row.origin) is not _row(record, row)]
    order = {row.id: place for place, row in enumerate(record.commitments)}
    return sorted(told, key=lambda row: (order[row.commitment_id], row.origin))


def _row(record: Record, origin: Origin):
    return next(row for row in record.commitments if row.id == origin.commitment_id)


def _answer(record: Record, row: PastAnswer) -> dict:
    return {
        "commitment": record.names[row.commitment_id],
        "date": day(row.date),
        "answer": row.reply.value,
        "nature": row.nature and row.nature.value,
        "told": row.told,
        "note": row.note,
    }


def _read_answer(value, path: str, known: Known) -> dict:
    fields = Fields(value, path)
    found = {
        "commitment": fields.the("commitment", known.commitment),
        "date": fields.the("date", a_date),
        "reply": fields.the("answer", one_of(Reply)),
        "nature": fields.maybe("nature", one_of(Nature)),
        "told": bool(fields.maybe("told", boolean)),
        "note": fields.maybe("note", at_most(LONGEST_NOTE)),
    }
    fields.no_more()
    return found


def _read_origin(value, path: str, known: Known) -> dict:
    fields = Fields(value, path)
    found = {
        "commitment": fields.the("commitment", known.commitment),
        "origin": fields.the("origin", _digest),
    }
    fields.no_more()
    return found


def _digest(value, path) -> str:
    if not DIGEST.fullmatch(any_text(value, path)):
        raise wrong(path, N_("64 hexadecimal digits"), value)
    return value


def _carried(value, path) -> dict:
    """An object of plain values, none of them long."""
    fields = Fields(value, path)
    for key, item in fields.value.items():
        if item is not None and not isinstance(item, bool):
            at_most(LONGEST_NOTE)(item, f"{path}.{key}")
    return value
