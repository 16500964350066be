"""Two hundred people at once, four reads to a write: no error, no lock, no long wait."""

import random
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from types import MappingProxyType
from uuid import uuid4

from habits.db import db, insert
from habits.models.answers import Answer
from habits.models.commitments import Commitment
from habits.trust.history import Reply
from tests.torture.ground import Ground, Voice, say

WRITES = 0.2
READ, WRITE = "read", "write"
LONGEST = {READ: 300, WRITE: 500}  # ms, of 99 in 100
ROWS = 1000  # an INSERT


@dataclass(frozen=True)
class Found:
    clients: int
    stored: int  # answers before the first request
    requests: int
    errors: dict[str, int]
    p50: dict[str, float]  # ms
    p99: dict[str, float]
    longest: dict[str, float]  # ms that the p99 may take
    a_second: float

    @property
    def clean(self) -> bool:
        in_time = all(self.p99[kind] <= most for kind, most in self.longest.items())
        return self.requests > 0 and not self.errors and in_time


class Client(threading.Thread):
    """One leader's phone: reads Today, answers, reads the week, without a pause but `rest` s."""

    def __init__(self, ground: Ground, voice: Voice, until: float, rest: float, seed: int):
        super().__init__(daemon=True)
        self.ground, self.voice, self.until, self.rest = ground, voice, until, rest
        self.chance = random.Random(seed)
        self.times: dict[str, list[float]] = {READ: [], WRITE: []}
        self.errors: list[str] = []

    def run(self):
        wire = self.ground.wire()
        wire.cookies["kept"] = self.voice.cookie
        while time.monotonic() < self.until:
            kind = WRITE if self.chance.random() < WRITES else READ
            began = time.monotonic()
            try:
                status = self._ask(wire, kind)
            except (OSError, HTTPException) as problem:
                self.errors.append(type(problem).__name__)
                wire = self.ground.wire()
                wire.cookies["kept"] = self.voice.cookie
                continue
            self.times[kind].append((time.monotonic() - began) * 1000)
            if status != 200:
                self.errors.append(str(status))
            time.sleep(self.chance.uniform(0, 2 * self.rest))

    def _ask(self, wire, kind: str) -> int:
        if kind == WRITE:
            return say(wire, self.voice, self.voice.next())
        page = self.chance.choice(("/", "/", "/", "/weeks/"))
        return wire.get(page, **{"HX-Request": "", "HX-Request-Type": ""}).status


def campaign(
    ground: Ground, answers: int, seconds: float, rest: float = 0.0, longest=MappingProxyType({})
) -> Found:
    """All of the ground's leaders at once, after `answers` in all were stored.

    `longest`: ms that 99 in 100 reads and writes may take, where that is to be held.
    """
    _fill(ground, answers)
    stored = len(ground.stored())
    with ground.serve():
        until = time.monotonic() + seconds
        clients = [
            Client(ground, voice, until, rest, seed) for seed, voice in enumerate(ground.voices)
        ]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
    times = {kind: sorted(t for c in clients for t in c.times[kind]) for kind in (READ, WRITE)}
    errors: dict[str, int] = {}
    for error in (error for client in clients for error in client.errors):
        errors[error] = errors.get(error, 0) + 1
    requests = sum(map(len, times.values()))
    return Found(
        clients=len(clients),
        stored=stored,
        requests=requests,
        errors=errors,
        p50={kind: _part(times[kind], 0.5) for kind in times},
        p99={kind: _part(times[kind], 0.99) for kind in times},
        longest=dict(longest),
        a_second=round(requests / seconds, 1),
    )


def _part(times: list[float], part: float) -> float:
    return round(times[int(len(times) * part)], 1) if times else 0.0


def _fill(ground: Ground, answers: int) -> None:
    """Old answers, shared out among the leaders; their days are long fixed."""
    each = answers // (len(ground.voices) * len(ground.voices[0].promises)) + 1
    now = datetime.now(UTC) - timedelta(days=10)
    with ground.app.app_context():
        rows = []
        owners = dict(db.session.execute(db.select(Commitment.id, Commitment.leader_id)).all())
        first = now.date() - timedelta(days=each)
        db.session.execute(db.update(Commitment).values(picked_on=first))
        for promise, leader in owners.items():
            for back in range(each):
                at = now - timedelta(days=back)
                rows.append(
                    {
                        "leader_id": leader,
                        "commitment_id": promise,
                        "date": at.date(),
                        "reply": Reply.KEPT,
                        "told": False,
                        "key": str(uuid4()),
                        "answered_at": at,
                        "recorded_at": at,
                    }
                )
        for start in range(0, len(rows), ROWS):
            db.session.execute(insert(Answer).values(rows[start : start + ROWS]))
        db.session.commit()
        db.engine.dispose()
