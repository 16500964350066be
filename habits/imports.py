"""Files from elsewhere: looked at first, written in on a word, in one go, and undone in one go."""

from dataclasses import dataclass, field
from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from habits import importers, matches, taking_back, writing_in
from habits.archive import parse
from habits.db import db
from habits.importers import kept
from habits.importers.drafts import Circumstances, Draft, Remark
from habits.models.answers import Lapse
from habits.models.commitments import Commitment
from habits.models.imports import FILE_NAME_LENGTH, Import, PastAnswer
from habits.problems import Refused, Unknown
from habits.trust.history import Cadence, Pillar, Reply
from habits.writing_in import Way


@dataclass(frozen=True)
class Choice:
    """What the leader wants of one commitment of a file; None leaves it as the file has it."""

    taken: bool = True
    pillar: Pillar | None = None
    intention: str | None = None


@dataclass(frozen=True)
class Choices:
    """What the leader wants of a file; `of` holds what differs, by the file's ids."""

    counts: bool = False
    settings: bool = False  # take the name, zone and the like over
    of: dict[str, Choice] = field(default_factory=dict)


@dataclass(frozen=True)
class Seen:
    """One commitment of a file before it is written in."""

    id: str
    title: str
    pillar: Pillar
    intention: str
    cadence: Cadence
    kept: int
    broken: int
    released: int
    first: date | None
    last: date | None
    here: int  # answers that are here already
    is_here: bool
    is_others: bool
    remarks: tuple[Remark, ...]


def look(leader, data: bytes, file_name: str, zone: str, today: date, now: datetime) -> Import:
    """Keep what a file says until the leader has decided. Raises HistoryError, in one line."""
    draft = importers.read(data, Circumstances(zone, today))
    db.session.execute(delete(Import).where(*_pending(leader)))
    row = Import(
        leader_id=leader.id,
        source=draft.source,
        file_name=file_name[:FILE_NAME_LENGTH],
        draft=draft.stored(),
        created_at=now,
    )
    db.session.add(row)
    db.session.flush()
    return row


def of(leader) -> list[Import]:
    """What was written in, latest first."""
    query = select(Import).where(Import.leader_id == leader.id, Import.written_at.is_not(None))
    return list(db.session.scalars(query.order_by(Import.id.desc())))


def past(leader) -> dict[date, list[PastAnswer]]:
    """The answers from before, which count nowhere, by day."""
    query = select(PastAnswer).where(PastAnswer.leader_id == leader.id)
    found: dict[date, list[PastAnswer]] = {}
    for row in db.session.scalars(query.order_by(PastAnswer.date, PastAnswer.id)):
        found.setdefault(row.date, []).append(row)
    return found


def find(leader, import_id: int) -> Import:
    """One of the leader's. Raises Unknown."""
    query = select(Import).where(Import.leader_id == leader.id, Import.id == import_id)
    row = db.session.scalar(query)
    if row is None:
        raise Unknown(import_id)
    return row


def seen(leader, draft: Draft, today: date) -> list[Seen]:
    """What each commitment of the draft would bring of the days up to `today`."""
    here = matches.find(leader, draft)
    parsed = parse(draft.document)
    answers: dict[str, list[dict]] = {}
    for answer in draft.document["answers"]:
        if answer["date"] <= today.isoformat():
            answers.setdefault(answer["commitment"], []).append(answer)
    return [_seen(draft, one, answers.get(one.id, []), here) for one in parsed.history.commitments]


def is_all_here(seen: list[Seen], beside: tuple[int, int]) -> bool:
    """Whether a file with these commitments, and so much that is new beside them, adds nothing."""
    answers_here = (
        one.is_here and one.kept + one.broken + one.released == one.here for one in seen
    )
    return all(answers_here) and beside == (0, 0)


def defaults(leader, draft: Draft) -> Choices:
    """What is offered at first: Kept's own history counts, and settings come with a whole one."""
    is_kept = draft.source == kept.SOURCE
    of = {name: Choice(taken=False) for name in draft.others}
    return Choices(is_kept, is_kept and _is_blank(leader), of)


def write(leader, row: Import, choices: Choices, today: date, now: datetime) -> Import:
    """Write the file in. Raises Refused; the caller's rollback then leaves nothing behind."""
    if row.draft is None:
        raise Refused("key", _l("This file has already been imported."))
    draft = _chosen(Draft.of_stored(row.draft), choices)
    way = Way(draft, choices.counts, choices.settings)
    target = writing_in.write(leader, row.id, way, today, now)
    row.made, row.aside = target.noted(), target.aside or None
    row.draft, row.written_at = None, now
    return row


def undo(leader, row: Import, today: date, now: datetime) -> None:
    """As if it had never been. Raises Refused once something stands on it."""
    if row.written_at is None:
        db.session.delete(row)
        return
    if row.undone_at is None:
        taking_back.take_back(leader, row, today, now)
        row.made = row.aside = None
        row.undone_at = now


def is_all_retired(leader, row: Import) -> bool:
    """Whether it brought commitments and none of them holds, as when there would be too many."""
    ids = row.made["commitments"] if row.made else []
    query = select(Commitment.id).where(
        Commitment.leader_id == leader.id,
        Commitment.id.in_(ids),
        Commitment.retired_on.is_(None),
    )
    return bool(ids) and db.session.scalar(query.limit(1)) is None


def _is_blank(leader) -> bool:
    """Whether nothing was promised or recorded yet."""
    models = (Commitment, Lapse)
    return not any(
        db.session.scalar(select(model.id).where(model.leader_id == leader.id).limit(1))
        for model in models
    )


def _pending(leader):
    return Import.leader_id == leader.id, Import.written_at.is_(None)


def _seen(draft: Draft, one, answers: list[dict], here: matches.Matches) -> Seen:
    replies = [Reply(answer["answer"]) for answer in answers]
    days = [date.fromisoformat(answer["date"]) for answer in answers]
    return Seen(
        id=one.id,
        title=one.title,
        pillar=one.pillar,
        intention=one.intention,
        cadence=one.cadence,
        kept=replies.count(Reply.KEPT),
        broken=replies.count(Reply.BROKEN),
        released=replies.count(Reply.RELEASED),
        first=min(days, default=None),
        last=max(days, default=None),
        here=sum(map(here.is_here, answers)),
        is_here=one.id in here.commitments,
        is_others=one.id in draft.others,
        remarks=tuple(draft.of.get(one.id, ())),
    )


def _chosen(draft: Draft, choices: Choices) -> Draft:
    """The draft as the leader wants it: without what is not taken, in the chosen words."""
    document = draft.document
    kept_ones = []
    for one in document["commitments"]:
        choice = choices.of.get(one["id"], Choice())
        if choice.taken:
            changes = {"pillar": choice.pillar and choice.pillar.value}
            changes["intention"] = choice.intention
            kept_ones.append(one | {k: v for k, v in changes.items() if v is not None})
    names = {one["id"] for one in kept_ones}
    draft.document = document | {
        "commitments": kept_ones,
        "answers": [one for one in document["answers"] if one["commitment"] in names],
    }
    return draft
