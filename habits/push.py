"""Web Push: what one device alone can read, handed to its push service, and what came of it."""

import logging
import os
import struct
from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask_babel import lazy_gettext as _l

from habits.models.devices import Subscription
from habits.models.reminders import Outcome
from habits.outward import Carrier, Forbidden, Unanswered, Unsent, parse
from habits.problems import Refused
from habits.vapid import Vapid, point

LONGEST = 3993  # bytes of plain text that fit the 4096 which every service takes
RECORD = 4096
AUTH_BYTES, SALT_BYTES, KEY_BYTES, NONCE_BYTES = 16, 16, 16, 12
PATIENCE = timedelta(minutes=5)  # where a service does not say how long
LONGEST_PATIENCE = timedelta(days=1)
GONE = (404, 410)

log = logging.getLogger("kept")


@dataclass(frozen=True)
class Message:
    """What is sent: `ttl` seconds of use; `topic` replaces an older one that still waits."""

    body: bytes
    ttl: int
    urgency: str  # RFC 8030: very-low, low, normal, high
    topic: str


@dataclass(frozen=True)
class Result:
    """What became of one message; `wait` is how long its service asks for patience."""

    outcome: Outcome
    wait: timedelta | None = None


@dataclass
class Post:
    """Sends in the name of this Kept; for one thread."""

    vapid: Vapid
    carrier: Carrier

    def send(self, to: Subscription, message: Message, now: datetime) -> Result:
        """Hand the message to the device's push service, once."""
        try:
            origin = parse(to.endpoint, self.carrier.services).origin
            headers = _headers(message) | {"Authorization": self.vapid.authorization(origin, now)}
            answer = self.carrier.post(
                to.endpoint, headers, encrypt(message.body, to.p256dh, to.auth)
            )
        except Forbidden as problem:
            log.error("a reminder was not sent: %s", problem)
            return Result(Outcome.REFUSED)
        except Unsent as problem:
            log.warning("a push service cannot be reached: %s", problem)
            return Result(Outcome.WAITING, PATIENCE)
        except Unanswered as problem:
            log.warning("a push service did not answer: %s", problem)
            return Result(Outcome.UNSURE)
        return _result(answer, origin, now)


def checked(
    endpoint: str, p256dh: str, auth: str, services: tuple[str, ...]
) -> tuple[bytes, bytes]:
    """The device's keys, from what its browser says. Raises Refused for anything odd."""
    try:
        parse(endpoint, services)
    except Forbidden:
        raise Refused(
            "endpoint",
            _l(
                "Kept does not know this browser's push service. Ask whoever runs this"
                " Kept to allow it, or try another browser."
            ),
        ) from None
    public, secret = _decoded(p256dh), _decoded(auth)
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
    except ValueError:
        raise Refused("p256dh", _l("This browser's key cannot be used.")) from None
    if len(public) != 65 or len(secret) != AUTH_BYTES:
        raise Refused("auth", _l("This browser's key cannot be used."))
    return public, secret


def encrypt(
    plain: bytes,
    p256dh: bytes,
    auth: bytes,
    key: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """One aes128gcm record for the device (RFC 8188, 8291). ValueError above LONGEST bytes.

    `key` and `salt` are made for each message, and given only to check against the RFC.
    """
    if len(plain) > LONGEST:
        raise ValueError(f"{len(plain)} bytes are too many for one push message")
    key = key or ec.generate_private_key(ec.SECP256R1())
    salt = salt or os.urandom(SALT_BYTES)
    device = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), p256dh)
    mine = point(key.public_key())
    shared = key.exchange(ec.ECDH(), device)
    secret = _derive(shared, auth, b"WebPush: info\0" + p256dh + mine, 32)
    content_key = _derive(secret, salt, b"Content-Encoding: aes128gcm\0", KEY_BYTES)
    nonce = _derive(secret, salt, b"Content-Encoding: nonce\0", NONCE_BYTES)
    sealed = AESGCM(content_key).encrypt(nonce, plain + b"\2", None)  # 2: the last record
    return salt + struct.pack("!IB", RECORD, len(mine)) + mine + sealed


def _derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)


def _headers(message: Message) -> dict[str, str]:
    return {
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(message.ttl),
        "Urgency": message.urgency,
        "Topic": message.topic,
    }


def _decoded(text: str) -> bytes:
    if len(text) > 200:
        return b""
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (NotBase64, ValueError):
        return b""


def _result(answer, origin: str, now: datetime) -> Result:
    if 200 <= answer.status < 300:
        return Result(Outcome.SENT)
    if answer.status in GONE:
        return Result(Outcome.GONE)
    if answer.status == 429 or answer.status >= 500:
        return Result(Outcome.WAITING, _patience(answer.headers.get("Retry-After"), now))
    log.error("%s refused a reminder with %s: %s", origin, answer.status, _excerpt(answer.body))
    return Result(Outcome.REFUSED)


def _patience(text: str | None, now: datetime) -> timedelta:
    """How long Retry-After asks to wait, in seconds or as a date."""
    asked = _seconds(text) or _until(text, now) or PATIENCE
    return min(max(asked, timedelta(seconds=1)), LONGEST_PATIENCE)


def _seconds(text: str | None) -> timedelta | None:
    fine = text and text.isascii() and text.isdigit() and len(text) < 8
    return timedelta(seconds=int(text)) if fine else None


def _until(text: str | None, now: datetime) -> timedelta | None:
    try:
        until = parsedate_to_datetime(text or "")
    except ValueError:
        return None
    return (until if until.tzinfo else until.replace(tzinfo=UTC)) - now


def _excerpt(body: bytes) -> str:
    words = body[:200].decode("utf-8", "replace")
    return "".join(c if c.isprintable() else " " for c in words)
