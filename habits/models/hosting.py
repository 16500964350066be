"""What a host has to know of the processes that run."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from habits.db import Instant, db


class Heartbeat(db.Model):
    """When one of a kind of process last worked, on whichever machine."""

    __tablename__ = "heartbeats"

    kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
