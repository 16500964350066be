"""Where passkeys may be used, and why an authenticator's answer is not accepted."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta

LIFETIME = timedelta(minutes=5)  # of a challenge
LONGEST_ID = 1023  # bytes of a credential id, by the specification


class Rejected(Exception):
    """An authenticator's answer that is not accepted; the reason is for the log."""


class UnknownPasskey(Rejected):
    """A well-formed answer of a passkey that Kept does not know: `credential_id` in base64url."""

    def __init__(self, credential_id: str):
        super().__init__("unknown passkey")
        self.credential_id = credential_id


@dataclass(frozen=True)
class Site:
    """Who asks for a passkey: the domain it is bound to and the origin it may be used from."""

    domain: str
    origin: str


def as_text(raw: bytes) -> str:
    """How browsers write ids and handles: base64url without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
