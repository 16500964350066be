"""The two ceremonies as the library speaks them: what is asked, and what may be answered."""

import json
from dataclasses import dataclass
from datetime import timedelta

import webauthn
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.exceptions import UnsupportedAlgorithm as UnsupportedByCryptography
from webauthn.helpers import (
    base64url_to_bytes,
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    options_to_json_dict,
    parse_attestation_object,
    parse_cbor,
)
from webauthn.helpers.cose import COSEKTY, COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AttestationFormat,
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from habits.models.devices import Passkey

LIFETIME = timedelta(minutes=5)  # of a challenge
LONGEST_ID = 1023  # bytes of a credential id, by the specification
KINDS = {
    COSEAlgorithmIdentifier.EDDSA: COSEKTY.OKP,
    COSEAlgorithmIdentifier.ECDSA_SHA_256: COSEKTY.EC2,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256: COSEKTY.RSA,
}  # of key, by the algorithms that are asked for
FORMATS = {AttestationFormat.NONE, AttestationFormat.PACKED, AttestationFormat.APPLE}
# What the library and its parsers raise on answers that no browser makes.
MALFORMED = (
    WebAuthnException,
    InvalidSignature,
    UnsupportedByCryptography,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RuntimeError,  # RecursionError among them
)


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


def creation(site: Site, challenge: bytes, handle: bytes, name: str, known: list) -> dict:
    options = webauthn.generate_registration_options(
        rp_id=site.domain,
        rp_name="Kept",
        user_id=handle,
        user_name=name,
        user_display_name=name,
        challenge=challenge,
        timeout=_milliseconds(LIFETIME),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            require_resident_key=True,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_descriptors(known),
    )
    return options_to_json_dict(options)


def request(site: Site, challenge: bytes, known: list) -> dict:
    options = webauthn.generate_authentication_options(
        rp_id=site.domain,
        challenge=challenge,
        timeout=_milliseconds(LIFETIME),
        allow_credentials=_descriptors(known),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


def _descriptors(known: list[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=passkey.credential_id,
            transports=[AuthenticatorTransport(t) for t in passkey.transports.split(",") if t],
        )
        for passkey in known
    ]


def _milliseconds(span: timedelta) -> int:
    return int(span.total_seconds() * 1000)


def check_frame(answer) -> None:
    """The library reads these two and checks neither: Kept is never shown inside another site."""
    data = client_data(answer)
    if data.get("crossOrigin", False) is not False or "topOrigin" in data:
        raise Rejected("answered inside another site")


def challenge_in(data: dict) -> bytes:
    try:
        return base64url_to_bytes(data["challenge"])
    except MALFORMED as problem:
        raise Rejected(reason(problem)) from problem


def client_data(answer) -> dict:
    try:
        data = json.loads(base64url_to_bytes(answer["response"]["clientDataJSON"]))
    except MALFORMED as problem:
        raise Rejected(reason(problem)) from problem
    if not isinstance(data, dict):
        raise Rejected("client data is no object")
    return data


def check_attestation(credential) -> None:
    if not 0 < len(credential.raw_id) <= LONGEST_ID:
        raise Rejected("credential id is too long")
    data = credential.response.attestation_object
    # Where a number stands for its data, the library makes as many bytes.
    if not isinstance(parse_cbor(data)["authData"], bytes):
        raise Rejected("authenticator data is no bytes")
    attestation = parse_attestation_object(data)
    if attestation.fmt not in FORMATS:
        raise Rejected("attestation format was not asked for")
    # Without attestation the library stores a key unread; it has to be one that can sign in.
    public_key = attestation.auth_data.attested_credential_data.credential_public_key
    decoded = decode_credential_public_key(public_key)
    if KINDS.get(decoded.alg) != decoded.kty:
        raise Rejected("key and algorithm do not fit")
    decoded_public_key_to_cryptography(decoded)


def reason(problem: Exception) -> str:
    return f"{type(problem).__name__}: {str(problem)[:80]}"
