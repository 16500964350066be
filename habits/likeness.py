"""What names a commitment when it comes again: a digest of where it is from, or of its terms."""

import hashlib
from collections.abc import Iterable

from habits.book import value
from habits.models.commitments import Commitment
from habits.records import cadence


def digest(*parts: object) -> str:
    """64 hexadecimal digits."""
    return hashlib.sha256("\0".join(map(str, parts)).encode(errors="replace")).hexdigest()


def origin(one: dict, times: int) -> str:
    """Of a commitment as a history file has it, the `times`-th that looks like this."""
    rhythm = one["cadence"]
    parts = (rhythm["kind"], sorted(rhythm.get("days") or ()), rhythm.get("times") or "")
    title = one.get("title") or ""
    return digest("kept-history", title, one["pillar"], *parts, one["picked_on"], times)


def of(rows: Iterable[Commitment]) -> dict[str, Commitment]:
    """The leader's commitments, in their order, by what Kept's own file would say of them."""
    found: dict[str, Commitment] = {}
    seen: dict[str, int] = {}
    for row in rows:
        said = {
            "title": row.title,
            "pillar": row.pillar.value,
            "cadence": cadence(value(row).cadence),
            "picked_on": row.picked_on.isoformat(),
        }
        first = origin(said, 1)
        seen[first] = seen.get(first, 0) + 1
        found[origin(said, seen[first])] = row
    return found
