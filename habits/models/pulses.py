"""Rounds of the pulse and their invitations: nothing says who answered, when, or in which order."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from habits.db import Instant, db
from habits.models.columns import Id, LeaderId
from habits.models.leaders import Leader

GROUP_LENGTH = 60


class Round(db.Model):
    """One pulse of one group. Answers are only counted: no row of theirs ever exists.

    While it is open, the counts and the used links are one sealed value of constant length.
    """

    __tablename__ = "rounds"

    id: Mapped[Id]
    leader_id: Mapped[LeaderId]
    group: Mapped[str] = mapped_column(String(GROUP_LENGTH))
    seed: Mapped[str] = mapped_column(String(64))  # with the host's secret it makes the links
    invited: Mapped[int]
    sealed: Mapped[bytes | None]
    # Once published, an item each: ticks of 0 to 4, can't say.
    tallies: Mapped[list[list[int]] | None] = mapped_column(JSON(none_as_null=True))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    closes_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)

    leader: Mapped[Leader] = relationship()


class Invitation(db.Model):
    """A link by its digest; whether it was used stands sealed in its round."""

    __tablename__ = "invitations"
    __table_args__ = {"sqlite_with_rowid": False}

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)  # SHA-256 of the token
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), index=True)
