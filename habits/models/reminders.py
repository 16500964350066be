"""When a leader wants to be asked, when that is next, and what became of the last time."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from habits.db import Instant, db
from habits.models.columns import Id, LeaderId, word
from habits.models.leaders import Leader


class Kind(StrEnum):
    """What a leader is asked."""

    MORNING = "morning"  # what is promised for the day
    EVENING = "evening"  # whether it was kept
    WEEK = "week"  # to read the week
    NUDGE = "nudge"  # the evening's question once more, later
    TEST = "test"  # whether reminders arrive; never due


class Outcome(StrEnum):
    """What became of a reminder, or of one device's copy of it."""

    SENT = "sent"  # its push service took it
    NOTHING = "nothing"  # there was nothing to say
    OFF = "off"  # the leader had time off
    LATE = "late"  # nobody ticked until it was of no use
    WAITING = "waiting"  # the push service asks for patience, or cannot be reached
    REFUSED = "refused"  # the push service does not want it from this Kept
    GONE = "gone"  # the device is no longer subscribed
    UNSURE = "unsure"  # no answer came: it may have arrived, so it is not sent again


class Reminder(db.Model):
    """One kind of question to one leader."""

    __tablename__ = "reminders"
    __table_args__ = (UniqueConstraint("leader_id", "kind"),)

    id: Mapped[Id]
    leader_id: Mapped[LeaderId]
    kind: Mapped[Kind] = mapped_column(word(Kind))
    enabled: Mapped[bool]
    at: Mapped[time | None]  # local; None where `ask_at` of the leader says it, and for a nudge
    days: Mapped[list[int]] = mapped_column(JSON)  # ISO weekdays
    due_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
    sent_on: Mapped[date | None]  # the leader's day of the last one that was sent
    tried_at: Mapped[datetime | None] = mapped_column(Instant)
    came_to: Mapped[Outcome | None] = mapped_column(word(Outcome))

    leader: Mapped[Leader] = relationship()


class CalendarFeed(db.Model):
    """A private link to the same three questions as a calendar; only its digest is kept."""

    __tablename__ = "calendar_feeds"

    leader_id: Mapped[int] = mapped_column(
        ForeignKey("leaders.id", ondelete="CASCADE"), primary_key=True
    )
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)

    leader: Mapped[Leader] = relationship()
