"""Kept's own key for push services: made once, kept beside the database, shown as a signature."""

import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from habits.config import ConfigError, stored_secret

FILE = "vapid.pem"
LOST = "every device has to turn reminders on again"
GOOD_FOR = timedelta(hours=12)  # RFC 8292 allows 24
RENEWED = timedelta(hours=1)  # before its end
HEADER = {"typ": "JWT", "alg": "ES256"}


@dataclass
class Vapid:
    """The key in the folder `data`, made on its first use; `subject` is whom services may ask."""

    data: Path
    subject: str
    _signed: dict[str, tuple[datetime, str]] = field(default_factory=dict, repr=False)

    @cached_property
    def public(self) -> str:
        """What a browser subscribes with: the uncompressed point, base64url."""
        return _base64url(point(self._key.public_key()))

    def authorization(self, origin: str, now: datetime) -> str:
        """The header that says to the push service at `origin` who sends (RFC 8292)."""
        until, header = self._signed.get(origin, (now, ""))
        if until - now < RENEWED:
            until, header = now + GOOD_FOR, self._sign(origin, now + GOOD_FOR)
            self._signed[origin] = until, header
        return header

    @cached_property
    def _key(self) -> ec.EllipticCurvePrivateKey:
        path = self.data / FILE
        try:
            key = load_pem_private_key(stored_secret(path, _new_key, LOST).encode(), None)
        except ValueError:
            key = None
        if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
            raise ConfigError(
                f"{path} holds no key for push services: put it back from a copy, "
                f"or delete it to have a new one made ({LOST})."
            )
        return key

    def _sign(self, origin: str, until: datetime) -> str:
        claims = {"aud": origin, "exp": int(until.timestamp()), "sub": self.subject}
        signed = ".".join(_base64url(json.dumps(part).encode()) for part in (HEADER, claims))
        r, s = decode_dss_signature(self._key.sign(signed.encode(), ec.ECDSA(SHA256())))
        signature = _base64url(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
        return f"vapid t={signed}.{signature}, k={self.public}"


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """A public key as its uncompressed point: 65 bytes."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _new_key() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _base64url(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()
