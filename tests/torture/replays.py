"""The same write again, at once, by fifty at a time, a day later: one effect, and only its own."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from habits.db import db
from habits.models import Lapse
from tests.torture.ground import Ground, Voice, say, workers

AT_ONCE = 50


@dataclass(frozen=True)
class Found:
    replays: int
    forged: int  # a known key with another body
    rounds: int  # of fifty identical requests at once
    doubled: int
    refused: Counter  # replays and rounds by any status but 200
    taken: int  # of the forged

    @property
    def clean(self) -> bool:
        return self.replays > 0 < self.rounds and not (self.doubled or self.refused or self.taken)


def campaign(ground: Ground, replays: int, rounds: int) -> Found:
    """Half of the replays come at once, half a day later; then the rounds."""
    voices = ground.voices[: workers()]
    with ThreadPoolExecutor(len(voices)) as phones:
        with ground.serve():
            each = -(-replays // 2 // len(voices))
            first = list(phones.map(lambda voice: _twice(ground, voice, each), voices))
        a_day_later = datetime.now(UTC) + timedelta(hours=24)
        ground.before = {"KEPT_CLOCK": a_day_later.isoformat()}
        with ground.serve():
            later = list(
                phones.map(lambda pair: _again(ground, *pair), zip(voices, first, strict=True))
            )
            together = _rounds(ground, voices[0], rounds)
    statuses = sum((statuses for _sent, statuses, _forged in first), Counter())
    statuses += sum((statuses for statuses, _forged in later), Counter()) + together
    forged = sum((forged for *_, forged in (*first, *later)), Counter())
    stored = Counter(ground.stored())
    answers = sum(len(sent) for sent, *_ in first) + rounds - rounds // 2
    return Found(
        replays=statuses.total() - together.total() - sum(len(sent) for sent, *_ in first),
        forged=forged.total(),
        rounds=rounds,
        doubled=abs(stored.total() - answers) + abs(_lapses(ground) - rounds // 2),
        refused=Counter({status: n for status, n in statuses.items() if status != 200}),
        taken=forged.total() - forged[409],
    )


def _twice(ground: Ground, voice: Voice, answers: int) -> tuple[list, Counter, Counter]:
    """So many answers, each sent twice and once more with another body."""
    wire, sent, statuses, forged = ground.wire(), [], Counter(), Counter()
    for _ in range(answers):
        fields = voice.next()
        sent.append(fields)
        statuses[say(wire, voice, fields)] += 1
        statuses[say(wire, voice, fields)] += 1
        forged[say(wire, voice, _other(fields))] += 1
    return sent, statuses, forged


def _again(ground: Ground, voice: Voice, before: tuple) -> tuple[Counter, Counter]:
    """What was sent a day ago, and another body with each key."""
    wire, statuses, forged = ground.wire(), Counter(), Counter()
    for fields in before[0]:
        statuses[say(wire, voice, fields)] += 1
        forged[say(wire, voice, _other(fields))] += 1
    return statuses, forged


def _rounds(ground: Ground, voice: Voice, rounds: int) -> Counter:
    """Fifty browsers that send the same answer, or the same lapse, in the same moment."""
    start, statuses, lock = threading.Barrier(AT_ONCE), Counter(), threading.Lock()
    writes = [_answer(voice) if n % 2 == 0 else _lapse(voice) for n in range(rounds)]

    def browser(_number):
        wire = ground.wire()
        for path, fields in writes:
            start.wait(60)
            status = say(wire, voice, fields, path)
            with lock:
                statuses[status] += 1

    with ThreadPoolExecutor(AT_ONCE) as browsers:
        list(browsers.map(browser, range(AT_ONCE)))
    return statuses


def _answer(voice: Voice) -> tuple[str, dict]:
    return "/answers", voice.next() | {"date": str(voice.today.date())}


def _lapse(voice: Voice) -> tuple[str, dict]:
    fields = {"date": str(voice.today.date()), "nature": "mistake", "told": "yes"}
    return "/lapses", fields | {"key": str(uuid4())}


def _other(fields: dict) -> dict:
    return fields | {"answer": "kept" if fields["answer"] == "released" else "released"}


def _lapses(ground: Ground) -> int:
    with ground.app.app_context():
        return db.session.scalar(db.select(db.func.count()).select_from(Lapse))
