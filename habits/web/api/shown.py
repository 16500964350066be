"""What the API shows: the product's nouns as JSON, the same figures as on the pages."""

from datetime import date

from habits.book import Book, value
from habits.charts import Point, Withdrawal
from habits.days import week_label
from habits.lines import Line
from habits.models.answers import Lapse
from habits.models.commitments import Commitment
from habits.passbook import Curve
from habits.records import cadence, day, instant
from habits.today import Optional, Today
from habits.trust import forecast
from habits.trust.history import Reply
from habits.trust.plan import Promise, Standing
from habits.week_grid import Cell, Row
from habits.weeks import Summary


def today(shown: Today) -> dict:
    """The day: what is due, what is still open, and how the account stands."""
    book = shown.book
    return {
        "date": day(shown.date),
        **balance(book),
        "promises": [promise(book, each) for each in shown.promises],
        "still_open": [promise(book, each) for _day, open in shown.still_open for each in open],
        "optional": [_optional(each) for each in shown.optional],
    }


def balance(book: Book) -> dict:
    """How the account stands, and by how much it moved since yesterday, in points."""
    return {
        "balance": book.state.balance,
        "change": book.state.balance - book.before.balance,
        "streak": book.state.streak,
    }


def promise(book: Book, due: Promise) -> dict:
    """A promise of a day and what was answered."""
    return answered(book, due.commitment.id, due.date, due.standing)


def answered(book: Book, commitment_id: int, on: date, standing: Standing | None = None) -> dict:
    """Whatever a commitment has on a day, due or not."""
    row = book.commitments[commitment_id]
    said = book.answers.get((commitment_id, on))
    broken = said is not None and said.reply is Reply.BROKEN
    return {
        **_about(row),
        "date": day(on),
        "standing": (standing or standing_of(book, commitment_id, on)).value,
        "nature": (said.nature or "mistake") if broken else None,
        "told": bool(broken and said.told),
        "note": said.note if said is not None and said.reply is not None else None,
        "streak": book.state.own_streak(commitment_id)[0],
    }


def standing_of(book: Book, commitment_id: int, on: date) -> Standing:
    """How it stands; open where nothing has to be answered."""
    found = (*book.plan.promises(on, book.today), *book.plan.uncounted(on))
    return next((p.standing for p in found if p.commitment.id == commitment_id), Standing.OPEN)


def commitment(line: Line) -> dict:
    """A commitment with what it promises."""
    row = line.head
    return {
        **_about(row),
        "intention": row.intention,
        "cadence": cadence(value(row).cadence),
        "occasion": row.occasion,
        "picked_on": day(line.picked_on),
        "retired_on": day(row.retired_on),
    }


def week(summary: Summary) -> dict:
    """A week as it stands today."""
    return {
        "week": week_label(summary.first),
        "first": day(summary.first),
        "last": day(summary.last),
        "finished": summary.is_finished,
        "kept": summary.kept,
        "due": summary.due,
        "open": summary.open,
        "opening": summary.opening,
        "closing": summary.closing,
        "deposits": summary.deposits,
        "withdrawals": summary.withdrawn,
        "streak": summary.streak,
        "longest": summary.longest,
        "rows": [_row(row) for row in summary.rows],
    }


def account(book: Book, curve: Curve) -> dict:
    """The account over a range up to today."""
    state = book.state
    return {
        "date": day(book.today),
        **balance(book),
        "longest": state.longest,
        "character": state.character,
        "competency": state.competency,
        "level": forecast.level(state.balance).value,
        "scar": state.scar_lasting + state.scar_fading,
        "points": [_point(each) for each in curve.points],
        "withdrawals": [_withdrawal(each) for each in curve.withdrawals],
    }


def lapse(row: Lapse, person: str | None) -> dict:
    """A lapse outside a promise."""
    return {
        "id": row.id,
        "date": day(row.date),
        "nature": row.nature.value,
        "told": row.told,
        "note": row.note,
        "person": person,
        "recorded_at": instant(row.recorded_at),
    }


def _about(row: Commitment) -> dict:
    return {
        "commitment": row.id,
        "title": row.title,
        "pillar": row.pillar.value,
        "person": row.person.name if row.person else None,
    }


def _optional(each: Optional) -> dict:
    return {**_about(each.commitment), "answered": each.answered, "times": each.times}


def _row(row: Row) -> dict:
    return {
        "commitment": row.commitment_id,
        "title": row.title,
        "pillar": row.pillar.value,
        "person": row.person,
        "kept": row.kept,
        "due": row.due,
        "streak": row.streak,
        "longest": row.longest,
        "days": [_cell(cell) for cell in row.cells],
    }


def _cell(cell: Cell) -> dict:
    return {
        "date": day(cell.date),
        "standing": cell.standing.value if cell.standing else None,
        "ahead": cell.ahead,
        "late": cell.late,
        "off": cell.off,
    }


def _point(each: Point) -> dict:
    return {
        "date": day(each.date),
        "balance": each.balance,
        "character": each.character,
        "competency": each.competency,
    }


def _withdrawal(each: Withdrawal) -> dict:
    return {
        "date": day(each.date),
        "change": each.change,
        "kind": each.kind,
        "nature": each.nature,
        "told": each.told,
    }
