"""From when to when imported commitments hold here, and whether there is room for them."""

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace

from sqlalchemy import func, select

from habits import room
from habits.days import DAY
from habits.db import db
from habits.models.answers import Lapse
from habits.models.commitments import Commitment


@dataclass(frozen=True)
class Spans:
    """The rule for one file. `eve` is the day before the account begins: what only has a past is
    picked and retired on it, so that it can be brought back and moves nothing.
    """

    today: date
    eve: date
    counts: bool
    stand: bool  # there is room for all that still hold

    def of(self, one: dict) -> tuple[date, date | None]:
        """The dates on which a commitment of the file is picked and retired here."""
        picked, retired = _dates(one)
        holds = retired is None or retired >= self.today
        if one["cadence"]["kind"] == "once":
            return (picked, retired) if self.counts or holds else (self.eve, self.eve)
        if self.counts:
            return self._counting(picked, retired)
        if holds and self.stand:
            return max(picked, self.today), retired
        return self.eve, self.eve

    def _counting(self, picked: date, retired: date | None) -> tuple[date, date | None]:
        if retired is not None or self.stand:
            return picked, retired
        yesterday = self.today - DAY
        return (picked, yesterday) if picked <= yesterday else (self.eve, self.eve)


def rule(leader, new: list[dict], counts: bool, today: date) -> Spans:
    """The rule for these new commitments of a file, as kept-history has them."""
    firsts = [date.fromisoformat(one["picked_on"]) for one in new] if counts else []
    eve = min([*_beginnings(leader), *firsts, today]) - DAY
    return Spans(today, eve, counts, _fit(leader, new, today))


def _beginnings(leader) -> list[date]:
    """Where the account begins, if it does."""
    firsts = (
        select(func.min(Commitment.picked_on)).where(Commitment.leader_id == leader.id),
        select(func.min(Lapse.date)).where(Lapse.leader_id == leader.id),
    )
    return [day for query in firsts if (day := db.session.scalar(query)) is not None]


def _fit(leader, new: list[dict], today: date) -> bool:
    """Whether five a day are enough for what stands and what would stand."""
    coming = [_as_row(one) for one in new if one["cadence"]["kind"] != "once"]
    coming = [row for row in coming if row.retired_on is None or row.retired_on >= today]
    rows = [*room.standing(leader, today), *coming]
    return not coming or room.fullest(rows, today)[0] <= room.MOST_DUE


def _as_row(one: dict) -> SimpleNamespace:
    picked, retired = _dates(one)
    days = one["cadence"].get("days")
    return SimpleNamespace(picked_on=picked, retired_on=retired, weekdays=days)


def _dates(one: dict) -> tuple[date, date | None]:
    retired = one.get("retired_on")
    return date.fromisoformat(one["picked_on"]), date.fromisoformat(retired) if retired else None
