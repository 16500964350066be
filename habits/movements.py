"""Lines of the passbook: what moved the account on a day, with what the leader said of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from habits.book import Book
from habits.chart_marks import Withdrawal
from habits.days import local_date
from habits.trust.account import Day, Entry, EntryKind
from habits.trust.history import Nature


@dataclass(frozen=True, slots=True)
class Movement:
    """One line; `shown` is the change of balance in points, rounded so that lines add up.

    `entry` says why so much; it is None where several deposits stand joined in one line.
    """

    kind: EntryKind
    change: float
    shown: float
    entry: Entry | None = None
    on: date | None = None
    count: int = 1
    titles: tuple[str, ...] = ()
    commitment_id: int | None = None
    lapse_id: int | None = None
    nature: Nature | None = None
    told: bool = False
    told_later: bool = False
    late: bool = False
    corrected: bool = False
    note: str | None = None
    mended: tuple[str, ...] = ()  # the titles of repairs that were kept

    @property
    def title(self) -> str:
        return self.titles[0] if self.titles else ""


def of_day(book: Book, day: Day, told_later: frozenset) -> tuple[Movement, ...]:
    """Every line of a day, deposits included; what an absence was spared stands joined in one.

    `told_later` holds (commitment id, date) and lapse ids that were told after their day was fixed.
    """
    spared = [entry for entry in day.entries if is_spared(entry)]
    moved = [entry for entry in day.entries if not is_spared(entry)]
    shown = _adding_up(
        [entry.balance_change for entry in moved], day.before.balance, day.state.balance
    )
    lines = (
        _line(book, day.date, entry, part, told_later)
        for entry, part in zip(moved, shown, strict=True)
    )
    return (*_spared(book, day.date, spared), *lines)


def of_days(book: Book, days: list[Day], told_later: frozenset) -> tuple[Movement, ...]:
    """All deposits joined in one line, then each withdrawal; together the change of balance."""
    entries = [(day.date, entry) for day in days for entry in day.entries]
    deposits = [entry for _, entry in entries if entry.kind is EntryKind.KEPT]
    charges = [(day, entry) for day, entry in entries if is_withdrawal(entry)]
    changes = [sum(entry.balance_change for entry in deposits)] if deposits else []
    changes += [entry.balance_change for _, entry in charges]
    shown = _adding_up(changes, days[0].before.balance, days[-1].state.balance)
    joined = []
    if deposits:
        count = sum(len(entry.promises) for entry in deposits)
        joined.append(Movement(EntryKind.KEPT, changes[0], shown.pop(0), count=count))
    lines = (
        _line(book, day, entry, part, told_later)
        for (day, entry), part in zip(charges, shown, strict=True)
    )
    return (*joined, *lines)


def withdrawals(days: Iterable[Day]) -> list[Withdrawal]:
    """What the charts mark."""
    return [
        withdrawal(day.date, entry) for day in days for entry in day.entries if is_withdrawal(entry)
    ]


def withdrawal(day: date, entry: Entry) -> Withdrawal:
    """An entry of the fold as the charts mark it."""
    nature = entry.nature.value if entry.nature else None
    return Withdrawal(day, entry.balance_change, entry.kind.value, nature, entry.told)


def is_withdrawal(entry: Entry) -> bool:
    """Whether an entry took something."""
    return entry.kind is not EntryKind.KEPT and entry.rate > 0


def is_spared(entry: Entry) -> bool:
    """Whether an entry is silence that an absence had charged already."""
    return entry.kind is EntryKind.SILENT and not entry.rate


def is_late(book: Book, commitment_id: int | None, day: date) -> bool:
    """Whether a promise was first answered on a later day than its own."""
    said = book.answers.get((commitment_id, day))
    if said is None or said.reply is None:
        return False
    leader = book.leader
    return local_date(said.first_at, leader.timezone, leader.day_start) > day


def _spared(book: Book, day: date, entries: list[Entry]) -> tuple[Movement, ...]:
    if len(entries) < 2:
        return tuple(_line(book, day, entry, 0.0, frozenset()) for entry in entries)
    titles = tuple(promise.commitment.title for entry in entries for promise in entry.promises)
    joined = Movement(
        EntryKind.SILENT, 0.0, 0.0, entries[0], on=day, count=len(titles), titles=titles
    )
    return (joined,)


def _line(book: Book, day: date, entry: Entry, shown: float, told_later) -> Movement:
    common = {
        "kind": entry.kind,
        "change": entry.balance_change,
        "shown": shown,
        "entry": entry,
        "on": day,
        "nature": entry.nature,
        "told": entry.told,
    }
    if entry.lapse is not None:
        lapse = entry.lapse
        return Movement(
            **common, lapse_id=lapse.id, note=lapse.note, told_later=lapse.id in told_later
        )
    ids = [promise.commitment.id for promise in entry.promises]
    said = [book.answers.get((commitment, day)) for commitment in ids]
    answered = [answer for answer in said if answer is not None and answer.reply is not None]
    one = ids[0] if entry.kind is not EntryKind.KEPT else None
    return Movement(
        **common,
        count=len(ids),
        titles=tuple(promise.commitment.title for promise in entry.promises),
        commitment_id=one,
        told_later=(one, day) in told_later,
        late=any(is_late(book, commitment, day) for commitment in ids),
        corrected=any(answer.corrected for answer in answered),
        note=answered[0].note if answered and one is not None else None,
        mended=tuple(_mended(book, entry)),
    )


def _mended(book: Book, entry: Entry) -> Iterable[str]:
    if entry.kind is not EntryKind.KEPT:
        return ()
    rows = (book.commitments.get(promise.commitment.id) for promise in entry.promises)
    return (row.title for row in rows if row is not None and row.is_repair)


def _adding_up(changes: list[float], opening: float, closing: float) -> list[float]:
    """The changes to one decimal such that they lead from the shown opening to the shown closing.

    What rounding leaves over is put on the largest, where it is seen least.
    """
    tenths = [round(change * 10) for change in changes]
    if tenths:
        largest = max(range(len(changes)), key=lambda at: abs(changes[at]))
        tenths[largest] += round(closing * 10) - round(opening * 10) - sum(tenths)
    return [tenth / 10 for tenth in tenths]
