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
ENDING = 0.15  # of its life: by then a proxy has renewed a certificate
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
        status, body, certificate = _fetch(config.origin)
    except ssl.SSLCertVerificationError as error:
        return wrong(about, f"Its certificate is refused ({error.verify_message}): renew it.")
    except ssl.SSLError as error:
        return wrong(about, f"It speaks no TLS ({error.reason}): look at the proxy.")
    except (OSError, http.client.HTTPException) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        start = "start kept serve and the proxy" if config.secure else "start kept serve"
        return wrong(about, f"Nothing answers at {config.origin} ({why}): {start}.")
    if status != 200 or body != {"status": "ok"}:
        says = f"{config.origin}/healthz is answered with {status}, not by Kept"
        return wrong(about, f"{says}: look at the proxy.")
    return _lasting(about, certificate, now) if certificate else ok(about, "Kept answers")


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


def _lasting(about: str, certificate: dict, now: datetime) -> Finding:
    since, until = (
        ssl.cert_time_to_seconds(certificate[name]) for name in ("notBefore", "notAfter")
    )
    left = until - now.timestamp()
    span = f"{left / 86_400:.1f} days"
    if left < ENDING * (until - since):
        return look(about, f"Its certificate ends in {span}: look whether it is renewed.")
    return ok(about, f"Kept answers, certificate for {span}")


def _fetch(origin: str) -> tuple[int, object, dict | None]:
    """Status and JSON of /healthz, and the certificate where there is one."""
    parts = urlsplit(origin)
    secure = parts.scheme == "https"
    make = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    options = {"context": ssl.create_default_context()} if secure else {}
    connection = make(parts.hostname, parts.port, timeout=PATIENCE, **options)
    try:
        connection.request("GET", "/healthz")
        certificate = connection.sock.getpeercert() if secure else None
        response = connection.getresponse()
        return response.status, _json(response.read(1000)), certificate
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


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
