"""Where an account fell, as marks along its curve."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

NEAR = 6.5  # per cent between two marks; closer ones are one mark


class Withdrawal(NamedTuple):
    """What moved the balance down on a date; `kind` is broken, silent or lapse."""

    date: date
    change: float
    kind: str = "broken"
    nature: str | None = None
    told: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """One withdrawal, or several too near each other to be told apart; `kind` is the gravest."""

    x: float
    y: float
    first: date
    last: date
    count: int
    change: float
    kind: str
    nature: str | None
    told: bool
    balance: float


def marks_of(frame, points, withdrawals) -> tuple[Mark, ...]:
    """A mark for each withdrawal that the points know, one for those that would touch."""
    balances = {point.date: point.balance for point in points[1:]}
    groups: list[_Group] = []
    for withdrawal in sorted(withdrawals):
        if withdrawal.date not in balances:
            continue
        group = _Group(frame.x(withdrawal.date), withdrawal, [withdrawal])
        while groups and group.x - groups[-1].x < NEAR:
            group = groups.pop().joined(group)
        groups.append(group)
    return tuple(_mark(frame, group, balances) for group in groups)


class _Group(NamedTuple):
    """Withdrawals in order that make one mark, which stands at the gravest."""

    x: float
    gravest: Withdrawal
    all: list[Withdrawal]

    def joined(self, later: "_Group") -> "_Group":
        self.all.extend(later.all)
        graver = later if later.gravest.change < self.gravest.change else self
        return graver._replace(all=self.all)


def _mark(frame, group: _Group, balances) -> Mark:
    gravest = group.gravest
    return Mark(
        x=group.x,
        y=frame.y(balances[gravest.date]),
        first=group.all[0].date,
        last=group.all[-1].date,
        count=len(group.all),
        change=sum(withdrawal.change for withdrawal in group.all),
        kind=gravest.kind,
        nature=gravest.nature,
        told=gravest.told,
        balance=balances[gravest.date],
    )
