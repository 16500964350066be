"""What a leader said: answers to promises, lapses outside one, and telling people later."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from habits.db import Instant, db
from habits.models.columns import KEY_LENGTH, Id, LeaderId, word
from habits.models.leaders import PersonId
from habits.trust.history import Nature, Reply

NOTE_LENGTH = 1000


class Answer(db.Model):
    """One answer as it was given; never changed. The latest `answered_at` of a promise counts."""

    __tablename__ = "answers"
    __table_args__ = (
        UniqueConstraint("leader_id", "key"),
        Index("ix_answers_leader_id_date", "leader_id", "date"),
        Index("ix_answers_commitment_id_date", "commitment_id", "date"),
    )

    id: Mapped[Id]
    leader_id: Mapped[int] = mapped_column(ForeignKey("leaders.id", ondelete="CASCADE"))
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitments.id", ondelete="CASCADE"))
    date: Mapped[date]
    reply: Mapped[Reply | None] = mapped_column(word(Reply))  # None: taken back
    nature: Mapped[Nature | None] = mapped_column(word(Nature))
    told: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None] = mapped_column(Text)
    key: Mapped[str] = mapped_column(String(KEY_LENGTH))
    answered_at: Mapped[datetime] = mapped_column(Instant)
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class Lapse(db.Model):
    """A lapse outside a promise."""

    __tablename__ = "lapses"
    __table_args__ = (Index("ix_lapses_leader_id_date", "leader_id", "date"),)

    id: Mapped[Id]
    leader_id: Mapped[int] = mapped_column(ForeignKey("leaders.id", ondelete="CASCADE"))
    date: Mapped[date]
    nature: Mapped[Nature] = mapped_column(word(Nature))
    told: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None] = mapped_column(Text)
    person_id: Mapped[PersonId | None]
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)


class Telling(db.Model):
    """The person was told after the day was fixed: on record, and moves nothing."""

    __tablename__ = "tellings"

    id: Mapped[Id]
    leader_id: Mapped[LeaderId]
    commitment_id: Mapped[int | None] = mapped_column(
        ForeignKey("commitments.id", ondelete="CASCADE"), index=True
    )
    date: Mapped[date]
    lapse_id: Mapped[int | None] = mapped_column(ForeignKey("lapses.id", ondelete="CASCADE"))
    told_at: Mapped[datetime] = mapped_column(Instant)
