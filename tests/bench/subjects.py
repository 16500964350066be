"""What is measured: something served that is read at / and takes answers at /answers."""

import re
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlencode
from uuid import uuid4

import brotli
from sqlalchemy import select

from habits import create_app, ledger, links
from habits.db import db
from habits.models.answers import Answer
from habits.models.devices import LinkKind
from habits.models.leaders import Leader
from tests import databases
from tests.bench import crowd, record
from tests.bench.figures import Figures
from tests.clock import MONDAY
from tests.command import KEPT, environment
from tests.serving import Served, Wire, free_port, serving
from tests.statements import count_statements
from tests.web import rows

# What Chromium sends from a phone, so that the bytes of a tap are those of life.
BROWSER = {
    "User-Agent": (
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/140.0.0.0 Mobile Safari/537.36"
    ),
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Accept-Language": "en-GB,en;q=0.9",
    "sec-ch-ua": '"Chromium";v="140", "Not=A?Brand";v="24"',
    "sec-ch-ua-mobile": "?1",
    "sec-ch-ua-platform": '"Android"',
}
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
WARM_UP = 30  # requests before each count


class Subject:
    """Something served that is read at / and takes answers at /answers."""

    batch = 5  # taps, after which what they stored is put back

    def __init__(self, folder: Path):
        folder.mkdir(parents=True)
        self.folder = folder
        self.port = free_port()
        self.stack = ExitStack()

    def __enter__(self):
        served = serving(self.command(), self.port, self.folder / "log", self.env())
        self.served: Served = self.stack.enter_context(served)
        self.wire = Wire(self.port, BROWSER)
        self.begin()
        return self

    def __exit__(self, *_):
        self.stack.close()

    def begin(self) -> None:
        """Before the first request."""

    def put_back(self) -> None:
        """Undo the taps of a batch."""

    def today(self):
        return self._asked(self.wire.get("/", Accept="text/html"))

    def cpu(self, requests: int, seldom: int) -> dict[str, float]:
        """Milliseconds of CPU of each kind of request, by the names of Figures."""
        return {
            "today_cpu": self.cpu_of(self.today, requests),
            "tap_cpu": self.cpu_of_a_tap(requests),
        }

    def cpu_of(self, ask, requests: int) -> float:
        """Milliseconds of a GET."""
        for _ in range(min(WARM_UP, requests)):
            ask()
        before = self.served.cpu()
        for _ in range(requests):
            ask()
        return (self.served.cpu() - before) * 1000 / requests

    def cpu_of_a_tap(self, requests: int) -> float:
        """Milliseconds of a POST."""
        spent, batches = 0.0, max(1, requests // self.batch)
        for number in range(-WARM_UP // self.batch, batches):
            before = self.served.cpu()
            for which in range(self.batch):
                self.tap(which)
            if number >= 0:
                spent += self.served.cpu() - before
            self.put_back()
        return spent * 1000 / (batches * self.batch)

    def _asked(self, answer):
        if answer.status != 200:
            raise RuntimeError(f"{answer.status}: {answer.body[:300]!r}")
        return answer


class Floor(Subject):
    """The smallest app of the kind."""

    def command(self):
        return [sys.executable, "-m", "tests.bench.floor", self.folder, str(self.port)]

    def env(self):
        return environment(self.folder)

    def tap(self, _which: int):
        return self._asked(self.wire.post("/answers", "answer=kept"))

    def count(self) -> Figures:
        first, tap = self.today(), self.tap(0)
        return Figures(
            page_bytes=first.down,
            first_bytes=first.down,
            first_requests=1,
            tap_bytes=tap.up + tap.down,
            start=self.served.start,
        )


class Kept(Subject):
    """Kept with Dana signed in, after so many days."""

    def __init__(self, folder: Path, days: int, leaders: int = 1):
        super().__init__(folder)
        self.url = f"sqlite:///{folder / 'kept.db'}"
        databases.migrate(folder, self.url)
        self.app = create_app(databases.config(folder, self.url), lambda: MONDAY)
        with self.app.app_context():
            dana = record.fill(MONDAY, days)
            crowd.surround(dana, leaders - 1, MONDAY)
            self.leader = dana.opaque
            self.token = links.make(LinkKind.SIGN_IN, dana, MONDAY)
            db.session.commit()

    def command(self):
        return [KEPT, "serve"]

    def env(self):
        secret = self.app.config["SECRET_KEY"]
        clock = MONDAY.isoformat()
        return environment(self.folder, PORT=str(self.port), KEPT_CLOCK=clock, KEPT_SECRET=secret)

    def begin(self):
        self.wire.post(f"/links/{self.token}", f"key={uuid4()}")
        self.fields = _taps(self.today().body)

    def tap(self, which: int):
        said = MONDAY.strftime("%Y-%m-%dT%H:%M:%S.000Z")
        fields = self.fields[which % len(self.fields)] | {
            "key": str(uuid4()),
            "answered_at": said,
            "sent_at": said,
        }
        origin = f"http://localhost:{self.port}"
        headers = HTMX | {
            "Kept-Leader": self.leader,
            "Origin": origin,
            "Referer": f"{origin}/",
            "Sec-Fetch-Site": "same-origin",
            "Sec-Fetch-Mode": "cors",
            "Sec-Fetch-Dest": "empty",
            "Accept": "*/*",
        }
        return self._asked(self.wire.post("/answers", urlencode(fields), **headers))

    def put_back(self):
        with self.app.app_context():
            db.session.query(Answer).filter(Answer.date == MONDAY.date()).delete()
            db.session.commit()

    def cpu(self, requests: int, seldom: int):
        return super().cpu(requests, seldom) | {
            "week_cpu": self.cpu_of(lambda: self._page("/weeks/2026-W47"), seldom),
            "chart_cpu": self.cpu_of(lambda: self._page("/account?range=all"), seldom),
            "refold_cpu": self.cpu_of_a_refold(),
        }

    def cpu_of_a_refold(self) -> float:
        """Milliseconds of folding the whole record anew and storing it, in this process."""
        with self.app.app_context():
            dana = db.session.scalar(select(Leader).order_by(Leader.id).limit(1))
            before = time.process_time()
            ledger.refold(dana, MONDAY.date())
            spent = time.process_time() - before
            db.session.rollback()
        return spent * 1000

    def count(self) -> Figures:
        first, tap = self.today(), self.tap(0)
        self.put_back()
        named = {path: self._asked(self.wire.get(path)).down for path in _named(first.body)}
        sheet = next(path for path in named if path.endswith(".css"))
        return Figures(
            today_statements=self._statements("get", "/"),
            tap_statements=self._statements("post", "/answers"),
            page_bytes=first.down + named[sheet],
            first_bytes=first.down + sum(named.values()),
            first_requests=1 + len(named),
            tap_bytes=tap.up + tap.down,
            start=self.served.start,
        )

    def _page(self, path: str):
        return self._asked(self.wire.get(path, Accept="text/html"))

    def _statements(self, verb: str, path: str) -> int:
        """Counted in this process, on the same database, with the cookie of the same session."""
        client = self.app.test_client()
        for name, value in self.wire.cookies.items():
            client.set_cookie(name, value)
        data = self.fields[0] | {"key": str(uuid4())} if verb == "post" else None
        with count_statements() as seen:
            response = client.open(path, method=verb.upper(), data=data, headers=HTMX)
        assert response.status_code == 200, response.text
        self.put_back()
        return len(seen)


def _taps(page: bytes) -> list[dict[str, str]]:
    """The fields of "Kept" of every row that stands open, as the page's own forms hold them."""
    text = brotli.decompress(page).decode()
    shown = SimpleNamespace(text=text)
    return [
        rows.form_of(element, "kept")
        for element in rows.parse(shown).iter("li")
        if element.get("data-answer") == "open"
    ]


def _named(page: bytes) -> list[str]:
    """What a browser fetches for a page: its sheet, its scripts, its icon and its manifest."""
    text = brotli.decompress(page).decode()
    kinds = r'<(?:link rel="(?:stylesheet|icon|manifest)" href|script [^>]*src)="([^"]+)"'
    return re.findall(kinds, text)
