"""Books without a database, from histories or in a line: what weeks and ledgers are tested on."""

from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace

from habits.book import Book, Latest
from habits.models import Commitment, Lapse, TimeOff
from habits.trust import history as trust
from habits.trust.history import History, Nature, Pillar, Reply

FIRST = date(2026, 11, 16)  # a Monday


def of(history: History, today: date) -> Book:
    """The book that holds this history, read on `today`; every answer was given on its day."""
    return Book(
        leader=SimpleNamespace(timezone="UTC", day_start=0, week_start=history.week_start),
        today=today,
        since=None,
        stored=(),
        commitments={one.id: _row(one) for one in history.commitments},
        answers={(a.commitment, a.date): _latest(a) for a in history.answers if a.date <= today},
        lapses=tuple(
            Lapse(date=x.date, nature=x.nature, told=x.told, person_id=x.person, note=x.note)
            for x in history.lapses
            if x.date <= today
        ),
        time_off=tuple(TimeOff(first=x.first, last=x.last) for x in history.time_off),
    )


def written(days: dict[str, str], today: date, *, off=(), lapses=(), times=None) -> Book:
    """A book from a line of signs a commitment, from FIRST on.

    k kept, t told, u untold, c choice, d deception, r released, . nothing said.
    """
    commitments, answers = [], []
    for title, signs in days.items():
        cadence = trust.Cadence.per_week(times) if times else trust.Cadence.daily()
        commitments.append(trust.Commitment(title, Pillar.CHARACTER, cadence, FIRST, title=title))
        answers += [
            trust.Answer(title, FIRST + timedelta(days=n), *SIGNS[sign])
            for n, sign in enumerate(signs)
            if sign in SIGNS
        ]
    away = tuple(trust.TimeOff(first, last) for first, last in off)
    return of(History(1, tuple(commitments), tuple(answers), tuple(lapses), away), today)


SIGNS = {
    "k": (Reply.KEPT,),
    "r": (Reply.RELEASED,),
    "t": (Reply.BROKEN, Nature.MISTAKE, True),
    "u": (Reply.BROKEN, Nature.MISTAKE, False),
    "c": (Reply.BROKEN, Nature.CHOICE, False),
    "d": (Reply.BROKEN, Nature.DECEPTION, False),
}


def _row(one: trust.Commitment) -> Commitment:
    return Commitment(
        id=one.id,
        title=one.title or str(one.id),
        intention=one.intention,
        pillar=one.pillar,
        person_id=one.person,
        kind=one.cadence.kind,
        weekdays=sorted(one.cadence.days) or None,
        times=one.cadence.times,
        once_on=one.cadence.date,
        picked_on=one.picked_on,
        retired_on=one.retired_on,
        position=0,
    )


def _latest(answer: trust.Answer) -> Latest:
    at = datetime.combine(answer.date, time(12), UTC)
    return Latest(answer.reply, answer.nature, answer.told, None, at, at, False)
