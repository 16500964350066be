"""How often something may be tried, counted in the database: over workers, and over restarts."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete

from habits.db import db, insert
from habits.models.limits import Attempt


@dataclass(frozen=True)
class Limit:
    """At most `tries` in each span of `per`."""

    name: str
    tries: int
    per: timedelta


def spend(limit: Limit, who: str, now: datetime) -> bool:
    """Count one try of `who`; False when it is one too many. The caller commits at once."""
    seconds = int(limit.per.total_seconds())
    span = int(now.timestamp()) // seconds
    expires = datetime.fromtimestamp((span + 1) * seconds, UTC)
    row = insert(Attempt).values(
        bucket=f"{limit.name}:{who}"[:120], span=span, tries=1, expires_at=expires
    )
    row = row.on_conflict_do_update(
        index_elements=["bucket", "span"], set_={"tries": Attempt.tries + 1}
    ).returning(Attempt.tries)
    tries = db.session.scalar(row)
    if tries == 1:
        db.session.execute(delete(Attempt).where(Attempt.expires_at < now - limit.per))
    return tries <= limit.tries
