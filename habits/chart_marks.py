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
    groups: list[list[Withdrawal]] = []
    for withdrawal in sorted(withdrawals):
        if withdrawal.date not in balances:
            continue
        groups.append([withdrawal])
        while len(groups) > 1 and _touch(frame, *groups[-2:]):
            groups[-2:] = [groups[-2] + groups[-1]]
    return tuple(_mark(frame, group, balances) for group in groups)


def _touch(frame, group, following) -> bool:
    return frame.x(_gravest(following).date) - frame.x(_gravest(group).date) < NEAR


def _gravest(group) -> Withdrawal:
    return min(group, key=lambda withdrawal: withdrawal.change)


def _mark(frame, group, balances) -> Mark:
    gravest = _gravest(group)
    return Mark(
        x=frame.x(gravest.date),
        y=frame.y(balances[gravest.date]),
        first=group[0].date,
        last=group[-1].date,
        count=len(group),
        change=sum(withdrawal.change for withdrawal in group),
        kind=gravest.kind,
        nature=gravest.nature,
        told=gravest.told,
        balance=balances[gravest.date],
    )
