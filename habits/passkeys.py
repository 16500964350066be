"""Passkeys: the two ceremonies, and what Kept asks of them beyond the library."""

import hashlib
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select
from sqlalchemy.orm import contains_eager

from habits import links
from habits.db import db, insert
from habits.models.devices import (
    PASSKEY_NAME_LENGTH,
    Challenge,
    Passkey,
    Purpose,
    Scope,
    Session,
)
from habits.models.leaders import Leader
from habits.problems import Refused, Unknown
from habits.sites import LIFETIME, LONGEST_ID, Rejected, Site, UnknownPasskey, as_text

log = logging.getLogger("kept")

HANDLE_BYTES = 32


@dataclass(frozen=True)
class Asked:
    """A challenge that was made here and is now used up."""

    challenge: bytes
    leader_id: int | None
    handle: bytes | None


def sign_up_options(site: Site, browser: str, name: str, now: datetime) -> dict:
    """What a browser needs to make the first passkey of an account that does not exist yet."""
    handle = secrets.token_bytes(HANDLE_BYTES)
    challenge = _ask(browser, Purpose.SIGN_UP, now, handle=handle)
    return _ceremonies().creation(site, challenge, handle, name, [])


def add_options(site: Site, browser: str, leader: Leader, now: datetime) -> dict:
    """What a browser needs to make one more passkey for this leader."""
    challenge = _ask(browser, Purpose.ADD, now, leader_id=leader.id)
    return _ceremonies().creation(site, challenge, leader.handle, leader.name, of(leader))


def sign_in_options(site: Site, browser: str, now: datetime) -> dict:
    """What a browser needs to offer whichever passkeys it has for this domain."""
    return _ceremonies().request(site, _ask(browser, Purpose.SIGN_IN, now), [])


def confirm_options(site: Site, browser: str, leader: Leader, now: datetime) -> dict:
    """What a browser needs to ask for one of this leader's passkeys again."""
    challenge = _ask(browser, Purpose.CONFIRM, now, leader_id=leader.id)
    return _ceremonies().request(site, challenge, of(leader))


def take(answer, browser: str, purpose: Purpose, leader_id: int | None, now: datetime) -> Asked:
    """Use up the challenge that is answered. The caller commits before it verifies.

    Raises Rejected unless it was made for this browser, purpose and leader within five minutes.
    """
    ticket = _ticket(browser, _ceremonies().challenge_in(answer))
    query = delete(Challenge).where(Challenge.ticket == ticket)
    row = db.session.execute(
        query.returning(
            Challenge.challenge,
            Challenge.purpose,
            Challenge.leader_id,
            Challenge.handle,
            Challenge.created_at,
        )
    ).one_or_none()
    if row is None:
        raise Rejected("no such challenge")
    if now - row.created_at >= LIFETIME:
        raise Rejected("challenge expired")
    if (row.purpose, row.leader_id) != (purpose, leader_id):
        raise Rejected("challenge was made for something else")
    return Asked(row.challenge, row.leader_id, row.handle)


def verify_new(site: Site, asked: Asked, answer) -> dict:
    """The columns of the passkey that an authenticator made for `asked`. Raises Rejected."""
    return _ceremonies().made(site, asked.challenge, answer)


def add(leader: Leader, fresh: dict, name: str, now: datetime) -> Passkey:
    """Give the leader this passkey. Raises Rejected where its id is taken."""
    row = insert(Passkey).values(
        leader_id=leader.id,
        **fresh,
        name=name[:PASSKEY_NAME_LENGTH],
        created_at=now,
        last_used_at=now,
    )
    row = row.on_conflict_do_nothing(index_elements=["credential_id"]).returning(Passkey)
    passkey = db.session.scalar(row)
    if passkey is None:
        raise Rejected("credential id is taken")
    return passkey


def recognise(site: Site, asked: Asked, answer, now: datetime) -> Passkey:
    """The passkey that answered `asked`, with its leader. Raises Rejected, UnknownPasskey."""
    ceremonies = _ceremonies()
    credential = ceremonies.shown(answer)
    passkey = _find(credential.raw_id)
    if passkey is None:
        raise UnknownPasskey(as_text(credential.raw_id))
    _check_owner(asked, passkey, credential.response.user_handle)
    shown = ceremonies.verified(site, asked.challenge, credential, passkey)
    if ceremonies.is_synced(shown) != passkey.synced:
        raise Rejected("backup eligibility changed")
    if shown.new_sign_count < passkey.sign_count:
        log.warning("passkey %d counts backwards", passkey.id)
    passkey.sign_count = shown.new_sign_count
    passkey.backed_up = shown.credential_backed_up
    passkey.last_used_at = now
    return passkey


def of(leader: Leader) -> list[Passkey]:
    """The leader's passkeys, oldest first."""
    query = select(Passkey).where(Passkey.leader_id == leader.id)
    return list(db.session.scalars(query.order_by(Passkey.id)))


def get(leader: Leader, passkey_id: int) -> Passkey:
    """One of the leader's passkeys. Raises Unknown."""
    query = select(Passkey).where(Passkey.leader_id == leader.id, Passkey.id == passkey_id)
    passkey = db.session.scalar(query)
    if passkey is None:
        raise Unknown("passkey")
    return passkey


def remove(leader: Leader, passkey_id: int) -> None:
    """Forget a passkey and end the sessions it started. Raises Unknown; Refused for the last."""
    passkey = get(leader, passkey_id)
    count = select(func.count(Passkey.id)).where(Passkey.leader_id == leader.id)
    if db.session.scalar(count) == 1:
        raise Refused("key", _l("This is your only passkey. Add another one first."))
    db.session.execute(delete(Passkey).where(Passkey.id == passkey.id))
    _close_side_doors(leader)


def accepted(site: Site, leader: Leader) -> dict:
    """What the browser's passkey manager may be told: who this is and which passkeys still open."""
    return {
        "rpId": site.domain,
        "userId": as_text(leader.handle),
        "name": leader.name,
        "ids": [as_text(passkey.credential_id) for passkey in of(leader)],
    }


def _close_side_doors(leader: Leader) -> None:
    """What a lost device may have opened to let one more passkey in."""
    enrolling = (Session.leader_id == leader.id, Session.scope == Scope.ENROL)
    db.session.execute(delete(Session).where(*enrolling))
    links.close(leader)


def _ask(browser: str, purpose: Purpose, now: datetime, leader_id=None, handle=None) -> bytes:
    challenge = secrets.token_bytes(32)
    db.session.execute(delete(Challenge).where(Challenge.created_at <= now - LIFETIME))
    db.session.add(
        Challenge(
            ticket=_ticket(browser, challenge),
            challenge=challenge,
            purpose=purpose,
            leader_id=leader_id,
            handle=handle,
            created_at=now,
        )
    )
    return challenge


def _ticket(browser: str, challenge: bytes) -> str:
    """A challenge is found only by the browser that asked for it, in whichever of its tabs."""
    return hashlib.sha256(browser.encode() + b"\0" + challenge).hexdigest()


def _find(credential_id: bytes) -> Passkey | None:
    if len(credential_id) > LONGEST_ID:
        raise Rejected("credential id is too long")
    return db.session.scalar(
        select(Passkey)
        .join(Passkey.leader)
        .options(contains_eager(Passkey.leader))
        .where(Passkey.credential_id == credential_id)
        .with_for_update(of=Passkey)
    )


def _check_owner(asked: Asked, passkey: Passkey, handle: bytes | None) -> None:
    if asked.leader_id not in (None, passkey.leader_id):
        raise Rejected("another leader's passkey")
    # Only where the browser was told which passkeys to use may it leave the owner out.
    if handle is None and asked.leader_id is not None:
        return
    if handle != passkey.leader.handle:
        raise Rejected("the user handle is not the owner's")


@cache
def _ceremonies():
    """What speaks to the library, which takes megabytes and a tenth of a second at each start."""
    return import_module("habits.ceremonies")
