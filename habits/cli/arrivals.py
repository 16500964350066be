"""Requests as they arrive: one takes a thread only when it is all there, however slowly it comes.

gunicorn's threads read a request themselves, so that a few clients who dawdle would hold them all.
"""

import errno
import re
import selectors
import socket
import time
from collections.abc import Iterable
from contextlib import suppress
from functools import partial

from gunicorn.workers.gthread import TConn, ThreadWorker

from habits.headers import HEADERS, HSTS

LONGEST_HEAD = 64 * 1024  # bytes
LONGEST = 256 * 1024  # bytes of a body that is waited for; the view that takes more reads it itself
PATIENCE = 30  # seconds from a connection, or the first byte of its next request, to the last
READING = 10  # seconds that a thread waits for the next bytes, or to be rid of its own
STOPPING = 2  # seconds that anyone is waited for when the server stops, or to close a connection
MOST = 500  # connections a worker
HELD = 32 * 1024 * 1024  # bytes of requests that are under way, a worker
SEND_BUFFER = 512 * 1024  # bytes: a whole page, so that no thread waits for who reads slowly

CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,18})[ \t]*\r\n", re.IGNORECASE)
EXPECTING = re.compile(rb"\r\nexpect:[ \t]*100-continue", re.IGNORECASE)
LAST_CHUNK = b"0\r\n\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
EMPTY = {"Connection": "close", "Content-Length": "0", "Cache-Control": "no-store"}
TOO_SLOW, TOO_LONG = "408 Request Timeout", "431 Request Header Fields Too Large"


class Arrival:
    """What has come of one request."""

    def __init__(self, begun: float, data: bytes = b""):
        self.begun = begun
        self.data = bytearray(data)
        self.head = -1  # bytes, -1 while it has no end

    def read_head(self) -> bool:
        """Whether the head is all there now, and was not before."""
        if self.head >= 0:
            return False
        while self.data.startswith(b"\r\n"):
            del self.data[:2]
        self.head = self.data.find(b"\r\n\r\n")
        if self.head >= 0:
            self.head += 4
        return self.head >= 0

    @property
    def is_whole(self) -> bool:
        """Or so long that waiting for the rest of it is its view's matter."""
        if self.head < 0:
            return False
        head, body = self.data[: self.head], len(self.data) - self.head
        if CHUNKED.search(head):
            return body > LONGEST or self.data.endswith(LAST_CHUNK)
        length = LENGTH.search(head)
        return not length or body >= int(length[1]) or self.is_long

    @property
    def is_long(self) -> bool:
        head = self.data[: max(self.head, 0)]
        length = LENGTH.search(head)
        return bool(CHUNKED.search(head)) or (bool(length) and int(length[1]) > LONGEST)


class Connection(TConn):
    """One that no thread waits for without an end."""

    arrival = None

    def __init__(self, worker, sock, address, server):
        super().__init__(worker.cfg, sock, address, server)
        self.worker = worker

    def init(self):
        super().init()
        self.sock.settimeout(READING)

    def close(self, graceful=False):
        if graceful:
            self.worker.see_off(self)
        else:
            super().close()


class Curt:
    """A client to whom only a status is said: not what was wrong, nor in its own words."""

    def __init__(self, sock, secure):
        self.sock = sock
        self.secure = secure

    def __getattr__(self, name):
        return getattr(self.sock, name)

    def sendall(self, said: bytes) -> None:
        status = said.partition(b"\r\n")[0].partition(b" ")[2]
        self.sock.sendall(refusal(status.decode(), self.secure))


class Worker(ThreadWorker):
    """gunicorn's threads behind a room in which requests wait until they are whole."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.arriving: dict[Connection, None] = {}  # the oldest first
        self.leaving: dict[Connection, None] = {}
        self.secure = self.app.origin.startswith("https://")
        self.leave = lambda: None  # called at once when the process is told to end

    def handle_exit(self, sig, frame):
        self.leave()
        super().handle_exit(sig, frame)

    def handle_quit(self, sig, frame):
        self.leave()
        super().handle_quit(sig, frame)

    def accept(self, listener):
        """Let one in; whoever has waited longest makes room for it."""
        try:
            sock, address = listener.accept()
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.ECONNABORTED):
                raise
            return
        if self.nr_conns >= MOST:
            self._make_room()
        self.nr_conns += 1
        with suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        self.enqueue_req(Connection(self, sock, address, listener.getsockname()))

    def enqueue_req(self, conn):
        """Wait for the next request of a connection, of which something may be there."""
        known = conn.parser.unreader.take_buffered() if conn.initialized else b""
        conn.arrival = Arrival(time.monotonic(), known)
        conn.sock.setblocking(False)
        self._gather(conn)

    def see_off(self, conn):
        """Close, and let what the other still sends run out, so that it can read the answer."""
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            conn.close()
            return
        self.nr_conns += 1
        conn.arrival = Arrival(time.monotonic())
        self.leaving[conn] = None
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._drain, conn))

    def handle_error(self, req, client, addr, exc):
        """What is no request, or faults outside the app: no page of the server's own."""
        super().handle_error(req, Curt(client, self.secure), addr, exc)

    def murder_pending(self):
        """Let go of whoever takes too long; called about once a second."""
        super().murder_pending()
        patience = PATIENCE if self.alive else STOPPING
        for conn in _older(self.arriving, patience):
            if conn.arrival.data:
                self._refuse(conn, TOO_SLOW)
            self._drop(self.arriving, conn)
        for conn in _older(self.leaving, STOPPING):
            self._drop(self.leaving, conn)

    def _keepalive_after(self, conn, keepalive):
        """No thread waits for the rest of a long body that its view did not want."""
        return super()._keepalive_after(conn, keepalive and not conn.arrival.is_long)

    def _gather(self, conn, _sock=None):
        """Take what has come; hand it to a thread once it is whole."""
        arrival = conn.arrival
        ended = not arrival.is_whole and not self._receive(conn)
        if arrival.is_whole:
            self._forget(self.arriving, conn)
            self._hand_over(conn)
        elif ended:
            self._drop(self.arriving, conn)
        elif arrival.head < 0 and len(arrival.data) > LONGEST_HEAD:
            self._refuse(conn, TOO_LONG)
            self._forget(self.arriving, conn)
            self.nr_conns -= 1
            self.see_off(conn)
        elif conn not in self.arriving:
            self.arriving[conn] = None
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._gather, conn))
        if len(arrival.data) > LONGEST_HEAD and self._held() > HELD:
            self._make_room()

    def _receive(self, conn) -> bool:
        """Read once; False where the other has gone."""
        arrival = conn.arrival
        try:
            data = conn.sock.recv(LONGEST_HEAD)
        except BlockingIOError:
            data = None
        except OSError:
            return False
        arrival.data += data or b""
        if arrival.read_head() and EXPECTING.search(arrival.data) and not arrival.is_long:
            with suppress(OSError):
                conn.sock.send(CONTINUE)
        return data != b""

    def _hand_over(self, conn):
        conn.init()
        conn.parser.unreader.unread(bytes(conn.arrival.data))
        super().enqueue_req(conn)

    def _drain(self, conn, _sock):
        with suppress(BlockingIOError):
            try:
                if conn.sock.recv(LONGEST_HEAD):
                    return
            except ConnectionError:
                pass
            self._drop(self.leaving, conn)

    def _make_room(self):
        """Of those who wait, the oldest goes; one who is quick is never among them."""
        for waiting in (self.arriving, self.leaving):
            if waiting:
                self._drop(waiting, next(iter(waiting)))
                return
        if self.keepalived_conns:
            self.keepalived_conns[0].timeout = time.monotonic()
            self.murder_keepalived()

    def _held(self) -> int:
        return sum(len(conn.arrival.data) for conn in self.arriving)

    def _refuse(self, conn, status: str):
        with suppress(OSError):
            conn.sock.send(refusal(status, self.secure))

    def _drop(self, among, conn):
        self._forget(among, conn)
        self.nr_conns -= 1
        conn.close()

    def _forget(self, among, conn):
        if conn in among:
            del among[conn]
            self.poller.unregister(conn.sock)


def refusal(status: str, secure: bool) -> bytes:
    """An answer that says nothing else, with the headers of all answers."""
    headers = EMPTY | HEADERS | (HSTS if secure else {})
    lines = (f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status}\r\n{''.join(lines)}\r\n".encode()


def _older(connections: Iterable[Connection], seconds: float) -> list[Connection]:
    until = time.monotonic() - seconds
    return [conn for conn in connections if conn.arrival.begun <= until]
