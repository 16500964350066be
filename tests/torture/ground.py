"""Leaders with sessions on a database of their own, a server for them, and what they say to it."""

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

from habits import create_app
from habits.db import db
from habits.models.answers import Answer
from tests import cast, databases
from tests.command import KEPT, environment
from tests.serving import Wire, free_port, serving

SECRET = "a secret that only tests know: 0123456789"
PROMISES = 3
DAYS = 7  # that can be answered
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial", "Sec-Fetch-Site": "same-origin"}


@dataclass
class Voice:
    """One signed-in leader who answers their own promises, each answer another than before."""

    cookie: str
    promises: list[int]
    today: datetime
    said: int = 0

    def next(self) -> dict[str, str]:
        """The fields of the next answer, with a key of its own."""
        place, self.said = self.said, self.said + 1
        day = place // PROMISES % DAYS
        return {
            "commitment": str(self.promises[place % PROMISES]),
            "date": str((self.today - timedelta(days=day)).date()),
            "answer": ("kept", "released")[place // (PROMISES * DAYS) % 2],
            "key": str(uuid4()),
        }


@dataclass
class Ground:
    """Where a campaign takes place."""

    folder: Path
    url: str
    leaders: int
    before: dict[str, str] = field(default_factory=dict)  # more of the server's environment

    def __post_init__(self):
        self.port = free_port()
        self.app = create_app(
            databases.config(self.folder, self.url, secret=SECRET), lambda: datetime.now(UTC)
        )
        with self.app.app_context():
            self.voices = [self._voice(number) for number in range(self.leaders)]

    def serve(self):
        """A server with two workers, as its host starts it; a context manager."""
        env = environment(
            self.folder, PORT=str(self.port), KEPT_SECRET=SECRET, DATABASE_URL=self.url
        )
        return serving([KEPT, "serve"], self.port, self.folder / "log", env | self.before)

    def wire(self) -> Wire:
        return Wire(self.port, HTMX | {"Origin": f"http://localhost:{self.port}"})

    def stored(self) -> list[str]:
        """The key of every answer that the database holds."""
        with self.app.app_context():
            return list(db.session.scalars(db.select(Answer.key)))

    def _voice(self, number: int) -> Voice:
        now = datetime.now(UTC)
        leader = cast.leader(f"Leader {number}", "UTC", since=now - timedelta(days=30))
        since = {"picked_on": (now - timedelta(days=30)).date(), "created_at": now}
        promises = [cast.promise(leader, f"Promise {n}", **since).id for n in range(PROMISES)]
        client = self.app.test_client()
        cast.sign_in(client, leader)
        return Voice(client.get_cookie("kept").value, promises, now)


def say(wire: Wire, voice: Voice, fields: dict[str, str], path: str = "/answers") -> int:
    """Send an answer, or another write; its status. Raises OSError or HTTPException without one."""
    wire.cookies["kept"] = voice.cookie
    return wire.post(path, urlencode(fields)).status


def workers() -> int:
    """As many at once as the machine takes."""
    return min(8, 4 * (os.cpu_count() or 2))
