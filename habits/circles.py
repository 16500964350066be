"""The three circles of a leader: what was promised and done lately, and what people said of it."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from habits.book import Book
from habits.models.leaders import Person
from habits.pulses import Shown
from habits.questions import Count
from habits.trust import circles, pulse
from habits.trust.circles import LEAST_PROMISES, Layout, Link, Overlap
from habits.trust.plan import Plan, Promise, Standing
from habits.trust.pulse import Item, Result
from habits.trust.shares import DAYS, Share

LAPSED = (Standing.BROKEN, Standing.SILENT)
PERCEIVED = {Link.DEED_SEEN: Item.CONGRUENCE, Link.INTENT_FELT: Item.BENEVOLENCE}


class State(StrEnum):
    """What there is to be seen."""

    TOO_EARLY = "too_early"  # fewer than ten promises were answered
    NOT_ASKED = "not_asked"
    NOT_ENOUGH = "not_enough"  # a pulse was closed, and too few had answered
    IN_PERSON = "in_person"
    PUBLISHED = "published"


@dataclass(frozen=True)
class Picture:
    """The circles as they stand; `overlaps` are those that are known."""

    state: State
    kept: int
    lapsed: int
    intended: int  # of kept and lapsed: whose commitment says what it is for
    named: int  # and to whom
    heard: Count
    overlaps: tuple[Overlap, ...]
    layout: Layout | None
    round: Shown | None  # the published one

    @property
    def counted(self) -> int:
        return self.kept + self.lapsed

    @property
    def sweet_spot(self) -> Overlap | None:
        """The weakest of the three, once all three are known."""
        return circles.sweet_spot(*self.overlaps) if len(self.overlaps) == 3 else None

    @property
    def is_even(self) -> bool:
        """Whether the two overlaps with perception are the weakest, and as weak as each other."""
        found = [each for each in self.overlaps if each.q == self.sweet_spot.q]
        return {each.link for each in found} >= set(PERCEIVED)

    def overlap(self, link: Link) -> Overlap | None:
        return next((each for each in self.overlaps if each.link is link), None)


def since(today: date) -> date:
    """The first of the days that the circles look at."""
    return today - timedelta(days=DAYS - 1)


def of(book: Book, rounds: list[Shown], heard: Count) -> Picture:
    """The leader's circles. `rounds` are theirs, newest first; the book holds the last 56 days."""
    published = next((each for each in rounds if each.state is pulse.State.PUBLISHED), None)
    closed = any(each.state is pulse.State.TOO_FEW for each in rounds)
    return _picture(_promises(book, book.plan), heard, published, closed)


def of_person(book: Book, person: Person, heard: Count) -> Picture:
    """The circles between the leader and one person; a pulse is never told apart by person."""
    return _picture(_promises(book, Plan(book.history.for_person(person.id))), heard, None, False)


def _promises(book: Book, plan: Plan) -> list[Promise]:
    days = (book.today - timedelta(days=back) for back in range(DAYS))
    return [promise for day in days for promise in plan.promises(day, book.today)]


def _picture(promises: list[Promise], heard: Count, published: Shown | None, closed: bool):
    kept = sum(promise.standing is Standing.KEPT for promise in promises)
    counted = [p for p in promises if p.standing is Standing.KEPT or p.standing in LAPSED]
    answered = sum(promise.standing is not Standing.SILENT for promise in counted)
    perceived = _perceived(published.result) if published else ()
    state = _state(answered, heard, perceived, closed or published is not None)
    early = state is State.TOO_EARLY
    word_deed = Overlap(Link.WORD_DEED, Share(kept, len(counted)))
    overlaps = () if early else (word_deed, *perceived)
    return Picture(
        state=state,
        kept=kept,
        lapsed=len(counted) - kept,
        intended=sum(bool(promise.commitment.intention) for promise in counted),
        named=sum(promise.commitment.person is not None for promise in counted),
        heard=heard,
        overlaps=overlaps,
        layout=_layout(overlaps),
        round=published if state is State.PUBLISHED else None,
    )


def _state(answered: int, heard: Count, perceived: tuple, closed: bool) -> State:
    if answered < LEAST_PROMISES:
        return State.TOO_EARLY
    if len(perceived) == len(PERCEIVED):
        return State.PUBLISHED
    if heard:
        return State.IN_PERSON
    return State.NOT_ENOUGH if closed else State.NOT_ASKED


def _perceived(result: Result) -> tuple[Overlap, ...]:
    """What the people perceived; nothing where one of the two items had too few answers."""
    found = [(link, result.of(item)) for link, item in PERCEIVED.items()]
    if any(finding is None for _link, finding in found):
        return ()
    return tuple(
        Overlap(link, finding.share) if finding.share else Overlap(link, band=finding.band)
        for link, finding in found
    )


def _layout(overlaps: tuple[Overlap, ...]) -> Layout | None:
    if not overlaps:
        return None
    if len(overlaps) < len(Link):
        return circles.unknown(overlaps[0].q)
    return circles.layout(*(overlap.q for overlap in overlaps))
