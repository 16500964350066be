"""Tries counted in the database, so that limits hold over workers and restarts."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from habits.db import Instant, db


class Attempt(db.Model):
    """How often something was tried in one span of time."""

    __tablename__ = "attempts"

    bucket: Mapped[str] = mapped_column(String(120), primary_key=True)
    span: Mapped[int] = mapped_column(primary_key=True)  # the span's number since 1970
    tries: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)
