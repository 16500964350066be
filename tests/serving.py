"""A running server: what it spends in CPU time, and what passes over the wire."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

PATIENCE = 30  # seconds until a server has to answer
REST = 1  # seconds after which gunicorn may be about to close a silent connection


@dataclass
class Served:
    """A server of this machine; `cpu()` is what it and its workers have used, in seconds.

    `start` is how long it took from the command to its first answer, in seconds.
    """

    process: subprocess.Popen
    port: int
    start: float = 0.0

    def cpu(self) -> float:
        return sum(_cpu_time(pid) for pid in family(self.process.pid))

    def memory(self) -> float:
        """MiB of all its processes, what they share counted once (Linux)."""
        return sum(_pss(pid) for pid in family(self.process.pid)) / 1024

    def kill(self) -> None:
        """End all its processes at once, without a chance to finish anything."""
        for pid in family(self.process.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(PATIENCE)


@dataclass(frozen=True)
class Answer:
    """An answer with its size on the wire, up and down, headers included, in bytes."""

    status: int
    headers: dict[str, str]
    body: bytes
    up: int
    down: int


class Wire:
    """One kept-alive connection that counts its bytes and carries its cookies."""

    def __init__(self, port: int, headers: dict[str, str]):
        self.connection = _Counting("localhost", port, timeout=PATIENCE)
        self.last = time.monotonic()
        self.headers = headers
        self.cookies: dict[str, str] = {}

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask("GET", path, None, headers)

    def post(self, path: str, body: str, **headers: str) -> Answer:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, body, form | headers)

    def _ask(self, method, path, body, headers) -> Answer:
        self._reconnect_after_a_rest()
        before = self.connection.sent
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = self.headers | headers | ({"Cookie": cookie} if cookie else {})
        self.connection.request(method, path, body, sent)
        response = self.connection.getresponse()
        received = response.read()
        lines = response.getheaders()
        for name, value in lines:
            if name.lower() == "set-cookie":
                key, _equals, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        self.last = time.monotonic()
        head = sum(len(name) + len(value) + 4 for name, value in lines)
        status_line = len(f"HTTP/1.1 {response.status} {response.reason}\r\n\r\n")
        return Answer(
            status=response.status,
            headers={name.lower(): value for name, value in lines},
            body=received,
            up=self.connection.sent - before,
            down=status_line + head + len(received),
        )

    def _reconnect_after_a_rest(self):
        if time.monotonic() - self.last > REST:
            self.connection.close()  # http.client opens it again


@contextmanager
def serving(
    command: list, port: int, log: Path, env: dict[str, str], given: tuple[int, ...] = ()
) -> Iterator[Served]:
    """Start a server, wait until it answers, and end it afterwards; `given` are open files."""
    begun = time.monotonic()
    with log.open("ab") as out:
        process = subprocess.Popen(command, env=env, stdout=out, stderr=out, pass_fds=given)
    try:
        _wait(process, port, log)
        yield Served(process, port, time.monotonic() - begun)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class _Counting(HTTPConnection):
    """Counts what is sent."""

    sent = 0

    def send(self, data):
        self.sent += len(data)
        super().send(data)


def _wait(process, port: int, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            Wire(port, {}).get("/healthz")
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError(f"no server on port {port}: {log.read_text()[-2000:]}")


def family(pid: int) -> list[int]:
    """A process and all that come from it (Linux)."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in family(int(child)))]


def _cpu_time(pid: int) -> float:
    """Seconds of CPU of all threads, to the nanosecond: the clock of another process (Linux)."""
    return time.clock_gettime(~pid << 3 | 2)


def _pss(pid: int) -> int:
    """KiB of a process, with its part of what it shares."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
