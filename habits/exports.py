"""The whole record of a leader as one kept-history document: what import reads again."""

import json

from habits import records
from habits.archive import FORMAT, VERSION
from habits.book import value
from habits.models.answers import Answer, Lapse
from habits.models.commitments import Commitment, TimeOff
from habits.records import Record, cadence, day, instant
from habits.sections import SECTIONS
from habits.trust.account import VERSION as TRUST_VERSION
from habits.trust.history import Reply


def document(leader) -> dict:
    """The leader's history as a JSON document (history-format, version 1)."""
    record = records.of(leader)
    return {
        "format": FORMAT,
        "version": VERSION,
        "trust_version": TRUST_VERSION,
        "leader": _leader(leader),
        "commitments": [_commitment(record, row) for row in record.commitments],
        "answers": [_answer(record, row) for row in _counting(record)],
        "lapses": [_lapse(record, row) for row in record.lapses],
        "time_off": [_time_off(row) for row in record.time_off],
        **{section.KEY: said for section in SECTIONS if (said := section.write(record))},
    }


def to_bytes(document: dict) -> bytes:
    """The document as a file: UTF-8, one field a line."""
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _leader(leader) -> dict:
    return {
        "name": leader.name,
        "timezone": leader.timezone,
        "day_start": leader.day_start,
        "week_start": leader.week_start,
        "locale": leader.locale,
    }


def _commitment(record: Record, row: Commitment) -> dict:
    return {
        "id": record.names[row.id],
        "title": row.title,
        "pillar": row.pillar.value,
        "intention": row.intention,
        "person": record.person(row.person_id),
        "cadence": cadence(value(row).cadence),
        "picked_on": day(row.picked_on),
        "retired_on": day(row.retired_on),
    }


def _counting(record: Record) -> list[Answer]:
    """The answers that stand, by date and then in the commitments' order."""
    order = {row.id: place for place, row in enumerate(record.commitments)}
    standing = [row for row in record.latest.values() if row.reply is not None]
    return sorted(standing, key=lambda row: (row.date, order[row.commitment_id]))


def _answer(record: Record, row: Answer) -> dict:
    said = {
        "commitment": record.names[row.commitment_id],
        "date": day(row.date),
        "answer": row.reply.value,
    }
    if row.reply is Reply.BROKEN:
        said |= {"nature": row.nature and row.nature.value, "told": row.told}
    return said | {"note": row.note, "answered_at": instant(row.answered_at)}


def _lapse(record: Record, row: Lapse) -> dict:
    return {
        "date": day(row.date),
        "nature": row.nature.value,
        "told": row.told,
        "note": row.note,
        "person": record.person(row.person_id),
        "recorded_at": instant(row.recorded_at),
    }


def _time_off(row: TimeOff) -> dict:
    return {
        "first": day(row.first),
        "last": day(row.last),
        "declared_at": instant(row.declared_at),
    }
