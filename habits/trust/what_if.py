"""What would happen: an account played on from any state, with at most one promise broken."""

from dataclasses import dataclass
from datetime import date, timedelta

from habits.trust.account import Day, State
from habits.trust.fold import fold
from habits.trust.forecast import days_to
from habits.trust.history import Answer, Cadence, Commitment, History, Nature, Pillar, Reply


@dataclass(frozen=True, slots=True)
class Break:
    """A promise broken on the first day; `told` moves nothing but a mistake."""

    nature: Nature
    told: bool = False

    @property
    def pillar(self) -> Pillar:
        """Whose promise it is: a mistake is of Competency, all else of Character."""
        return Pillar.COMPETENCY if self.nature is Nature.MISTAKE else Pillar.CHARACTER


def play(trust: float, streak: int, broken: Break | None, first: date, days: int) -> list[Day]:
    """So many days from `first` on, one promise a pillar each day, all kept but the one broken.

    Both pillars begin with `trust` (0 to 100) and `streak` good days.
    """
    last = first + timedelta(days=days - 1)
    before = State(
        date=first - timedelta(days=1),
        character=trust,
        competency=trust,
        character_streak=streak,
        competency_streak=streak,
    )
    return fold(_history(broken, first, days), last, before)


def days_back(days: list[Day]) -> int | None:
    """Days after the first until the balance is what it was before it, if all is kept from then on;
    0 if it never fell below, None for never (three years or more).
    """
    first = days[0]
    history = _history(None, first.date, 0)
    return days_to(first.before.balance, first.state, history, first.date)


def _history(broken: Break | None, first: date, days: int) -> History:
    made = [Commitment(p, p, Cadence.daily(), first) for p in Pillar]
    answers = [
        _answer(pillar, first + timedelta(days=n), broken if n == 0 else None)
        for n in range(days)
        for pillar in Pillar
    ]
    return History(1, tuple(made), tuple(answers))


def _answer(pillar: Pillar, day: date, broken: Break | None) -> Answer:
    if broken is None or broken.pillar is not pillar:
        return Answer(pillar, day, Reply.KEPT)
    return Answer(pillar, day, Reply.BROKEN, broken.nature, broken.told)
