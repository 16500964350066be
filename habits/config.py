"""Where Kept stores, listens and answers: read once, and refused early if it cannot work."""

import logging
import os
import re
import secrets
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
SECRET_BYTES = 32
OTHERS = stat.S_IRWXG | stat.S_IRWXO
REGISTRATION = ("open", "invite", "closed")
ORIGIN = re.compile(r"(https?)://([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?/?", re.ASCII)
FEWEST, MOST_PROCESSES = 2, 64
USUAL_PORTS = {"http": 80, "https": 443}
# Where browsers have their push services; one with a leading dot stands for all below it.
PUSH_SERVICES = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    ".push.services.mozilla.com",
    "web.push.apple.com",
    ".push.apple.com",
    ".notify.windows.com",
)
HOST = re.compile(r"\.?[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]{1,5})?", re.ASCII)

log = logging.getLogger("kept")


class ConfigError(Exception):
    """One line that says what to do."""


@dataclass(frozen=True)
class Config:
    """Settings of one running Kept; `origin` is the public address without a trailing slash."""

    data: Path
    database_url: str = field(repr=False)  # it may bear a password
    origin: str
    secret: str = field(repr=False)
    registration: str
    proxies: int = 0
    starts_at: datetime | None = None
    worker: bool = True  # False: devices drop their service worker and what it kept
    push_services: tuple[str, ...] = PUSH_SERVICES
    processes: int = FEWEST  # that serve, each with four threads
    cache: Path | None = None  # of compiled templates and compressed files; None: nowhere
    ticker: bool = True  # False: `kept serve` leaves reminding to `kept tick --loop`
    testing: bool = False

    @property
    def host(self) -> str:
        return urlsplit(self.origin).hostname or ""

    @property
    def secure(self) -> bool:
        return self.origin.startswith("https://")

    @property
    def push_subject(self) -> str:
        """Whom a push service may ask about this Kept."""
        return self.origin if self.secure else "https://localhost"

    @property
    def loopback(self) -> bool:
        return self.host in LOOPBACK


def from_environment(env=os.environ) -> Config:
    """The settings; makes the data folder and the secret on the first run. Raises ConfigError."""
    data = Path(env.get("KEPT_DATA") or "data").absolute()
    _writable(data)
    port = port_number("PORT", env.get("PORT") or "8000")
    origin = _origin(env.get("KEPT_ORIGIN") or f"http://localhost:{port}")
    loopback = urlsplit(origin).hostname in LOOPBACK
    return Config(
        data=data,
        database_url=_database(env.get("DATABASE_URL"), data),
        origin=origin,
        secret=_secret(env.get("KEPT_SECRET"), data),
        registration=_registration(env.get("REGISTRATION"), loopback),
        proxies=_count("KEPT_PROXIES", env.get("KEPT_PROXIES")),
        starts_at=_starts_at(env.get("KEPT_CLOCK"), loopback),
        worker=_switch("KEPT_WORKER", env.get("KEPT_WORKER") or "on"),
        push_services=PUSH_SERVICES + _hosts(env.get("KEPT_PUSH_SERVICES"), loopback),
        processes=_processes(env.get("KEPT_PROCESSES")),
        cache=Path(env.get("KEPT_CACHE") or data / "cache").absolute(),
        ticker=_switch("KEPT_TICKER", env.get("KEPT_TICKER") or "on"),
    )


def _writable(data: Path) -> None:
    try:
        data.mkdir(parents=True, exist_ok=True)
        probe = data / f".probe-{os.getpid()}"
        probe.touch(mode=0o600)
        probe.unlink()
    except OSError as error:
        raise ConfigError(
            f"The data folder {data} cannot be written ({error.strerror}): "
            "make it writable or set KEPT_DATA to another folder."
        ) from None


def _origin(value: str) -> str:
    """The address as browsers send it: in lower case, without the usual port."""
    match = ORIGIN.fullmatch(value.lower())
    if not match:
        raise ConfigError(
            f"KEPT_ORIGIN is {value!r}: it has to be an address such as https://kept.example.org."
        )
    scheme, host, port = match.groups()
    number = port_number("KEPT_ORIGIN", port) if port else USUAL_PORTS[scheme]
    return f"{scheme}://{host}" + ("" if number == USUAL_PORTS[scheme] else f":{number}")


def port_number(name: str, value: str) -> int:
    """A port from 1 to 65535. Raises ConfigError that names the setting `name`."""
    if not re.fullmatch("[0-9]{1,5}", value, re.ASCII) or not 0 < int(value) < 65536:
        raise ConfigError(f"{name} has {value!r} for a port: it has to be from 1 to 65535.")
    return int(value)


def _database(value: str | None, data: Path) -> str:
    if not value:
        return f"sqlite:///{data / 'kept.db'}"
    if value.startswith("postgres://"):
        value = "postgresql://" + value.removeprefix("postgres://")
    if value.startswith("postgresql://"):
        value = "postgresql+psycopg://" + value.removeprefix("postgresql://")
    if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ConfigError("DATABASE_URL has to begin with sqlite:/// or postgresql://.")
    return value


def _secret(value: str | None, data: Path) -> str:
    if value is None:
        value = stored_secret(
            data / "secret",
            lambda: secrets.token_urlsafe(SECRET_BYTES),
            lost="everyone signs in again",
        )
    if len(value) < SECRET_BYTES or len(set(value)) < 10:
        raise ConfigError(
            "The secret is too weak: unset KEPT_SECRET to let Kept make one, "
            "or delete the file `secret` in the data folder (everyone signs in again)."
        )
    return value


def stored_secret(path: Path, make: Callable[[], str], lost: str) -> str:
    """What the file holds, first stored as `make` says, for its user alone. Raises ConfigError.

    `lost` says what a new one would cost.
    """
    if not path.exists():
        _store_secret(path, make())
    return _read_secret(path, lost)


def _store_secret(path: Path, secret: str) -> None:
    """Write a new one; it appears whole, and only where no other process was first."""
    draft = path.with_name(f".{path.name}-{os.getpid()}-{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    except OSError:  # a file system without links
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)


def _read_secret(path: Path, lost: str) -> str:
    try:
        _close(path, lost)
        return path.read_text().strip()
    except (OSError, UnicodeDecodeError):
        raise ConfigError(
            f"The secret in {path} cannot be read: mend its permissions, or delete it "
            f"to have a new one made ({lost})."
        ) from None


def _close(path: Path, lost: str) -> None:
    """Nobody but its user may read it: whoever opened it up is told, and it is closed again."""
    if stat.S_IMODE(path.stat().st_mode) & OTHERS:
        path.chmod(0o600)
        log.warning(
            "Others could read the secret in %s: this is mended. If somebody may have, delete it "
            "to have a new one made (%s).",
            path,
            lost,
        )


def _registration(value: str | None, loopback: bool) -> str:
    value = value or ("open" if loopback else "invite")
    if value not in REGISTRATION:
        raise ConfigError(f"REGISTRATION is {value!r}: it has to be open, invite or closed.")
    return value


def _count(name: str, value: str | None) -> int:
    if not value:
        return 0
    if not value.isascii() or not value.isdigit() or int(value) > 9:
        raise ConfigError(f"{name} is {value!r}: it has to be a number of proxies from 0 to 9.")
    return int(value)


def _processes(value: str | None) -> int:
    """As many as there are cores, from two to four: more pay only where PostgreSQL stores."""
    if not value:
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else FEWEST
        return min(max(FEWEST, cores), 4)
    if not re.fullmatch("[0-9]{1,2}", value, re.ASCII) or not 1 <= int(value) <= MOST_PROCESSES:
        raise ConfigError(f"KEPT_PROCESSES is {value!r}: it has to be a number from 1 to 64.")
    return int(value)


def _switch(name: str, value: str) -> bool:
    if value not in ("on", "off"):
        raise ConfigError(f"{name} is {value!r}: it has to be on or off.")
    return value == "on"


def _hosts(value: str | None, loopback: bool) -> tuple[str, ...]:
    """More push services: hosts, a leading dot for all below one, a port where it is not 443."""
    hosts = tuple((value or "").lower().replace(",", " ").split())
    for host in hosts:
        here = host.partition(":")[0] in LOOPBACK
        if not HOST.fullmatch(host) or (here and not loopback):
            raise ConfigError(
                f"KEPT_PUSH_SERVICES names {host!r}: it has to be hosts such as push.example.org."
            )
    return hosts


def _starts_at(value: str | None, loopback: bool) -> datetime | None:
    if not value:
        return None
    if not loopback:
        raise ConfigError("KEPT_CLOCK works only where KEPT_ORIGIN is this machine: unset it.")
    return instant("KEPT_CLOCK", value)


def instant(name: str, value: str) -> datetime:
    """Parse an ISO 8601 instant with its offset. Raises ConfigError that names `name`."""
    try:
        parsed = datetime.fromisoformat(value)
    except ValueError:
        parsed = None
    if parsed is None or parsed.tzinfo is None:
        raise ConfigError(f"{name} is {value!r}: it has to look like 2026-11-23T18:00:00Z.")
    return parsed.astimezone(UTC)
