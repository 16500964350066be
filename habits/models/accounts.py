"""The fold's state at the end of each fixed day, so that no tap folds ten years."""

from datetime import date as day

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from habits.db import db


class FixedDay(db.Model):
    """One leader's account at the end of one local day that can no longer change."""

    __tablename__ = "fixed_days"

    leader_id: Mapped[int] = mapped_column(
        ForeignKey("leaders.id", ondelete="CASCADE"), primary_key=True
    )
    date: Mapped[day] = mapped_column(primary_key=True)
    character: Mapped[float]
    competency: Mapped[float]
    character_streak: Mapped[int]
    competency_streak: Mapped[int]
    scar_lasting: Mapped[float]
    scar_fading: Mapped[float]
    absent: Mapped[bool]
    back: Mapped[int]
    streak: Mapped[int]
    longest: Mapped[int]
    own: Mapped[dict] = mapped_column(JSON)  # commitment id → [streak, longest]
    marks: Mapped[list] = mapped_column(JSON)  # the withdrawals of the day, for the chart
