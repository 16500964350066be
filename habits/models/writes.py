"""The client's key of every write but answers, which bear their own."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from habits.db import Instant, db
from habits.models.columns import KEY_LENGTH


class Write(db.Model):
    """One write that was done: a repeat of its key finds what it made."""

    __tablename__ = "writes"

    leader_id: Mapped[int] = mapped_column(
        ForeignKey("leaders.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(String(KEY_LENGTH), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))  # SHA-256 of what was sent
    made_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(Instant)
