"""What a leader said of a week; everything else about it is derived."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from habits.db import Instant, db


class WeekNote(db.Model):
    """The guess before looking, a line, and the decision for the next week."""

    __tablename__ = "week_notes"

    leader_id: Mapped[int] = mapped_column(
        ForeignKey("leaders.id", ondelete="CASCADE"), primary_key=True
    )
    first: Mapped[date] = mapped_column(primary_key=True)  # the week's first local day
    guess: Mapped[int | None]  # promises kept, as thought before looking
    guessed_at: Mapped[datetime | None] = mapped_column(Instant)
    line: Mapped[str | None] = mapped_column(Text)
    decision: Mapped[str | None] = mapped_column(String(16))
    commitment_id: Mapped[int | None] = mapped_column(
        ForeignKey("commitments.id", ondelete="SET NULL")
    )
