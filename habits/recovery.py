"""Recovery codes: the way back in when every passkey is lost."""

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update

from habits.db import db
from habits.limits import Limit
from habits.models.devices import RecoveryCode
from habits.models.leaders import Leader

CODES = 10
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: nothing that is read as another
LOCATOR_LENGTH = 8
SECRET_LENGTH = 16  # 80 bits
CODE = re.compile(f"[{ALPHABET}]{{{LOCATOR_LENGTH + SECRET_LENGTH}}}")
MISREAD = str.maketrans("OIL", "011")

BY_CODE = Limit("recovery-code", tries=5, per=timedelta(hours=1))
BY_ADDRESS = Limit("recovery-address", tries=20, per=timedelta(hours=1))
IN_ALL = Limit("recovery", tries=1000, per=timedelta(hours=1))


def renew(leader: Leader, pepper: str, now: datetime) -> list[str]:
    """Ten new codes in place of all earlier ones, as the leader reads them; kept nowhere else."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.leader_id == leader.id))
    leader.codes_at = now
    return [_make(leader, locator, pepper, now) for locator in _unused_locators()]


def left(leader: Leader) -> int:
    """How many codes can still be used."""
    query = select(func.count(RecoveryCode.id))
    mine = query.where(RecoveryCode.leader_id == leader.id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(mine)


def locator(typed: str) -> str:
    """What tries of this code are counted by."""
    return _plain(typed)[:LOCATOR_LENGTH]


def use(typed: str, pepper: str, now: datetime) -> Leader | None:
    """Use a code up and give its leader; None for an unknown, wrong or used one alike."""
    code = _plain(typed)
    well_formed = CODE.fullmatch(code) is not None
    place, secret = code[:LOCATOR_LENGTH], code[LOCATOR_LENGTH:]
    leader_id = db.session.scalar(
        update(RecoveryCode)
        .where(
            RecoveryCode.locator == (place if well_formed else ""),
            RecoveryCode.digest == _digest(place, secret, pepper),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
        .returning(RecoveryCode.leader_id)
    )
    return db.session.get(Leader, leader_id) if leader_id is not None else None


def _make(leader: Leader, place: str, pepper: str, now: datetime) -> str:
    secret = _random(SECRET_LENGTH)
    digest = _digest(place, secret, pepper)
    db.session.add(RecoveryCode(leader_id=leader.id, locator=place, digest=digest, created_at=now))
    code = place + secret
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def _unused_locators() -> set[str]:
    found: set[str] = set()
    while len(found) < CODES:
        tried = {_random(LOCATOR_LENGTH) for _ in range(CODES - len(found))}
        query = select(RecoveryCode.locator).where(RecoveryCode.locator.in_(tried))
        found |= tried - set(db.session.scalars(query))
    return found


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _plain(typed: str) -> str:
    return re.sub(r"[\s-]", "", typed).upper().translate(MISREAD)


def _digest(place: str, secret: str, pepper: str) -> str:
    message = f"recovery code\0{place}\0{secret}".encode("utf-8", "replace")
    return hmac.new(pepper.encode(), message, hashlib.sha256).hexdigest()
