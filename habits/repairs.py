"""What is promised to mend a broken promise: it goes once there is nothing left to mend."""

from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile

from sqlalchemy import or_, select

from habits.book import Book, Latest
from habits.db import db
from habits.models.commitments import Commitment
from habits.trust.history import Reply


@dataclass(frozen=True)
class Dropped:
    """A repair that went, and the answer that it was to mend."""

    title: str
    once_on: date
    broken: Latest


def of(book: Book, commitment_id: int, day: date) -> tuple[Commitment, ...]:
    """What was promised to mend a promise."""
    mended = (commitment_id, day)
    rows = book.commitments.values()
    return tuple(row for row in rows if (row.repairs_id, row.repairs_date) == mended)


def drop(before: Book, after: Book, commitment_id: int, day: date) -> tuple[Book, Dropped | None]:
    """Take back what was to mend a promise that is broken no more; what was answered stays.

    `after` is the book with the answer that says so; returns it without the repair.
    """
    broken = before.answers.get((commitment_id, day))
    if not _is_broken(broken) or _is_broken(after.answers[commitment_id, day]):
        return after, None
    gone = [row for row in of(after, commitment_id, day) if _may_go(after, row)]
    if not gone:
        return after, None
    for row in gone:
        db.session.delete(row)
    db.session.flush()
    return _without(after, {row.id for row in gone}, min(row.picked_on for row in gone)), Dropped(
        gone[0].title, gone[0].once_on, broken
    )


def _is_broken(said: Latest | None) -> bool:
    return said is not None and said.reply is Reply.BROKEN


def _may_go(book: Book, row: Commitment) -> bool:
    """Whether nothing came of it yet: no answer, and nothing that names it."""
    said = book.answers.get((row.id, row.once_on))
    if said is not None and said.reply is not None:
        return False
    names_it = or_(Commitment.repairs_id == row.id, Commitment.continues_id == row.id)
    query = select(Commitment.id).where(Commitment.leader_id == row.leader_id, names_it)
    return db.session.scalar(query.limit(1)) is None


def _without(book: Book, ids: set[int], since: date) -> Book:
    rows = {each: row for each, row in book.commitments.items() if each not in ids}
    folded = tuple(takewhile(lambda day: day.date < since, book.folded))
    return replace(book, commitments=rows, folded=folded)
