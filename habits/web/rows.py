"""A promise as its row on the page shows it."""

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from flask import render_template
from markupsafe import Markup

from habits import repairs
from habits.book import Book
from habits.days import local_date
from habits.models.commitments import Commitment
from habits.trust.history import Reply
from habits.trust.plan import Promise, Standing
from habits.web.translations import plain as _
from habits.web.translations import spoken
from habits.web.words import said, said_of


@dataclass(frozen=True)
class Row:
    """What templates/components/promise.html takes."""

    id: str
    commitment: int
    date: str
    title: str
    detail: str
    pillar: str
    standing: str
    streak: int
    occasion: bool
    said: str  # what it was, where it was broken
    url: str
    nature: str | None = None
    told: bool = False
    note: str | None = None
    late: bool = False
    times: str | None = None
    person: str | None = None
    can_repair: bool = True
    repair: str = ""
    repaired_by: str | None = None  # the title of what was promised to mend it
    errors: dict[str, str] = field(default_factory=dict)


def any_row_sheet() -> Markup:
    """The sheet that a script gives a row when it is asked for: the same for all."""
    return _any_row_sheet(spoken())


@lru_cache(32)
def _any_row_sheet(_locale) -> Markup:
    return Markup(render_template("answers/_sheet.html"))


def row_of(book: Book, promise: Promise) -> Row:
    """The row of a promise."""
    return _row(book, promise.commitment.id, promise.date, promise.standing)


def optional_row(book: Book, day: date, optional) -> Row:
    """The row of a times-a-week commitment that needs no answer on this day."""
    times = _(
        "This week: %(answered)s of %(times)s", answered=optional.answered, times=optional.times
    )
    return _row(book, optional.commitment.id, day, Standing.OPEN, times=times)


def any_row(book: Book, commitment_id: int, day: date, **shown) -> Row:
    """The row of whatever a commitment has on a day, due or not."""
    standing = next(
        (
            promise.standing
            for promise in (*book.plan.promises(day, book.today), *book.plan.uncounted(day))
            if promise.commitment.id == commitment_id
        ),
        None,
    )
    if standing is not None:
        return _row(book, commitment_id, day, standing, **shown)
    for commitment, answered, times in book.plan.optional(day, book.today):
        if commitment.id == commitment_id:
            words = _("This week: %(answered)s of %(times)s", answered=answered, times=times)
            return _row(book, commitment_id, day, Standing.OPEN, times=words, **shown)
    return _row(book, commitment_id, day, Standing.OPEN, **shown)


def repair_of(book: Book, commitment_id: int, day: date) -> str | None:
    """What was promised to mend a promise that was broken, if anything was."""
    return next((row.title for row in repairs.of(book, commitment_id, day)), None)


def _row(book: Book, commitment_id: int, day: date, standing: Standing, **shown) -> Row:
    commitment = book.commitments[commitment_id]
    latest = book.answers.get((commitment_id, day))
    answer = latest if latest is not None and latest.reply is not None else None
    values = {
        "nature": (answer.nature or "mistake") if answer and answer.reply is Reply.BROKEN else None,
        "told": bool(answer and answer.told),
        "note": answer.note if answer else None,
        "late": bool(answer and _is_late(book.leader, answer, day)),
    }
    return Row(
        id=f"promise-{commitment_id}-{day}",
        commitment=commitment_id,
        date=day.isoformat(),
        title=commitment.title,
        detail=_detail(book, commitment),
        pillar=commitment.pillar.value,
        standing=standing.value,
        streak=book.state.own_streak(commitment_id)[0],
        occasion=commitment.occasion,
        said=said(said_of(shown.get("nature") or values["nature"], values["told"]), spoken()),
        url=f"/days/{day}/{commitment_id}",
        person=commitment.person.name if commitment.person else None,
        can_repair=not commitment.is_repair,
        repaired_by=repair_of(book, commitment_id, day),
        **(values | shown),
    )


def _detail(book: Book, commitment: Commitment) -> str:
    """To whom, what for, what it mends, and whether they know of it."""
    person = commitment.person.name if commitment.person else None
    said = _for(person, commitment.intention)
    knows = _("%(person)s knows", person=person) if person and commitment.announced_on else ""
    return " · ".join(part for part in (_mends(book, commitment), said, knows) if part)


def _for(person: str | None, intention: str) -> str:
    if person and intention:
        return _("for %(person)s, %(intention)s", person=person, intention=intention)
    if person:
        return _("for %(person)s", person=person)
    return intention


def _mends(book: Book, commitment: Commitment) -> str:
    if commitment.repairs_id is not None:
        broken = book.commitments.get(commitment.repairs_id)
        return (
            _("repair of “%(title)s”", title=broken.title) if broken else _("repair of a promise")
        )
    return _("repair of a lapse") if commitment.repairs_lapse_id is not None else ""


def _is_late(leader, answer, day: date) -> bool:
    return local_date(answer.first_at, leader.timezone, leader.day_start) > day
