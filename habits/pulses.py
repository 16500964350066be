"""Rounds of the pulse: opened, answered, withdrawn, and what they may show once closed."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from habits import ballots
from habits.ballots import Ballots
from habits.db import db, overwrite_freed
from habits.models.pulses import GROUP_LENGTH, Invitation, Round
from habits.problems import Refused, Unknown
from habits.sessions import digest
from habits.trust import pulse
from habits.trust.pulse import LEAST_INVITED, Result, State, Tally

MOST_INVITED = 60


class Door(StrEnum):
    """What a link leads to."""

    OPEN = "open"
    CLOSED = "closed"
    USED = "used"  # or never made: the two look the same


@dataclass(frozen=True)
class Opened:
    """A link that was looked up; the round is None where nobody made it."""

    door: Door
    round: Round | None = None
    number: int | None = None


@dataclass(frozen=True)
class Shown:
    """A round as its leader may see it; `result` only once it is published."""

    round: Round
    state: State
    result: Result | None
    tallies: tuple[Tally, ...] | None = None  # of a published round, for what is drawn of it


def open_round(leader, group: str, invited: int, secret: str, now: datetime) -> Round:
    """Open a round for seven days. Raises Refused for too few, too many, or too soon."""
    group = _named(group)
    if not LEAST_INVITED <= invited <= MOST_INVITED:
        raise Refused("invited", _too_few_words())
    settle(secret, now)
    wait = opens_next(leader)
    if wait is not None and now < wait:
        raise Refused("group", _l("At most one round in four weeks: people tire of being asked."))
    row = Round(
        leader_id=leader.id,
        group=group,
        seed=secrets.token_hex(16),
        invited=invited,
        opened_at=now,
        closes_at=now + pulse.OPEN_FOR,
    )
    row.sealed = ballots.seal(Ballots.none(invited), secret, row.seed)
    db.session.add(row)
    db.session.flush()
    made = sorted(digest(token) for token in tokens(row, secret))
    db.session.add_all(Invitation(digest=each, round_id=row.id) for each in made)
    db.session.flush()
    return row


def rename(row: Round, group: str) -> None:
    """Call those who are asked something else; what they answered stays. Raises Refused."""
    row.group = _named(group)


def tokens(row: Round, secret: str) -> list[str]:
    """The tokens of a round's links, in the order in which they are handed out."""
    return ballots.tokens(secret, row.seed, row.invited)


def find(leader, round_id: int) -> Round:
    """One of the leader's rounds. Raises Unknown."""
    query = select(Round).where(Round.leader_id == leader.id, Round.id == round_id)
    row = db.session.scalar(query)
    if row is None:
        raise Unknown(round_id)
    return row


def opens_next(leader) -> datetime | None:
    """The instant from which the next round may be opened; None before the first."""
    latest = db.session.scalar(
        select(func.max(Round.opened_at)).where(Round.leader_id == leader.id)
    )
    return pulse.opens_again(latest) if latest else None


def of(leader, secret: str, now: datetime) -> list[Shown]:
    """The leader's rounds, newest first, each beside the published one before it."""
    query = select(Round).where(Round.leader_id == leader.id)
    found, before = [], None
    for row in db.session.scalars(query.order_by(Round.opened_at, Round.id)):
        shown = _shown(row, secret, now, before)
        before = shown.tallies or before
        found.append(shown)
    return found[::-1]


def close_early(row: Round, now: datetime) -> None:
    """Let an open round close a day from now, so that all who want to answer still can.

    Nobody sees an answer sooner for it. Raises Refused where it closes as soon by itself.
    """
    if row.withdrawn_at is not None or row.closes_at - now <= pulse.NOTICE:
        raise Refused("key", _l("It closes by itself within a day."))
    row.closes_at = now + pulse.NOTICE


def close_in_time(row: Round, now: datetime) -> None:
    """Undo that: seven days after all. Raises Refused once it has closed."""
    if now >= row.closes_at:
        raise Refused("key", _l("It has closed meanwhile."))
    row.closes_at = row.opened_at + pulse.OPEN_FOR


def closes_early(row: Round) -> bool:
    """Whether it was said that the round closes before its seven days are over."""
    return row.closes_at < row.opened_at + pulse.OPEN_FOR


def withdraw(row: Round, now: datetime) -> None:
    """End an open round without a result. Raises Refused once it has closed."""
    if now >= row.closes_at:
        raise Refused("key", _l("It has closed by itself in the meantime."))
    row.withdrawn_at = row.withdrawn_at or now


def put_back(row: Round, now: datetime) -> None:
    """Undo a withdrawal. Raises Refused once the seven days are over."""
    if now >= row.closes_at:
        raise Refused("key", _l("Its seven days are over."))
    row.withdrawn_at = None


def look_up(token: str, secret: str, now: datetime) -> Opened:
    """Where a link leads."""
    row = db.session.scalar(_round_of(token))
    return _opened(row, token, secret, now)


def answer(token: str, boxes: tuple[int, ...], secret: str, now: datetime) -> Opened:
    """Count one form, a box an item (0 to 4, or CANNOT_SAY); only a link that is open counts.

    Once it is committed, forget_traces: of two states with the key the answer could be read.
    """
    # Answers to one round wait for each other here, so that a link is used once.
    row = db.session.scalar(_round_of(token).with_for_update(of=Round))
    opened = _opened(row, token, secret, now)
    if opened.door is Door.OPEN:
        overwrite_freed()
        held = ballots.unseal(row.sealed, secret, row.seed)
        row.sealed = ballots.seal(held.with_answer(opened.number, boxes), secret, row.seed)
    return opened


def settle(secret: str, now: datetime) -> int:
    """Keep of every closed round what it may show, and forget which links were used, and too few.

    Returns how many rounds that were: where there are any, forget_traces once it is committed.

    For all leaders: until then a round says the same, from what is sealed. What another secret
    sealed stays as it is: with that secret back it can be read again.
    """
    query = select(Round).where(Round.sealed.is_not(None), Round.closes_at <= now)
    rows = db.session.scalars(query.with_for_update(skip_locked=True)).all()
    shown = [found for row in rows if (found := _shown(row, secret, now)).state is not State.VOID]
    if shown:
        overwrite_freed()
    for each in shown:
        counted = [list(tally.boxes) for tally in each.tallies] if each.tallies else None
        each.round.tallies, each.round.sealed = counted, None
    return len(shown)


def _named(group: str) -> str:
    group = " ".join(group.split())
    if not group:
        raise Refused("group", _l("Say who you are asking."))
    if len(group) > GROUP_LENGTH:
        raise Refused("group", _l("At most %(max)d characters.", max=GROUP_LENGTH))
    return group


def _too_few_words():
    return _l(
        "From %(least)d to %(most)d people: with fewer than six invited nobody is anonymous.",
        least=LEAST_INVITED,
        most=MOST_INVITED,
    )


def _round_of(token: str):
    query = select(Round).join(Invitation, Invitation.round_id == Round.id)
    query = query.where(Invitation.digest == digest(token)).options(joinedload(Round.leader))
    return query.execution_options(populate_existing=True)


def _opened(row: Round | None, token: str, secret: str, now: datetime) -> Opened:
    if row is None:
        return Opened(Door.USED)
    held = ballots.unseal(row.sealed, secret, row.seed) if row.sealed else None
    if row.withdrawn_at is not None or now >= row.closes_at or held is None:
        return Opened(Door.CLOSED, row)
    made = tokens(row, secret)
    number = made.index(token) if token in made else None
    if number is None or held.used[number]:
        return Opened(Door.USED, row)
    return Opened(Door.OPEN, row, number)


def _shown(row: Round, secret: str, now: datetime, before=None) -> Shown:
    tallies = _tallies(row, secret)
    if tallies is None and row.withdrawn_at is None:
        return Shown(row, State.VOID, None)
    tallies = tallies or Ballots.none(row.invited).tallies
    state = pulse.state(tallies, row.closes_at, now, row.withdrawn_at is not None)
    if state is not State.PUBLISHED:
        return Shown(row, state, None)
    return Shown(row, state, pulse.result(tallies, row.invited, before), tallies)


def _tallies(row: Round, secret: str) -> tuple[Tally, ...] | None:
    """What was counted; None where another secret sealed it."""
    if row.tallies:
        return tuple(Tally(tuple(boxes)) for boxes in row.tallies)
    if row.sealed is None:
        return Ballots.none(row.invited).tallies
    held = ballots.unseal(row.sealed, secret, row.seed)
    return held and held.tallies
