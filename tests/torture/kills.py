"""kill -9 of every process: no acknowledged answer is lost, and none counts twice."""

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass
from http.client import HTTPException

from tests.torture.ground import Ground, Voice, say, workers

LIVES = (0.3, 1.2)  # seconds from the first answer to the kill


@dataclass(frozen=True)
class Found:
    kills: int
    enough: int  # answers that have to be acknowledged for this to show anything
    acknowledged: int
    lost: int
    doubled: int
    refused: int  # answered, but with something else than 200

    @property
    def clean(self) -> bool:
        return self.acknowledged >= self.enough and not (self.lost or self.doubled or self.refused)


class Speaker(threading.Thread):
    """Sends one answer after another; one without a reply is sent again with its key."""

    def __init__(self, ground: Ground, voice: Voice, over: threading.Event):
        super().__init__(daemon=True)
        self.ground, self.voice, self.over = ground, voice, over
        self.acknowledged: list[str] = []
        self.refused: list[int] = []

    def run(self):
        fields = self.voice.next()
        while not self.over.is_set():
            try:
                wire = self.ground.wire()
                while not self.over.is_set():
                    self._said(say(wire, self.voice, fields), fields["key"])
                    fields = self.voice.next()
            except (OSError, HTTPException):
                time.sleep(0.02)  # the server is down: the answer waits

    def _said(self, status: int, key: str):
        if status == 200:
            self.acknowledged.append(key)
        else:
            self.refused.append(status)


def campaign(ground: Ground, kills: int, enough: int = 1, seed: int = 1) -> Found:
    """Answer without a pause while the server is killed `kills` times, or until it was enough."""
    chance, over = random.Random(seed), threading.Event()
    speakers = [Speaker(ground, voice, over) for voice in ground.voices[: workers()]]
    for speaker in speakers:
        speaker.start()
    killed = 0
    while killed < kills or sum(len(speaker.acknowledged) for speaker in speakers) < enough:
        with ground.serve() as served:
            time.sleep(chance.uniform(*LIVES))
            served.kill()
        killed += 1
    with ground.serve():
        over.set()
        for speaker in speakers:
            speaker.join(30)
    acknowledged = [key for speaker in speakers for key in speaker.acknowledged]
    stored = Counter(ground.stored())
    return Found(
        kills=killed,
        enough=enough,
        acknowledged=len(acknowledged),
        lost=sum(key not in stored for key in acknowledged),
        doubled=sum(count > 1 for count in stored.values()),
        refused=sum(len(speaker.refused) for speaker in speakers),
    )
