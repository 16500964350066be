"""A passkey in software: answers the JSON options of both ceremonies as a phone would."""

import base64
import hashlib
import json
import secrets

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ELIGIBLE, BACKED_UP, ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40
ES256 = -7


class SoftPasskey:
    """One discoverable ES256 credential. Change its attributes to make it misbehave.

    `flags` are those of every answer; `sign_count` grows by `step` before each assertion;
    `origin` and `rp_id` are what it claims; `handle` is the user handle, set by `create`.
    """

    def __init__(self, origin="http://localhost", rp_id="localhost"):
        self.origin = origin
        self.rp_id = rp_id
        self.id = secrets.token_bytes(16)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.flags = PRESENT | VERIFIED | ELIGIBLE | BACKED_UP
        self.sign_count = 0
        self.step = 0
        self.handle = b""
        self.transports = ["internal", "hybrid"]
        self.client_data_extras = {}

    def create(self, options: dict) -> dict:
        """The RegistrationResponseJSON for PublicKeyCredentialCreationOptionsJSON."""
        self.handle = decode(options["user"]["id"])
        client_data = self._client_data("webauthn.create", options["challenge"])
        credential = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + self._public_key()
        attestation = {
            "fmt": "none",
            "attStmt": {},
            "authData": self._authenticator_data(ATTESTED) + credential,
        }
        return self._answer(
            clientDataJSON=encode(client_data),
            attestationObject=encode(cbor2.dumps(attestation)),
            transports=self.transports,
        )

    def get(self, options: dict) -> dict:
        """The AuthenticationResponseJSON for PublicKeyCredentialRequestOptionsJSON."""
        self.sign_count += self.step
        client_data = self._client_data("webauthn.get", options["challenge"])
        data = self._authenticator_data()
        signed = data + hashlib.sha256(client_data).digest()
        return self._answer(
            clientDataJSON=encode(client_data),
            authenticatorData=encode(data),
            signature=encode(self.key.sign(signed, ec.ECDSA(hashes.SHA256()))),
            userHandle=encode(self.handle),
        )

    def _client_data(self, kind, challenge):
        data = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(data | self.client_data_extras, separators=(",", ":")).encode()

    def _authenticator_data(self, more_flags=0):
        flags = bytes([self.flags | more_flags])
        rp = hashlib.sha256(self.rp_id.encode()).digest()
        return rp + flags + self.sign_count.to_bytes(4, "big")

    def _public_key(self):
        point = self.key.public_key().public_numbers()
        x, y = point.x.to_bytes(32, "big"), point.y.to_bytes(32, "big")
        return cbor2.dumps({1: 2, 3: ES256, -1: 1, -2: x, -3: y})

    def _answer(self, **response):
        return {
            "id": encode(self.id),
            "rawId": encode(self.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": response,
        }


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
