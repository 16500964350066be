"""A draft written into a leader's account: commitments, what was said of them, and the rest."""

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from habits import days, leader_settings, ledger, matches, reminders, spans
from habits.archive import parse
from habits.book import value
from habits.days import DAY
from habits.db import db
from habits.importers import kept
from habits.importers.drafts import Draft
from habits.models.answers import Answer, Lapse
from habits.models.commitments import Commitment, TimeOff
from habits.problems import Refused
from habits.sections import SECTIONS, before, pulses
from habits.sections.shapes import Known, an_instant
from habits.targets import Target
from habits.trust.history import Commitment as Promised
from habits.trust.history import History, Nature, Reply
from habits.trust.history import TimeOff as Off
from habits.trust.plan import Plan

MOST_PROMISES = 60_000  # that may count: more would keep the leader waiting for minutes


@dataclass(frozen=True)
class Way:
    """How one file is written in."""

    draft: Draft
    counts: bool
    takes_settings: bool

    @property
    def is_kept(self) -> bool:
        return self.draft.source == kept.SOURCE


def write(leader, import_id: int, way: Way, today: date, now: datetime) -> Target:
    """Write it in and fold the account anew; what is here already stays. Raises Refused."""
    here = matches.find(leader, way.draft)
    kept_aside = before.aside_of(leader) | {pulses.KEY: pulses.of(leader)}
    target = Target(
        leader, import_id, today, now, here.answered, way.counts, way.takes_settings, kept_aside
    )
    if way.takes_settings:
        target.old_settings = leader_settings.take_over(leader, way.draft.document["leader"])
        target.today = today = days.local_date(now, leader.timezone, leader.day_start)
    _pick(target, way, here)
    _lapses(target, way)
    _time_off(target, way)
    db.session.flush()
    _sections(target, way)
    _answer(target, way, here)
    if not way.is_kept or not way.counts:
        _release(target, way)
    target.flush()
    ledger.refold(leader, today)
    if way.takes_settings:
        reminders.reckon(leader, now)
    return target


def _pick(target: Target, way: Way, here: matches.Matches) -> None:
    """A commitment for each that is not here."""
    document = way.draft.document
    values = {one.id: one for one in parse(document).history.commitments}
    new = [one for one in document["commitments"] if one["id"] not in here.commitments]
    rule = spans.rule(target.leader, new, way.counts, target.today)
    names = {one["id"] for one in document["commitments"]}
    target.commitments = {n: row for n, row in here.commitments.items() if n in names}
    position = _last_position(target.leader)
    for place, one in enumerate(new, 1):
        row = _row(values[one["id"]], *rule.of(one))
        row.position, row.created_at = position + place, target.now
        person = target.person(one.get("person"))
        row.person_id = person.id if person else None
        target.add(row)
        target.fresh.add(one["id"])
        target.commitments[one["id"]] = row
    _check_length(target, [target.commitments[name] for name in target.fresh])
    db.session.flush()
    for name in target.commitments:
        for origin in way.draft.origins[name]:
            target.name_origin(name, origin)


def _row(one: Promised, picked_on: date, retired_on: date | None) -> Commitment:
    cadence = one.cadence
    return Commitment(
        title=" ".join(one.title.split()),
        intention=" ".join(one.intention.split()),
        pillar=one.pillar,
        kind=cadence.kind,
        weekdays=sorted(cadence.days) or None,
        times=cadence.times,
        once_on=cadence.date,
        picked_on=picked_on,
        retired_on=retired_on,
    )


def _last_position(leader) -> int:
    query = select(db.func.max(Commitment.position)).where(Commitment.leader_id == leader.id)
    return db.session.scalar(query) or 0


def _check_length(target: Target, rows: list[Commitment]) -> None:
    ends = [min(row.retired_on or target.today, target.today) for row in rows]
    spans_in_days = [(end - row.picked_on).days for end, row in zip(ends, rows, strict=True)]
    if sum(max(0, one) for one in spans_in_days) > MOST_PROMISES:
        raise Refused(
            "counts",
            _l(
                "That is more history than Kept can count. Leave some out, or let the account "
                "start today."
            ),
        )


def _lapses(target: Target, way: Way) -> None:
    """The lapses that are not here; where history does not count they are put aside."""
    known = matches.lapses(target.leader)
    for one in way.draft.document.get("lapses", []):
        same = known.get(matches.lapse(one))
        if same:
            target.lapses.append(same.pop(0))
        elif way.counts:
            target.lapses.append(_lapse(target, one))
        else:
            target.put_aside({"lapses": [one]})
            target.lapses.append(None)


def _lapse(target: Target, one: dict) -> Lapse:
    person, day = target.person(one.get("person")), date.fromisoformat(one["date"])
    row = Lapse(
        date=day,
        nature=Nature(one["nature"]),
        told=bool(one.get("told")),
        note=one.get("note"),
        person_id=person.id if person else None,
        recorded_at=_at(target, one.get("recorded_at"), day),
    )
    target.add(row)
    return row


def _time_off(target: Target, way: Way) -> None:
    """The time off that is not here; put aside where a promise of it was answered here."""
    said = way.draft.document.get("time_off", [])
    known = matches.times_off(target.leader)
    answered = set(
        db.session.scalars(
            select(Answer.date).where(Answer.leader_id == target.leader.id).distinct()
        )
    )
    for one in said:
        first, last = matches.stretch(one)
        if known[first, last] > 0:
            known[first, last] -= 1
        elif not way.counts or any(first <= day <= last for day in answered):
            target.put_aside({"time_off": [one]})
        else:
            declared = _at(target, one.get("declared_at"), first)
            target.add(TimeOff(first=first, last=last, declared_at=declared))


def _sections(target: Target, way: Way) -> None:
    document = way.draft.document
    known = Known(frozenset(way.draft.origins), len(document.get("lapses", [])))
    for section in SECTIONS:
        if document.get(section.KEY) is not None:
            section.restore(section.read(document[section.KEY], section.KEY, known), target)


def _answer(target: Target, way: Way, here: matches.Matches) -> None:
    """The answers that are not here: as counting ones where they can be, else from before."""
    plan = _plan(target)
    for one in way.draft.document["answers"]:
        if here.is_here(one):
            continue
        row, day = target.commitments[one["commitment"]], date.fromisoformat(one["date"])
        nature = Nature(one["nature"]) if one.get("nature") else None
        broken = {"nature": nature, "told": bool(one.get("told"))}
        reply, note = Reply(one["answer"]), one.get("note")
        if day > target.today:
            continue
        is_due = way.counts and day >= row.picked_on and plan.can_be_due(row.id, day)
        if is_due:
            at = one.get("answered_at")
            target.say(row.id, day, reply, note, _at(target, at, day), **broken)
        elif not (way.is_kept and way.counts and day >= row.picked_on):
            target.keep_past(one["commitment"], day, reply, note=note, **broken)


def _release(target: Target, way: Way) -> None:
    """What had no mark elsewhere before today is released: nobody asked for it."""
    plan = _plan(target, target.said())
    fresh = [target.commitments[name] for name in target.fresh]
    begins = min((row.picked_on for row in fresh), default=target.today)
    ids = {row.id for row in fresh}
    day = begins
    while day < target.today:
        for promise in plan.promises(day, target.today):
            if promise.answer is None and promise.commitment.id in ids:
                target.release(promise.commitment.id, day)
        day += DAY


def _plan(target: Target, answers=()) -> Plan:
    off = select(TimeOff).where(
        TimeOff.leader_id == target.leader.id, TimeOff.withdrawn_at.is_(None)
    )
    return Plan(
        History(
            week_start=target.leader.week_start,
            commitments=tuple(value(row) for row in target.commitments.values()),
            answers=tuple(answers),
            time_off=tuple(Off(row.first, row.last) for row in db.session.scalars(off)),
        )
    )


def _at(target: Target, said: str | None, day: date) -> datetime:
    at = an_instant(said, "") if said else target.noon(day)
    return min(at, target.now)
