"""kept serve: from the first start to a stop that finishes what it began."""

import json
import os
import signal
import socket
import sqlite3
import stat
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.command import KEPT, environment, refusal
from tests.serving import Wire, free_port, serving


@pytest.fixture
def port():
    return free_port()


@pytest.fixture
def start(empty, port, tmp_path):
    """Serves on `port`; what it says goes to kept.log."""

    def run(**settings):
        env = environment(empty, PORT=str(port), **settings)
        return serving([KEPT, "serve"], port, tmp_path / "kept.log", env)

    return run


def test_the_first_start_makes_all_it_needs_for_its_user_alone(start, empty, port, tmp_path):
    with start():
        answer = Wire(port, {}).get("/healthz")
    assert (answer.status, answer.body) == (200, b'{"status":"ok"}\n')
    assert f"Kept is at http://localhost:{port}" in (tmp_path / "kept.log").read_text()
    assert {"kept.db", "secret", "vapid.pem"} <= {path.name for path in empty.iterdir()}
    for path in (empty, *empty.iterdir()):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_it_serves_this_machine_only_unless_told(start, port):
    with start(), socket.socket() as other:
        assert other.connect_ex(("127.0.0.1", port)) == 0
    with start(), socket.socket() as other:
        assert other.connect_ex(("127.0.0.2", port)) != 0
    with start(KEPT_BIND="0.0.0.0"), socket.socket() as other:
        assert other.connect_ex(("127.0.0.2", port)) == 0


def log_of(tmp_path) -> list[dict]:
    """The lines of kept.log that a server writes once it is up."""
    lines = (tmp_path / "kept.log").read_text().splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")]


def test_its_log_names_no_token_and_nobody(start, port, tmp_path):
    with start():
        wire = Wire(port, {"User-Agent": "Danas-Phone", "Referer": "http://localhost/private"})
        answers = [
            wire.get(path)
            for path in (
                "/links/token-of-dana",
                "/invitations/token-of-dana?from=token-of-dana",
                "/devices/token-of-dana/qr",
                "/calendars/token-of-dana.ics",
                "/sign-ins/new?next=token-of-dana",
                "/link/token-of-dana",
                "/%0a%22token%22",
            )
        ]
        assert all(answer.status < 500 for answer in answers)
        assert wire.get("/pulse/token-of-dana").status < 500
        with socket.create_connection(("localhost", port)) as rude:
            rude.sendall(b"GET /token-of-dana HTTP/1.1\r\nHost: a\r\nbad header\r\n\r\n")
            assert b" 400 " in rude.recv(1000)
    lines = [line for line in log_of(tmp_path) if line.get("route") not in (None, "/healthz")]
    assert [line["request"] for line in lines if line["request"] != "-"] == [
        answer.headers["x-request-id"] for answer in answers
    ]
    assert (lines[0]["message"], lines[0]["route"]) == ("request", "/links/<token>")
    assert (lines[0]["method"], lines[0]["status"]) == ("GET", answers[0].status)
    log = (tmp_path / "kept.log").read_text()
    for private in ("token-of-dana", 'token"', "Danas-Phone", "private", "127.0.0.1", "/pulse/"):
        assert private not in log


def beside(pid: int) -> list[int]:
    """The processes that a server has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_gone(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return not status.exists() or "State:\tZ" in status.read_text()


def workers(served) -> list[int]:
    within(10, lambda: len(beside(served.process.pid)) == 2)
    return beside(served.process.pid)


def beats(folder: Path) -> bool:
    """Whether a ticker has said that it works."""
    with closing(sqlite3.connect(folder / "kept.db", timeout=5)) as database:
        return bool(database.execute("SELECT count(*) FROM heartbeats").fetchone()[0])


def within(seconds: float, true: Callable[[], bool]) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_its_processes_end_with_a_killed_server(start):
    with start() as served:
        family = workers(served)
        served.process.kill()
        within(15, lambda: all(map(is_gone, family)))


def test_its_processes_remind_and_one_that_is_killed_does_so_again(start, empty):
    with start() as served:
        within(15, lambda: beats(empty))
        killed = workers(served)
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        within(15, lambda: all(map(is_gone, killed)))
        with closing(sqlite3.connect(empty / "kept.db", timeout=5)) as database, database:
            database.execute("DELETE FROM heartbeats")
        within(15, lambda: beats(empty))


def test_it_leaves_reminding_to_others_where_told(start, empty):
    with start(KEPT_TICKER="off") as served:
        assert workers(served)
        time.sleep(6)  # longer than a ticker waits before its first look
        assert not beats(empty)


def test_it_stops_in_time_and_leaves_a_whole_database(start, empty, port):
    with start() as served:
        Wire(port, {}).get("/")
        began = time.monotonic()
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(15) == 0
        assert time.monotonic() - began < 12
    assert not (empty / "kept.db-wal").exists()


def test_a_taken_port_is_refused(empty):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        line = refusal("serve", data=empty, PORT=str(port))
    assert f"port {port}" in line
    assert "set PORT" in line


def test_an_instant_for_now_is_for_this_machine_only(empty):
    line = refusal(
        "--now", "2026-11-23T18:00:00Z", "serve", data=empty, KEPT_ORIGIN="https://kept.example.org"
    )
    assert "--now" in line


def test_what_cannot_be_opened_is_refused_in_one_line(empty):
    empty.mkdir()
    (empty / "kept.db").write_text("My diary. " * 1000)
    assert "is damaged" in refusal("serve", data=empty)
