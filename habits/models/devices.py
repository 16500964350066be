"""A leader's devices: passkeys, recovery codes, sessions, what opens one, and what reminds one."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from habits.db import Instant, db
from habits.models.columns import Id, LeaderId, word
from habits.models.leaders import Leader
from habits.models.reminders import Kind, Outcome

PASSKEY_NAME_LENGTH = 60
ENDPOINT_LENGTH = 1000


class Scope(StrEnum):
    """What a session may do."""

    FULL = "full"
    ENROL = "enrol"  # add a passkey, and nothing else


class Purpose(StrEnum):
    """What a challenge was made for; an answer to one never serves another."""

    SIGN_UP = "sign_up"
    SIGN_IN = "sign_in"
    ADD = "add"
    CONFIRM = "confirm"


class LinkKind(StrEnum):
    """What a single-use link opens."""

    INVITE = "invite"  # an account
    SIGN_IN = "sign_in"  # this leader's account, made by the host
    DEVICE = "device"  # one more passkey on another device


class Passkey(db.Model):
    """A public key of one of the leader's authenticators."""

    __tablename__ = "passkeys"

    id: Mapped[Id]
    leader_id: Mapped[LeaderId]
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)  # 32 bits without a sign
    synced: Mapped[bool] = mapped_column(default=False)  # a multi-device credential
    backed_up: Mapped[bool] = mapped_column(default=False)
    transports: Mapped[str] = mapped_column(String(100), default="")
    name: Mapped[str] = mapped_column(String(PASSKEY_NAME_LENGTH))
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_used_at: Mapped[datetime] = mapped_column(Instant)

    leader: Mapped[Leader] = relationship()


class RecoveryCode(db.Model):
    """One code: a public locator and a secret of which only an HMAC is kept."""

    __tablename__ = "recovery_codes"

    id: Mapped[Id]
    leader_id: Mapped[LeaderId]
    locator: Mapped[str] = mapped_column(String(16), unique=True)
    digest: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)


class Session(db.Model):
    """One signed-in device; deleting the row signs it out."""

    __tablename__ = "sessions"

    id: Mapped[Id]
    leader_id: Mapped[LeaderId]
    passkey_id: Mapped[int | None] = mapped_column(
        ForeignKey("passkeys.id", ondelete="CASCADE"), index=True
    )
    digest: Mapped[str] = mapped_column(String(64), unique=True)  # SHA-256 of the token
    scope: Mapped[Scope] = mapped_column(word(Scope))
    device: Mapped[str] = mapped_column(String(60), default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_seen_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)  # last fresh passkey
    # the fingerprint of its subscription, so that each page can compare; empty once that is lost
    reminded: Mapped[str | None] = mapped_column(String(64))

    leader: Mapped[Leader] = relationship()


class Subscription(db.Model):
    """Where a device takes reminders, and the keys that only it can read with."""

    __tablename__ = "subscriptions"

    id: Mapped[Id]
    leader_id: Mapped[LeaderId]
    session_id: Mapped[int] = mapped_column(
        ForeignKey("sessions.id", ondelete="CASCADE"), unique=True
    )
    endpoint: Mapped[str] = mapped_column(String(ENDPOINT_LENGTH), unique=True)
    p256dh: Mapped[bytes]
    auth: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(Instant)
    tried_at: Mapped[datetime | None] = mapped_column(Instant)
    came_to: Mapped[Outcome | None] = mapped_column(word(Outcome))  # of the last try
    # what its push service asked to wait for, and the reminder that is sent again then
    waits_until: Mapped[datetime | None] = mapped_column(Instant, index=True)
    waiting: Mapped[Kind | None] = mapped_column(word(Kind))

    session: Mapped[Session] = relationship()


class Challenge(db.Model):
    """One passkey challenge: single use, five minutes, bound to its purpose and its browser."""

    __tablename__ = "challenges"

    id: Mapped[Id]
    ticket: Mapped[str] = mapped_column(String(64), unique=True)  # SHA-256 of the browser's half
    challenge: Mapped[bytes]
    purpose: Mapped[Purpose] = mapped_column(word(Purpose))
    leader_id: Mapped[int | None] = mapped_column(ForeignKey("leaders.id", ondelete="CASCADE"))
    handle: Mapped[bytes | None]  # of the account that a sign-up will make
    created_at: Mapped[datetime] = mapped_column(Instant)


class Link(db.Model):
    """A single-use link; only a digest of its token is kept."""

    __tablename__ = "links"

    id: Mapped[Id]
    kind: Mapped[LinkKind] = mapped_column(word(LinkKind))
    leader_id: Mapped[int | None] = mapped_column(ForeignKey("leaders.id", ondelete="CASCADE"))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
