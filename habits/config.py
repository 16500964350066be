"""Where Kept stores, listens and answers: read once, and refused early if it cannot work."""

import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
SECRET_BYTES = 32
REGISTRATION = ("open", "invite", "closed")


class ConfigError(Exception):
    """One line that says what to do."""


@dataclass(frozen=True)
class Config:
    """Settings of one running Kept; `origin` is the public address without a trailing slash."""

    data: Path
    database_url: str
    origin: str
    secret: str
    registration: str
    proxies: int = 0
    starts_at: datetime | None = None
    testing: bool = False

    @property
    def host(self) -> str:
        return urlsplit(self.origin).hostname or ""

    @property
    def secure(self) -> bool:
        return self.origin.startswith("https://")

    @property
    def loopback(self) -> bool:
        return self.host in LOOPBACK


def from_environment(env=os.environ) -> Config:
    """The settings; makes the data folder and the secret on the first run. Raises ConfigError."""
    data = Path(env.get("KEPT_DATA") or "data").absolute()
    _writable(data)
    origin = _origin(env.get("KEPT_ORIGIN") or f"http://localhost:{env.get('PORT') or 8000}")
    loopback = urlsplit(origin).hostname in LOOPBACK
    return Config(
        data=data,
        database_url=_database(env.get("DATABASE_URL"), data),
        origin=origin,
        secret=_secret(env.get("KEPT_SECRET"), data),
        registration=_registration(env.get("REGISTRATION"), loopback),
        proxies=_count("KEPT_PROXIES", env.get("KEPT_PROXIES")),
        starts_at=_starts_at(env.get("KEPT_CLOCK"), loopback),
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
    parts = urlsplit(value)
    plain = not (parts.path.strip("/") or parts.query or parts.fragment or parts.username)
    if parts.scheme not in ("http", "https") or not parts.hostname or not plain:
        raise ConfigError(
            f"KEPT_ORIGIN is {value!r}: it has to be an address such as https://kept.example.org."
        )
    return f"{parts.scheme}://{parts.netloc.lower()}"


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
        value = _stored_secret(data / "secret")
    if len(value) < SECRET_BYTES or len(set(value)) < 10:
        raise ConfigError(
            "The secret is too weak: unset KEPT_SECRET to let Kept make one, "
            "or delete the file `secret` in the data folder (everyone signs in again)."
        )
    return value


def _stored_secret(path: Path) -> str:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_secret(path)
    with os.fdopen(descriptor, "w") as file:
        made = secrets.token_urlsafe(SECRET_BYTES)
        file.write(made)
        file.flush()
        os.fsync(file.fileno())
    return made


def _read_secret(path: Path) -> str:
    try:
        return path.read_text().strip()
    except (OSError, UnicodeDecodeError):
        raise ConfigError(
            f"The secret in {path} cannot be read: mend its permissions, or delete it "
            "to have a new one made (everyone signs in again)."
        ) from None


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
