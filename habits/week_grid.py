"""The week's grid: each commitment, with those it continues, on each of seven days."""

from dataclasses import dataclass
from datetime import date

from habits.book import Book
from habits.models.commitments import Commitment
from habits.movements import is_late
from habits.trust.account import State
from habits.trust.history import CadenceKind, Pillar
from habits.trust.plan import Standing

DUE = (Standing.KEPT, Standing.BROKEN, Standing.SILENT)


@dataclass(frozen=True, slots=True)
class Cell:
    """One commitment on one day: `standing` is None where nothing is due."""

    date: date
    standing: Standing | None
    off: bool = False
    ahead: bool = False
    late: bool = False
    commitment_id: int | None = None
    to_mend: bool = False  # broken, and nothing is promised for it yet


@dataclass(frozen=True, slots=True)
class Row:
    """A commitment with its predecessors through the week; streaks as at the week's end."""

    commitment_id: int  # of the newest link
    links: frozenset[int]  # with those it continues
    title: str
    pillar: Pillar
    person: str | None
    is_practice: bool  # rather than a promise for one date
    retired: bool
    cells: tuple[Cell, ...]
    streak: int
    longest: int

    @property
    def to_mend(self) -> tuple[Cell, ...]:
        """What a repair can still be promised for, oldest first."""
        return tuple(cell for cell in self.cells if cell.to_mend)

    def count(self, *standings: Standing) -> int:
        """How many of its promises up to today stand like one of these."""
        return sum(1 for cell in self.cells if cell.standing in standings and not cell.ahead)

    @property
    def kept(self) -> int:
        return self.count(Standing.KEPT)

    @property
    def due(self) -> int:
        """Promises that are decided: without released and open ones."""
        return self.count(*DUE)


def grid(book: Book, dates: tuple[date, ...], state: State) -> tuple[Row, ...]:
    """A row for each commitment that could be due on these dates, in the leader's order.

    `state` is the account at the end of them, for the streaks.
    """
    off = days_off(book, dates)
    found = {day: _standings(book, day) for day in dates}
    rows = []
    for chain in _chains(book, dates):
        newest = chain[-1]
        own = [state.own_streak(link.id) for link in chain]
        rows.append(
            Row(
                commitment_id=newest.id,
                links=frozenset(link.id for link in chain),
                title=newest.title,
                pillar=newest.pillar,
                person=newest.person.name if newest.person else None,
                is_practice=newest.kind is not CadenceKind.ONCE,
                retired=newest.retired_on is not None and newest.retired_on <= book.today,
                cells=tuple(_cell(book, chain, day, found[day], off) for day in dates),
                streak=own[-1][0],
                longest=max(longest for _, longest in own),
            )
        )
    return tuple(rows)


def days_off(book: Book, dates: tuple[date, ...]) -> tuple[date, ...]:
    """Those of the dates that are time off."""
    return tuple(day for day in dates if any(row.first <= day <= row.last for row in book.time_off))


def _standings(book: Book, day: date) -> dict[int, Standing]:
    promises = (*book.plan.promises(day, book.today), *book.plan.uncounted(day))
    return {promise.commitment.id: promise.standing for promise in promises}


def _chains(book: Book, dates) -> list[tuple[Commitment, ...]]:
    """Commitments with those they continue, oldest first, where one can be due in the week."""
    chains: dict[int, list[Commitment]] = {}
    for row in sorted(book.commitments.values(), key=lambda row: row.id):
        root = row
        while root.continues_id in book.commitments:
            root = book.commitments[root.continues_id]
        chains.setdefault(root.id, []).append(row)
    links = [
        tuple(link for link in chain if link.picked_on <= dates[-1]) for chain in chains.values()
    ]
    found = [chain for chain in links if any(_touches(link, dates) for link in chain)]
    return sorted(found, key=lambda chain: (_is_once(chain[-1]), chain[-1].position, chain[-1].id))


def _is_once(row: Commitment) -> bool:
    return row.kind is CadenceKind.ONCE


def _touches(row: Commitment, dates) -> bool:
    if _is_once(row):
        return row.once_on in dates and row.picked_on <= row.once_on
    return row.picked_on <= dates[-1] and (row.retired_on is None or row.retired_on >= dates[0])


def _cell(book: Book, chain, day: date, standings, off) -> Cell:
    link = next((link for link in reversed(chain) if link.id in standings), None)
    if link is None:
        return Cell(day, None, off=day in off)
    return Cell(
        day,
        standings[link.id],
        ahead=day > book.today,
        late=is_late(book, link.id, day),
        commitment_id=link.id,
        to_mend=standings[link.id] is Standing.BROKEN and _can_be_mended(book, link, day),
    )


def _can_be_mended(book: Book, link: Commitment, day: date) -> bool:
    """Whether a broken promise is no repair itself and has none."""
    if link.repairs_id is not None:
        return False
    repairs = ((row.repairs_id, row.repairs_date) for row in book.commitments.values())
    return (link.id, day) not in repairs
