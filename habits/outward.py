"""The one way out: a POST to a push service whose address a browser named, and nowhere else."""

import io
import re
import select
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from time import monotonic

from habits.config import LOOPBACK

CONNECTING = 3  # seconds
ANSWERING = 10  # seconds from the request to the end of the answer
LONGEST_ANSWER = 2000  # bytes that are read
LONGEST_ADDRESS = 1000
LONGEST_HOST = 253
ADDRESS = re.compile(
    r"(https?)://([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,9})(?::([1-9][0-9]{0,4}))?(/[!$-;=?-\[\]-z|~]+)",
    re.ASCII | re.IGNORECASE,
)
NAT64 = ip_network("64:ff9b::/96")


class Forbidden(ValueError):
    """An address that Kept does not write to."""


class Unsent(OSError):
    """The service could not be reached: nothing was sent."""


class Unanswered(OSError):
    """Something was sent, and no answer came: it may have arrived."""


@dataclass(frozen=True)
class Address:
    """Where a push service takes messages for one device."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        usual = {"https": 443, "http": 80}[self.scheme] == self.port
        return f"{self.scheme}://{self.host}" + ("" if usual else f":{self.port}")

    @property
    def is_here(self) -> bool:
        return self.host in LOOPBACK


@dataclass(frozen=True)
class Answer:
    """What a service said, cut to a bearable length."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def parse(text: str, services: tuple[str, ...]) -> Address:
    """The address, if it is one of these services'. Raises Forbidden.

    https on the usual port; only a service on this machine (for tests) may be plain.
    """
    match = ADDRESS.fullmatch(text) if len(text) <= LONGEST_ADDRESS else None
    if not match:
        raise Forbidden("no address of a push service")
    scheme, host, port, path = match.groups()
    scheme, host = scheme.lower(), host.lower()
    if len(host) > LONGEST_HOST:
        raise Forbidden("no name of a host")
    number = int(port) if port else {"https": 443, "http": 80}[scheme]
    if not any(_allows(service, host, number) for service in services):
        raise Forbidden("not a push service that this Kept knows")
    if scheme != "https" and host not in LOOPBACK:
        raise Forbidden("not https")
    return Address(scheme, host, number, path)


@dataclass
class Carrier:
    """Keeps a connection to each service as long as it stands; for one thread."""

    services: tuple[str, ...]
    _open: dict[str, HTTPConnection] = field(default_factory=dict, repr=False)

    def post(self, text: str, headers: dict[str, str], body: bytes) -> Answer:
        """Send once, follow nothing. Raises Forbidden, Unsent or Unanswered."""
        address = parse(text, self.services)
        connection = self._connected(address)
        try:
            connection.sock.allow(ANSWERING)
            connection.request("POST", address.path, body, headers)
            response = connection.getresponse()
            said = response.read(LONGEST_ANSWER)
            whole = response.isclosed() or not response.read(1)
        except (OSError, HTTPException) as problem:
            self._close(address)
            raise Unanswered(type(problem).__name__) from problem
        if not whole or response.will_close:
            self._close(address)
        return Answer(response.status, response.headers, said)

    def close(self) -> None:
        """Let go of every connection."""
        for connection in self._open.values():
            connection.close()
        self._open.clear()

    def _connected(self, address: Address) -> HTTPConnection:
        connection = self._open.get(address.origin)
        if connection is not None and not _was_dropped(connection.sock):
            return connection
        self._close(address)
        connection = self._open[address.origin] = _connection(address)
        return connection

    def _close(self, address: Address) -> None:
        connection = self._open.pop(address.origin, None)
        if connection is not None:
            connection.close()


def is_public(text: str) -> bool:
    """Whether an IP address is on the open internet, whatever it is wrapped in."""
    address = ip_address(text.partition("%")[0])
    inner = _inner(address) if isinstance(address, IPv6Address) else None
    if inner is not None:
        return is_public(str(inner))
    return address.is_global and not address.is_multicast


def _allows(service: str, host: str, port: int) -> bool:
    name, _colon, number = service.partition(":")
    if port != int(number or 443):
        return False
    return host.endswith(name) and host != name[1:] if name.startswith(".") else host == name


def _inner(address: IPv6Address) -> IPv4Address | None:
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]


def _connection(address: Address) -> HTTPConnection:
    """Connected to a public address of the host's, and to no other. Raises Unsent, Forbidden."""
    try:
        stream = _stream(address)
    except OSError as problem:
        raise Unsent(type(problem).__name__) from problem
    kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
    connection = kind(address.host, address.port)
    connection.sock = _Timed(stream)
    return connection


def _stream(address: Address) -> socket.socket:
    found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    places = list(dict.fromkeys(place[4][0] for place in found))
    if not places or not all(_may_reach(address, place) for place in places):
        raise Forbidden("not at a public address")
    stream = _first_that_answers(places, address.port)
    stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # head and body go at once
    if address.scheme == "http":
        return stream
    try:
        return _trust().wrap_socket(stream, server_hostname=address.host)
    except OSError:
        stream.close()
        raise


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


def _may_reach(address: Address, place: str) -> bool:
    return ip_address(place).is_loopback if address.is_here else is_public(place)


def _first_that_answers(places: list[str], port: int) -> socket.socket:
    for place in places[:-1]:
        try:
            return socket.create_connection((place, port), CONNECTING)
        except OSError:
            continue
    return socket.create_connection((places[-1], port), CONNECTING)


def _was_dropped(stream: "_Timed | None") -> bool:
    """Whether the other side has closed it, or says what nobody asked for."""
    return stream is None or bool(select.select([stream], [], [], 0)[0])


class _Timed:
    """A connection whose answer has to be there by a deadline, however slowly it drips."""

    def __init__(self, stream: socket.socket):
        self.stream = stream
        self.fileno, self.close = stream.fileno, stream.close

    def allow(self, seconds: float) -> None:
        """From now on there is so much time for everything. TimeoutError is raised after it."""
        self.until = monotonic() + seconds

    def hurry(self) -> None:
        """The next step may take no longer than there is time left."""
        left = self.until - monotonic()
        if left <= 0:
            raise TimeoutError
        self.stream.settimeout(left)

    def sendall(self, data) -> None:
        self.hurry()
        self.stream.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self, self.stream.makefile(mode, buffering=0)))


class _Reader(io.RawIOBase):
    """What arrives on a timed connection."""

    def __init__(self, timed: _Timed, raw: io.RawIOBase):
        self.timed, self.raw = timed, raw

    def readable(self) -> bool:
        return True

    def readinto(self, room) -> int | None:
        self.timed.hurry()
        return self.raw.readinto(room)

    def close(self) -> None:
        self.raw.close()
        super().close()
