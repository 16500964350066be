"""What happens with people beyond promises: what they said when asked, and their account so far."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from habits.db import Instant, db
from habits.models.columns import Id, LeaderId, word
from habits.models.leaders import PersonId


class Heard(StrEnum):
    """What a person said of a promise, as the leader heard it."""

    SEEN = "seen"
    PARTLY = "partly"
    NOT_YET = "not_yet"


class Question(db.Model):
    """A question that was asked aloud, and what was heard; the newest of a promise counts."""

    __tablename__ = "questions"
    __table_args__ = (Index("ix_questions_leader_id_date", "leader_id", "date"),)

    id: Mapped[Id]
    leader_id: Mapped[int] = mapped_column(ForeignKey("leaders.id", ondelete="CASCADE"))
    commitment_id: Mapped[int] = mapped_column(
        ForeignKey("commitments.id", ondelete="CASCADE"), index=True
    )
    person_id: Mapped[PersonId | None]
    date: Mapped[date]
    heard: Mapped[Heard] = mapped_column(word(Heard))
    line: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)


class PersonDay(db.Model):
    """One person's account at the end of the last stored day that can no longer change."""

    __tablename__ = "person_days"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True
    )
    leader_id: Mapped[LeaderId]
    date: Mapped[date]
    state: Mapped[dict] = mapped_column(JSON)
    counts: Mapped[dict] = mapped_column(JSON)  # standing → how many promises up to then


class Parting(db.Model):
    """What bore a person who was removed or merged, so that it can be taken back; no name."""

    __tablename__ = "partings"

    id: Mapped[Id]
    leader_id: Mapped[LeaderId]
    into_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    links: Mapped[dict] = mapped_column(JSON)  # table → ids
    parted_at: Mapped[datetime] = mapped_column(Instant)
