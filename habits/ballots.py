"""What an open round knows, sealed: no copy of the database tells who answered, or what."""

import hashlib
import hmac
import os
import struct
from base64 import urlsafe_b64encode
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from habits.trust.pulse import BOXES, EMPTY, Item, Tally

COUNTS = struct.Struct(f"<{len(Item) * (BOXES + 1)}H")
NONCE = 12  # bytes
TOKEN = 24  # bytes of an HMAC: not to be guessed


@dataclass(frozen=True, slots=True)
class Ballots:
    """The counts so far, and which of the links were used."""

    tallies: tuple[Tally, ...]
    used: tuple[bool, ...]

    @classmethod
    def none(cls, invited: int) -> "Ballots":
        return cls((EMPTY,) * len(Item), (False,) * invited)

    def with_answer(self, number: int, boxes: tuple[int, ...]) -> "Ballots":
        """One more form, one box an item, sent by the link of this number."""
        counted = zip(self.tallies, boxes, strict=True)
        return Ballots(
            tuple(tally.with_answer(box) for tally, box in counted),
            tuple(used or at == number for at, used in enumerate(self.used)),
        )


def seal(ballots: Ballots, secret: str, seed: str) -> bytes:
    """Bytes that are always as long, and other ones each time."""
    flat = [times for tally in ballots.tallies for times in tally.boxes]
    nonce = os.urandom(NONCE)
    plain = COUNTS.pack(*flat) + bytes(ballots.used)
    return nonce + AESGCM(_key(secret, seed)).encrypt(nonce, plain, None)


def unseal(sealed: bytes, secret: str, seed: str) -> Ballots | None:
    """What was sealed; None if it was with another secret."""
    try:
        plain = AESGCM(_key(secret, seed)).decrypt(sealed[:NONCE], sealed[NONCE:], None)
    except InvalidTag:
        return None
    flat = COUNTS.unpack_from(plain)
    width = BOXES + 1
    tallies = (Tally(flat[at : at + width]) for at in range(0, len(flat), width))
    return Ballots(tuple(tallies), tuple(map(bool, plain[COUNTS.size :])))


def tokens(secret: str, seed: str, invited: int) -> list[str]:
    """The links' tokens: made anew each time, so that they are kept nowhere."""
    return [_token(secret, f"invitation:{seed}:{number}") for number in range(invited)]


def _key(secret: str, seed: str) -> bytes:
    return hmac.digest(secret.encode(), f"ballots:{seed}".encode(), hashlib.sha256)


def _token(secret: str, name: str) -> str:
    made = hmac.digest(secret.encode(), name.encode(), hashlib.sha256)
    return urlsafe_b64encode(made[:TOKEN]).decode()
