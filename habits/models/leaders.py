"""Who signs in, and the people they lead."""

from datetime import datetime, time
from typing import Annotated

from flask_login import UserMixin
from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from habits.db import Instant, db
from habits.models.columns import Id, LeaderId

NAME_LENGTH = 60


class Leader(UserMixin, db.Model):
    """One leader and how they want to be addressed, timed and shown."""

    __tablename__ = "leaders"

    id: Mapped[Id]
    handle: Mapped[bytes] = mapped_column(unique=True)  # what a passkey calls its owner
    opaque: Mapped[str] = mapped_column(String(32), unique=True)  # how a device tells two apart
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    timezone: Mapped[str] = mapped_column(String(64))
    locale: Mapped[str] = mapped_column(String(16), default="en")
    day_start: Mapped[int] = mapped_column(default=3)
    week_start: Mapped[int] = mapped_column(default=1)
    theme: Mapped[str] = mapped_column(String(8), default="system")
    ask_at: Mapped[time | None]  # evening, local; None until picking has asked
    reminder_titles: Mapped[bool] = mapped_column(default=False)  # on the lock screen
    codes_at: Mapped[datetime | None] = mapped_column(Instant)  # when recovery codes were made
    created_at: Mapped[datetime] = mapped_column(Instant)

    people: Mapped[list["Person"]] = relationship(back_populates="leader", order_by="Person.name")


class Person(db.Model):
    """Someone who is promised something: a name or an alias, known to this leader only."""

    __tablename__ = "people"
    __table_args__ = (UniqueConstraint("leader_id", "name"),)

    id: Mapped[Id]
    leader_id: Mapped[LeaderId]
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    created_at: Mapped[datetime] = mapped_column(Instant)

    leader: Mapped[Leader] = relationship(back_populates="people")


PersonId = Annotated[int, mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)]
