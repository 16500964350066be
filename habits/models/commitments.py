"""What a leader has promised to do, and when nothing is due."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from habits.db import Instant, db
from habits.models.columns import Id, LeaderId, word
from habits.models.leaders import Person, PersonId
from habits.trust.history import CadenceKind, Pillar

TITLE_LENGTH = 120
INTENTION_LENGTH = 200


class Commitment(db.Model):
    """A standing practice, or a promise for one date."""

    __tablename__ = "commitments"

    id: Mapped[Id]
    leader_id: Mapped[LeaderId]
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    intention: Mapped[str] = mapped_column(String(INTENTION_LENGTH), default="")
    pillar: Mapped[Pillar] = mapped_column(word(Pillar))
    person_id: Mapped[PersonId | None]
    kind: Mapped[CadenceKind] = mapped_column(word(CadenceKind))
    weekdays: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))  # ISO, 1 to 7
    times: Mapped[int | None]  # a week, 1 to 6
    once_on: Mapped[date | None]
    occasion: Mapped[bool] = mapped_column(default=False)  # it may not come up on a day
    ask: Mapped[str] = mapped_column(Text, default="")  # a question for the person
    picked_on: Mapped[date]
    retired_on: Mapped[date | None]
    position: Mapped[int] = mapped_column(default=0)
    library_id: Mapped[int | None]  # the starter it was picked from
    continues_id: Mapped[int | None] = mapped_column(ForeignKey("commitments.id"), index=True)
    # A repair names what it mends: a broken promise (commitment and date) or a lapse.
    repairs_id: Mapped[int | None] = mapped_column(ForeignKey("commitments.id"), index=True)
    repairs_date: Mapped[date | None]
    repairs_lapse_id: Mapped[int | None] = mapped_column(ForeignKey("lapses.id"), index=True)
    announced_on: Mapped[date | None]  # when the person was told of it
    created_at: Mapped[datetime] = mapped_column(Instant)

    person: Mapped[Person | None] = relationship(lazy="raise_on_sql")

    @property
    def ends_on(self) -> date | None:
        """The last day on which it can be due; None while none is set."""
        return self.retired_on or self.once_on  # an imported one-time promise bears its date alone

    @property
    def is_repair(self) -> bool:
        """Whether it was promised to mend something."""
        return self.repairs_id is not None or self.repairs_lapse_id is not None


class TimeOff(db.Model):
    """A range of local dates, both included, on which nothing is due."""

    __tablename__ = "time_off"

    id: Mapped[Id]
    leader_id: Mapped[LeaderId]
    first: Mapped[date]
    last: Mapped[date]
    declared_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
