"""Tokens by which a leader's own scripts ask: the API's, of which only a digest is kept."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from habits.db import Instant, db
from habits.models.columns import Id, LeaderId, word
from habits.models.leaders import Leader

TOKEN_NAME_LENGTH = 60


class Reach(StrEnum):
    """What a token may do."""

    READ = "read"
    WRITE = "write"  # reading included


class Token(db.Model):
    """One token; deleting the row revokes it."""

    __tablename__ = "tokens"

    id: Mapped[Id]
    leader_id: Mapped[LeaderId]
    name: Mapped[str] = mapped_column(String(TOKEN_NAME_LENGTH))
    digest: Mapped[str] = mapped_column(String(64), unique=True)  # SHA-256 of the token
    reach: Mapped[Reach] = mapped_column(word(Reach))
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_used_at: Mapped[datetime | None] = mapped_column(Instant)

    leader: Mapped[Leader] = relationship()
