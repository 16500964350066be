"""Fields that several sections share, and what they may refer to."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time

from habits.documents import N_, Fields, HistoryError, any_text, no_commitment, shown, text, wrong

LONGEST_NOTE = 10_000


@dataclass(frozen=True)
class Known:
    """What a section may refer to: the ids of the file's commitments, and how many lapses."""

    commitments: frozenset[str]
    lapses: int

    def commitment(self, value, path) -> str:
        """One of the file's commitments."""
        if any_text(value, path) not in self.commitments:
            raise no_commitment(path, value)
        return value

    def lapse(self, value, path) -> int:
        """The place of one of the file's lapses, from 0."""
        if type(value) is not int or not 0 <= value < self.lapses:
            raise HistoryError(
                N_("%(where)s: there is no lapse %(place)s", where=path, place=shown(value))
            )
        return value


def promise_or_lapse(fields: Fields, known: Known) -> dict:
    """What `commitment` or, instead of it, `lapse` names; the other is None."""
    commitment = fields.maybe("commitment", known.commitment)
    lapse = fields.maybe("lapse", known.lapse)
    if (commitment is None) == (lapse is None):
        raise HistoryError(
            N_("%(where)s: expected either a commitment or a lapse", where=fields.path)
        )
    return {"commitment": commitment, "lapse": lapse}


def an_instant(value, path) -> datetime:
    """An RFC 3339 instant, in UTC."""
    try:
        found = datetime.fromisoformat(any_text(value, path))
        if found.tzinfo is None or not 1970 <= found.year <= 9000:
            raise ValueError("no instant")
        return found.astimezone(UTC)
    except (ValueError, OverflowError) as problem:
        if isinstance(problem, HistoryError):
            raise
        raise wrong(path, N_("an instant such as 2026-01-05T18:02:11Z"), value) from None


def a_clock(value, path) -> time:
    """A local time such as 20:30."""
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", any_text(value, path), re.ASCII):
        raise wrong(path, N_("a time such as 20:30"), value)
    return time.fromisoformat(value)


def at_most(longest: int):
    """A text of at most so many characters."""

    def read(value, path):
        if len(text(value, path)) > longest:
            raise wrong(path, N_("at most %(count)s characters", count=longest), value)
        return value

    return read
