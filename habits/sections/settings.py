"""What the leader set, and what commitments and answers bear beside what the account is made of."""

from habits.documents import Fields, a_date, any_text, between, boolean, one_of, wrong
from habits.models.answers import Answer
from habits.models.leaders import NAME_LENGTH, Leader
from habits.records import Record, day, instant
from habits.sections.shapes import LONGEST_NOTE, Known, a_clock, an_instant, at_most
from habits.trust.history import Nature, Reply

KEY = "settings"
THEMES = ("system", "light", "dark")
LAST_STARTER = 10_000


def write(record: Record) -> dict:
    """Theme and evening; all people; each commitment's rest; answers that were changed later."""
    leader: Leader = record.leader
    return {
        "theme": leader.theme,
        "ask_at": leader.ask_at and leader.ask_at.isoformat("minutes"),
        "people": [person.name for person in record.people.values()],
        "commitments": [
            {
                "commitment": record.names[row.id],
                "occasion": row.occasion,
                "ask": row.ask,
                "starter": row.library_id,
            }
            for row in record.commitments
            if row.occasion or row.ask or row.library_id is not None
        ],
        "earlier": [_event(record, row) for row in record.answers if _is_earlier(record, row)],
    }


def read(value, path, known: Known) -> dict:
    """The same, checked."""
    fields = Fields(value, path)
    found = {
        "theme": fields.maybe("theme", _theme),
        "ask_at": fields.maybe("ask_at", a_clock),
        "people": fields.each("people", at_most(NAME_LENGTH)),
        "commitments": fields.each("commitments", lambda item, at: _rest(item, at, known)),
        "earlier": fields.each("earlier", lambda item, at: _read_event(item, at, known)),
    }
    fields.no_more()
    return found


def restore(said: dict, target) -> None:
    """Theme and evening only where the leader's settings are taken over."""
    if target.takes_settings:
        target.leader.theme = said["theme"] or target.leader.theme
        target.leader.ask_at = said["ask_at"] or target.leader.ask_at
    for name in said["people"]:
        target.person(name)
    for rest in said["commitments"]:
        if rest["commitment"] in target.fresh:
            row = target.commitments[rest["commitment"]]
            row.occasion, row.ask = bool(rest["occasion"]), rest["ask"] or ""
            row.library_id = rest["starter"]
    for event in said["earlier"]:
        target.say_earlier(**event)


def _is_earlier(record: Record, row: Answer) -> bool:
    """Whether the file's list of answers does not hold it."""
    return row.reply is None or record.latest[row.commitment_id, row.date] is not row


def _event(record: Record, row: Answer) -> dict:
    return {
        "commitment": record.names[row.commitment_id],
        "date": day(row.date),
        "answer": row.reply and row.reply.value,
        "nature": row.nature and row.nature.value,
        "told": row.told,
        "note": row.note,
        "answered_at": instant(row.answered_at),
    }


def _rest(value, path: str, known: Known) -> dict:
    fields = Fields(value, path)
    found = {
        "commitment": fields.the("commitment", known.commitment),
        "occasion": fields.maybe("occasion", boolean),
        "ask": fields.maybe("ask", at_most(LONGEST_NOTE)),
        "starter": fields.maybe("starter", between(0, LAST_STARTER)),
    }
    fields.no_more()
    return found


def _read_event(value, path: str, known: Known) -> dict:
    fields = Fields(value, path)
    found = {
        "commitment": fields.the("commitment", known.commitment),
        "date": fields.the("date", a_date),
        "reply": fields.maybe("answer", one_of(Reply)),
        "nature": fields.maybe("nature", one_of(Nature)),
        "told": bool(fields.maybe("told", boolean)),
        "note": fields.maybe("note", at_most(LONGEST_NOTE)),
        "answered_at": fields.the("answered_at", an_instant),
    }
    fields.no_more()
    return found


def _theme(value, path) -> str:
    if any_text(value, path) not in THEMES:
        raise wrong(path, " or ".join(THEMES), value)
    return value
