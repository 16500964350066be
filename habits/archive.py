"""The history file, kept-history version 1: read strictly, so that no wrong number comes of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from habits.documents import (
    N_,
    Fields,
    HistoryError,
    a_date,
    a_list,
    any_text,
    between,
    boolean,
    exactly,
    load,
    no_commitment,
    one_of,
    shown,
    text,
    zone,
)
from habits.trust.account import VERSION as TRUST_VERSION
from habits.trust.history import (
    Answer,
    Cadence,
    CadenceKind,
    Commitment,
    History,
    Lapse,
    Nature,
    Pillar,
    Reply,
    TimeOff,
)
from habits.trust.plan import Plan

FORMAT = "kept-history"
VERSION = 1
EXPORT_ONLY = frozenset(
    ("before", "successors", "told_later", "weeks", "questions")
    + ("announced", "repairs", "reminders", "pulses", "settings")
)


@dataclass(frozen=True, slots=True)
class Leader:
    """Whose history it is; None where the file does not say."""

    name: str | None
    timezone: str | None
    day_start: int | None
    week_start: int
    locale: str | None


@dataclass(frozen=True, slots=True)
class Stray:
    """An answer on a date on which its commitment cannot be due; it counts nowhere."""

    path: str
    answer: Answer

    def __str__(self):
        commitment, day = shown(self.answer.commitment), self.answer.date.isoformat()
        return f"{self.path}: {commitment} cannot be due on {day}; the answer is left out"


@dataclass(frozen=True, slots=True)
class ParsedHistory:
    """A file's leader, its history without the stray answers, and these."""

    leader: Leader
    history: History
    strays: tuple[Stray, ...]


def read(data: bytes) -> ParsedHistory:
    """The history in the bytes of a file; HistoryError if it is malformed."""
    return parse(load(data))


def parse(document: object) -> ParsedHistory:
    """The history in a JSON document; HistoryError names the first field that is wrong."""
    top = Fields(document, "")
    top.the("format", exactly(FORMAT))
    top.the("version", exactly(VERSION))
    top.maybe("trust_version", exactly(TRUST_VERSION))
    leader = top.the("leader", _leader)
    commitments = top.each("commitments", _commitment)
    answers = top.each("answers", _answer)
    lapses = top.each("lapses", _lapse)
    time_off = top.each("time_off", _time_off)
    top.no_more(EXPORT_ONLY)
    _refuse_repeated_ids(commitments)
    _refuse_bad_references(answers, commitments)
    return _without_strays(
        leader,
        History(
            leader.week_start, tuple(commitments), tuple(answers), tuple(lapses), tuple(time_off)
        ),
    )


def _leader(value, path):
    fields = Fields(value, path)
    leader = Leader(
        name=fields.maybe("name", text),
        timezone=fields.maybe("timezone", zone),
        day_start=fields.maybe("day_start", between(0, 6)),
        week_start=fields.the("week_start", between(1, 7)),
        locale=fields.maybe("locale", text),
    )
    fields.no_more()
    return leader


def _commitment(value, path):
    fields = Fields(value, path)
    commitment = Commitment(
        id=fields.the("id", any_text),
        pillar=fields.the("pillar", one_of(Pillar)),
        cadence=fields.the("cadence", _cadence),
        picked_on=fields.the("picked_on", a_date),
        retired_on=fields.maybe("retired_on", a_date),
        person=fields.maybe("person", text),
        title=fields.maybe("title", text) or "",
        intention=fields.maybe("intention", text) or "",
    )
    fields.no_more()
    if commitment.retired_on is not None and commitment.retired_on < commitment.picked_on:
        retired, picked = commitment.retired_on, commitment.picked_on
        raise HistoryError(
            N_(
                "%(where)s: %(last)s is before picked_on, %(first)s",
                where=f"{path}.retired_on",
                last=retired,
                first=picked,
            )
        )
    return commitment


def _cadence(value, path):
    fields = Fields(value, path)
    kind = fields.the("kind", one_of(CadenceKind))
    cadence = CADENCES[kind](fields)
    fields.none_of("days", "times", "date")
    fields.no_more()
    return cadence


CADENCES: dict[CadenceKind, Callable[["Fields"], Cadence]] = {
    CadenceKind.DAILY: lambda fields: Cadence.daily(),
    CadenceKind.WEEKDAYS: lambda fields: Cadence.weekdays(fields.the("days", _weekdays)),
    CadenceKind.PER_WEEK: lambda fields: Cadence.per_week(fields.the("times", between(1, 6))),
    CadenceKind.ONCE: lambda fields: Cadence.once(fields.the("date", a_date)),
}


def _weekdays(value, path):
    items = a_list(value, path)
    found = [between(1, 7)(item, f"{path}[{index}]") for index, item in enumerate(items)]
    if not found:
        raise HistoryError(
            N_("%(where)s: expected at least one weekday, not an empty list", where=path)
        )
    for index, weekday in enumerate(found):
        if weekday in found[:index]:
            raise HistoryError(
                N_("%(where)s: %(day)s stands there twice", where=f"{path}[{index}]", day=weekday)
            )
    return found


def _answer(value, path):
    fields = Fields(value, path)
    commitment = fields.the("commitment", any_text)
    day = fields.the("date", a_date)
    reply = fields.the("answer", one_of(Reply))
    if reply is not Reply.BROKEN:
        why = N_("stands only with broken, not with %(answer)s", answer=reply)
        fields.none_of("nature", why=why)
        if fields.value.get("told") is not False:  # which is as good as null
            fields.none_of("told", why=why)
    nature = fields.maybe("nature", one_of(Nature))
    told = bool(fields.maybe("told", boolean))
    fields.maybe("note", text)
    fields.no_more({"answered_at"})
    return Answer(commitment, day, reply, nature, told)


def _lapse(value, path):
    fields = Fields(value, path)
    lapse = Lapse(
        date=fields.the("date", a_date),
        nature=fields.the("nature", one_of(Nature)),
        told=bool(fields.maybe("told", boolean)),
        person=fields.maybe("person", text),
        note=fields.maybe("note", text),
    )
    fields.no_more({"recorded_at"})
    return lapse


def _time_off(value, path):
    fields = Fields(value, path)
    first, last = fields.the("first", a_date), fields.the("last", a_date)
    fields.no_more({"declared_at"})
    if last < first:
        where = f"{path}.last"
        raise HistoryError(
            N_(
                "%(where)s: %(last)s is before first, %(first)s",
                where=where,
                last=last,
                first=first,
            )
        )
    return TimeOff(first, last)


def _refuse_repeated_ids(commitments):
    seen = set()
    for index, commitment in enumerate(commitments):
        if commitment.id in seen:
            where = f"commitments[{index}].id"
            raise HistoryError(
                N_("%(where)s: %(id)s is there twice", where=where, id=shown(commitment.id))
            )
        seen.add(commitment.id)


def _refuse_bad_references(answers, commitments):
    known = {commitment.id for commitment in commitments}
    seen = set()
    for index, answer in enumerate(answers):
        if answer.commitment not in known:
            raise no_commitment(f"answers[{index}].commitment", answer.commitment)
        if (answer.commitment, answer.date) in seen:
            raise HistoryError(
                N_(
                    "%(where)s: %(id)s has another answer on %(day)s",
                    where=f"answers[{index}].date",
                    id=shown(answer.commitment),
                    day=answer.date,
                )
            )
        seen.add((answer.commitment, answer.date))


def _without_strays(leader, history):
    lost = set(Plan(history).stray_answers())
    strays = tuple(
        Stray(f"answers[{index}].date", answer)
        for index, answer in enumerate(history.answers)
        if answer in lost
    )
    answers = tuple(answer for answer in history.answers if answer not in lost)
    return ParsedHistory(leader, replace(history, answers=answers), strays)
