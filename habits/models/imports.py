"""What was brought from other trackers, and the part of it that does not count."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from habits.db import Instant, db
from habits.models.columns import Id, LeaderId, word
from habits.trust.history import Nature, Reply

FILE_NAME_LENGTH = 120


class Import(db.Model):
    """One file: looked at first, then written in, then perhaps undone."""

    __tablename__ = "imports"

    id: Mapped[Id]
    leader_id: Mapped[LeaderId]
    source: Mapped[str] = mapped_column(String(24))  # the tracker, as habits.importers names it
    file_name: Mapped[str] = mapped_column(String(FILE_NAME_LENGTH))
    draft: Mapped[dict | None] = mapped_column(JSON(none_as_null=True))  # until it is written in
    made: Mapped[dict | None] = mapped_column(JSON(none_as_null=True))  # what an undo takes back
    aside: Mapped[dict | None] = mapped_column(JSON(none_as_null=True))  # cannot be shown, is kept
    created_at: Mapped[datetime] = mapped_column(Instant)
    written_at: Mapped[datetime | None] = mapped_column(Instant)
    undone_at: Mapped[datetime | None] = mapped_column(Instant)


class PastAnswer(db.Model):
    """An answer from before the commitment was picked here: it is shown and counts nowhere."""

    __tablename__ = "past_answers"
    __table_args__ = (UniqueConstraint("commitment_id", "date"),)

    id: Mapped[Id]
    leader_id: Mapped[LeaderId]
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitments.id", ondelete="CASCADE"))
    date: Mapped[date]
    reply: Mapped[Reply] = mapped_column(word(Reply))
    nature: Mapped[Nature | None] = mapped_column(word(Nature))
    told: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None] = mapped_column(Text)
    import_id: Mapped[int | None] = mapped_column(
        ForeignKey("imports.id", ondelete="CASCADE"), index=True
    )


class Origin(db.Model):
    """What a commitment was called where it came from, so that it is known when it comes again."""

    __tablename__ = "origins"

    leader_id: Mapped[int] = mapped_column(
        ForeignKey("leaders.id", ondelete="CASCADE"), primary_key=True
    )
    origin: Mapped[str] = mapped_column(String(64), primary_key=True)  # a digest
    commitment_id: Mapped[int] = mapped_column(
        ForeignKey("commitments.id", ondelete="CASCADE"), index=True
    )
