"""What can be wrong around a running Kept: its address, its folder, its disk, its keys."""

import http.client
import json
import os
import shutil
import ssl
import stat
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from habits.checkup import Finding, look, ok, wrong
from habits.config import Config, ConfigError
from habits.vapid import FILE, Vapid

PATIENCE = 5  # seconds
ROOM, LITTLE_ROOM = 256, 1024  # MiB
RENEWAL = 7  # days
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def origin(config: Config) -> Finding:
    """Browsers make passkeys for it."""
    if _is_number(config.host):
        return wrong("origin", f"{config.origin}: passkeys need a name there, such as localhost.")
    if not config.secure and config.host != "localhost":
        return wrong("origin", f"{config.origin}: passkeys need https, see README, On a phone.")
    if config.secure and not config.proxies:
        says = "behind a proxy that sets X-Forwarded-For, set KEPT_PROXIES=1, or all visitors"
        return look("origin", f"{config.origin}: {says} share one limit of tries.")
    return ok("origin", config.origin)


def address(config: Config, now: datetime) -> Finding:
    """It leads here, over TLS that browsers take."""
    about = "address"
    try:
        status, body, until = _fetch(config.origin)
    except ssl.SSLCertVerificationError as error:
        return wrong(about, f"Its certificate is refused ({error.verify_message}): renew it.")
    except ssl.SSLError as error:
        return wrong(about, f"It speaks no TLS ({error.reason}): look at the proxy.")
    except (OSError, http.client.HTTPException) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        return wrong(
            about, f"Nothing answers at {config.origin} ({why}): start kept serve{_too(config)}."
        )
    if status != 200 or body != {"status": "ok"}:
        return wrong(
            about,
            f"{config.origin}/healthz is answered with {status}, not by Kept: look at the proxy.",
        )
    days = (until - now.timestamp()) / 86_400 if until else None
    if days is not None and days < RENEWAL:
        return look(about, f"Its certificate ends in {days:.0f} days: look whether it is renewed.")
    return ok(
        about, "Kept answers there" + ("" if days is None else f", certificate for {days:.0f} days")
    )


def folder(config: Config) -> Finding:
    """Nobody else reads it."""
    paths = [config.data, *(p for p in config.data.rglob("*") if p.is_file() or p.is_dir())]
    for path in paths:
        found = path.stat()
        if stat.S_IMODE(found.st_mode) & OTHERS:
            return wrong("folder", f"{path} is open to others: chmod -R go= {config.data}")
        if found.st_uid != os.geteuid():
            return look(
                "folder", f"{path} is another user's: chown it to the one that Kept runs as."
            )
    return ok("folder", f"{config.data} is this user's alone")


def disk(config: Config) -> Finding:
    """There is room for what is written, and for the copy before an update."""
    free = shutil.disk_usage(config.data).free // 2**20
    needed = max(ROOM, 2 * _size(config.data / "kept.db") // 2**20)
    if free < needed:
        return wrong(
            "disk", f"{free} MiB are free, {needed} needed: make room, such as in backups/."
        )
    if free < LITTLE_ROOM:
        return look("disk", f"{free} MiB are free: make room soon.")
    return ok("disk", f"{free} MiB free")


def push_key(config: Config, devices: int) -> Finding:
    """It is there, and the one that devices subscribed with."""
    if not (config.data / FILE).exists():
        if devices:
            says = f"{config.data / FILE} is gone and {devices} devices rely on it: put it back."
            return wrong("push key", says)
        return look("push key", "There is none yet: kept serve makes it.")
    try:
        Vapid(config.data, config.push_subject).public  # noqa: B018  reads it
    except ConfigError as error:
        return wrong("push key", str(error))
    return ok("push key", f"there, for {devices} devices")


def _fetch(origin: str) -> tuple[int, object, float | None]:
    """Status and JSON of /healthz, and when the certificate ends, in seconds since 1970."""
    parts = urlsplit(origin)
    secure = parts.scheme == "https"
    make = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    options = {"context": ssl.create_default_context()} if secure else {}
    connection = make(parts.hostname, parts.port, timeout=PATIENCE, **options)
    try:
        connection.request("GET", "/healthz")
        until = None
        if secure:
            until = ssl.cert_time_to_seconds(connection.sock.getpeercert()["notAfter"])
        response = connection.getresponse()
        return response.status, _json(response.read(1000)), until
    finally:
        connection.close()


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _too(config: Config) -> str:
    return " and the proxy" if config.secure else ""


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
