"""Whoever is slow, or sends too much, is in nobody's way; a restart cuts nobody off."""

import http.client
import os
import signal
import socket
import sys
import threading
import time
from contextlib import ExitStack, closing

import pytest

from habits.headers import HEADERS
from tests.command import KEPT, environment
from tests.serving import Wire, free_port, serving

CROWD = 50
QUICK = 1.0  # seconds, on a machine that is busy with other tests
POST = b"POST /sign-in/options HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
FORM = POST.replace(b"sign-in/options", b"recover").replace(b"json", b"x-www-form-urlencoded")
GET = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
SLOW = {
    "a head without an end": GET + b"X-",
    "a body without an end": POST + b"Content-Length: 1000\r\n\r\n{",
    "a long body without an end": FORM + b"Content-Length: 100000000\r\n\r\ncode=",
    "chunks without an end": POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{",
    "nothing but blank lines": b"\r\n\r\n",
    "a connection that stays open": GET + b"Connection: close\r\n\r\n",
}


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    """Of one server for all that does not end it."""
    folder, port = tmp_path_factory.mktemp("served"), free_port()
    env = environment(folder / "data", PORT=str(port), KEPT_TICKER="off")
    with serving([KEPT, "serve"], port, folder / "kept.log", env):
        yield port


def crowd(stack: ExitStack, port: int, said: bytes) -> list[socket.socket]:
    """Clients who have said this, and now wait."""
    clients = []
    for _ in range(CROWD):
        client = stack.enter_context(closing(socket.socket()))
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        client.connect(("127.0.0.1", port))
        client.sendall(said)
        clients.append(client)
    return clients


def is_quick(port: int) -> bool:
    began = time.monotonic()
    assert Wire(port, {}).get("/healthz").status == 200
    return time.monotonic() - began < QUICK


@pytest.mark.parametrize("said", SLOW.values(), ids=SLOW)
def test_fifty_who_dawdle_keep_nobody_waiting(port, said):
    with ExitStack() as stack:
        crowd(stack, port, said)
        time.sleep(0.2)
        assert all(is_quick(port) for _ in range(4))


def test_fifty_who_never_read_keep_nobody_waiting(port):
    page = b"GET /static/x/vendor/htmx.min.js HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with ExitStack() as stack:
        crowd(stack, port, page)
        time.sleep(0.2)
        assert all(is_quick(port) for _ in range(4))


def answer(port: int, *parts: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), 10) as client:
        for part in parts:
            client.sendall(part)
            time.sleep(0.05)
        return client.recv(100_000)


def test_a_request_that_comes_in_crumbs_is_served(port):
    body = b'{"handle": 1}'
    whole = POST + b"Content-Length: %d\r\n\r\n" % len(body) + body
    crumbs = [whole[n : n + 10] for n in range(0, len(whole), 10)]
    assert answer(port, *crumbs).startswith(b"HTTP/1.1 200 ")
    chunked = [b"Transfer-Encoding: chunked\r\n\r\n", b"5\r\n", body[:5], b"\r\n8\r\n", body[5:]]
    assert answer(port, POST, *chunked, b"\r\n0\r\n\r\n").startswith(b"HTTP/1.1 200 ")
    assert answer(port, GET + b"\r\n" + GET + b"\r\n").count(b"200 OK") == 2
    waits = POST + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n"
    assert answer(port, waits).startswith(b"HTTP/1.1 100 Continue")


def test_what_is_too_long_is_refused_whatever_follows(port):
    assert b" 414 " in answer(port, b"GET /" + b"x" * 5_000 + b" HTTP/1.1\r\n\r\n")
    assert b" 431 " in answer(port, GET + b"X-Long: " + b"x" * 20_000 + b"\r\n\r\n")
    assert b" 431 " in answer(port, GET + b"X-Long: " + b"x" * 100_000)
    assert b" 431 " in answer(port, GET + b"X-Many: x\r\n" * 100 + b"\r\n")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/recover", b"code=" + b"x" * 20_000_000, form)
    assert connection.getresponse().status == 413


@pytest.mark.parametrize("ending", [signal.SIGHUP, signal.SIGTERM])
def test_a_request_under_way_is_answered_before_the_old_processes_end(tmp_path, ending):
    port = free_port()
    env = environment(tmp_path / "data", PORT=str(port), KEPT_TICKER="off")
    with serving([sys.executable, "-c", SLOW_APP], port, tmp_path / "log", env) as served:
        answers = []
        asking = [
            threading.Thread(target=lambda: answers.append(Wire(port, {}).get("/slow")))
            for _ in range(6)
        ]
        for each in asking:
            each.start()
        time.sleep(0.4)
        os.kill(served.process.pid, ending)
        for each in asking:
            each.join()
        assert [each.status for each in answers] == [200] * 6
        if ending is signal.SIGHUP:
            until = time.monotonic() + 10
            pids = {Wire(port, {}).get("/slow").body for _ in range(2)}
            assert not pids & {each.body for each in answers}, "the old processes serve on"
            assert time.monotonic() < until
        else:
            assert served.process.wait(15) == 0


SLOW_APP = """
import os, time
from flask import Flask
from habits.cli.serve import Server

app = Flask("slow")

@app.get("/healthz")
def healthz():
    return "ok"

@app.get("/slow")
def slow():
    time.sleep(1)
    return str(os.getpid())

port = int(os.environ["PORT"])
Server(app, "127.0.0.1", port, "").run()
"""


def test_a_socket_that_is_given_is_served_so_that_a_restart_refuses_nobody(tmp_path):
    """As systemd does: it listens, and who comes in between waits."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(50)
        port, number = listening.getsockname()[1], listening.fileno()
        env = environment(tmp_path / "data", PORT=str(port), KEPT_TICKER="off")
        command = f"LISTEN_FDS=1 LISTEN_PID=$$ exec {KEPT} serve 3<&{number}"
        waiting = socket.create_connection(("127.0.0.1", port))
        waiting.sendall(GET + b"\r\n")
        with serving(["bash", "-c", command], port, tmp_path / "log", env, (number,)):
            assert waiting.recv(100).startswith(b"HTTP/1.1 200 ")
        again = socket.create_connection(("127.0.0.1", port))
        again.close()
        waiting.close()


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: a\r\nbad header <b>\r\n\r\n", b"400"),
        (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", b"414"),
        (b"GET / HTTP/1.1\r\n" + b"X-A: 1\r\n" * 100 + b"\r\n", b"431"),
        (POST + b"Content-Length: -1\r\n\r\n", b"400"),
        (POST + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\n1234", b"400"),
        (POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"400"),
    ],
    ids=["no header", "a long address", "many headers", "no length", "two lengths", "two kinds"],
)
def test_what_is_no_request_gets_a_status_and_none_of_its_own_words(port, said, status):
    with closing(socket.create_connection(("127.0.0.1", port))) as client:
        client.sendall(said)
        answer = b"".join(iter(lambda: client.recv(4096), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.split()[1] == status
    names = {line.partition(b":")[0].decode() for line in head.split(b"\r\n")[1:]}
    assert names >= set(HEADERS)
    assert body == b""
