"""Room on a day: at most five standing commitments may be due, counted where they are picked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select

from habits.date_words import weekday
from habits.days import DAY
from habits.db import db
from habits.models.commitments import Commitment
from habits.problems import Refused
from habits.trust.history import Cadence, CadenceKind

MOST_DUE = 5  # standing commitments on one day


@dataclass(frozen=True)
class _Wished:
    """What would be due like a commitment that was picked."""

    picked_on: date
    weekdays: frozenset[int] | None
    retired_on: None = None


def check(leader, since: date) -> None:
    """Raises Refused if more than five would be due on a day from `since` on.

    The leader's row is locked by whoever writes, so that two posts count one after the other.
    """
    most, day = fullest(standing(leader, since), since)
    if most > MOST_DUE:
        raise Refused(
            "kind",
            _l(
                "Five standing commitments are the most for one day, and with this"
                " %(weekday)s would have %(count)s. Retire one first, or choose other days.",
                weekday=weekday(day),
                count=most,
            ),
        )


def with_these(leader, cadences: Iterable[Cadence], since: date) -> int:
    """The most that would be due on one day if these were picked as well."""
    wished = [_Wished(since, cadence.days or None) for cadence in cadences]
    return fullest([*standing(leader, since), *wished], since)[0]


def standing(leader, since: date) -> list[Commitment]:
    """What counts towards the five of a day on `since` or later."""
    query = select(Commitment).where(
        Commitment.leader_id == leader.id,
        Commitment.kind != CadenceKind.ONCE,
        or_(Commitment.retired_on.is_(None), Commitment.retired_on >= since),
    )
    return list(db.session.scalars(query))


def fullest(rows: Iterable[Commitment | _Wished], since: date) -> tuple[int, date]:
    """The most standing commitments that can be due on one day from `since` on, and that day."""
    rows = list(rows)
    # A count only grows where something begins, and every weekday comes within seven days of it.
    starts = {since, *(row.picked_on for row in rows if row.picked_on > since)}
    days = sorted({start + n * DAY for start in starts for n in range(7)})
    most = max(days, key=lambda day: (_due_on(rows, day), -day.toordinal()))
    return _due_on(rows, most), most


def _due_on(rows: list[Commitment | _Wished], day: date) -> int:
    return sum(_can_be_due(row, day) for row in rows)


def _can_be_due(row: Commitment | _Wished, day: date) -> bool:
    held = row.picked_on <= day and (row.retired_on is None or day <= row.retired_on)
    return held and (row.weekdays is None or day.isoweekday() in row.weekdays)
