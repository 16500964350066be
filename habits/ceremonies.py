"""The two ceremonies as the library speaks them: what is asked, and what may be answered."""

import json
from datetime import timedelta

import webauthn
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.exceptions import UnsupportedAlgorithm as UnsupportedByCryptography
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import (
    base64url_to_bytes,
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    options_to_json_dict,
    parse_attestation_object,
    parse_authentication_credential_json,
    parse_cbor,
    parse_registration_credential_json,
)
from webauthn.helpers.cose import COSEKTY, COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AttestationFormat,
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from habits.models.devices import Passkey
from habits.sites import LIFETIME, LONGEST_ID, Rejected, Site

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


def challenge_in(answer) -> bytes:
    """The challenge that an answer says it answers. Raises Rejected."""
    try:
        return base64url_to_bytes(_client_data(answer)["challenge"])
    except MALFORMED as problem:
        raise Rejected(_reason(problem)) from problem


def made(site: Site, challenge: bytes, answer) -> dict:
    """The columns of the passkey that an authenticator made for `challenge`. Raises Rejected."""
    _check_frame(answer)
    try:
        credential = parse_registration_credential_json(answer)
        _check_attestation(credential)
        found = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.domain,
            expected_origin=site.origin,
            require_user_verification=True,
        )
        if found.credential_id != credential.raw_id:
            raise Rejected("two credential ids")
    except MALFORMED as problem:
        raise Rejected(_reason(problem)) from problem
    return {
        "credential_id": found.credential_id,
        "public_key": found.credential_public_key,
        "sign_count": found.sign_count,
        "synced": is_synced(found),
        "backed_up": found.credential_backed_up,
        "transports": ",".join(
            sorted({kind.value for kind in credential.response.transports or []})
        ),
    }


def shown(answer) -> AuthenticationCredential:
    """Which passkey an authenticator shows, unverified. Raises Rejected."""
    _check_frame(answer)
    try:
        return parse_authentication_credential_json(answer)
    except MALFORMED as problem:
        raise Rejected(_reason(problem)) from problem


def verified(
    site: Site, challenge: bytes, credential: AuthenticationCredential, passkey: Passkey
) -> VerifiedAuthentication:
    """What the passkey has signed for `challenge`. Raises Rejected."""
    try:
        return webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.domain,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            # Managers that sync a passkey do not count its uses in one place.
            credential_current_sign_count=0 if passkey.synced else passkey.sign_count,
            require_user_verification=True,
        )
    except MALFORMED as problem:
        raise Rejected(_reason(problem)) from problem


def is_synced(found) -> bool:
    """Whether a passkey may be on several devices."""
    return found.credential_device_type is CredentialDeviceType.MULTI_DEVICE


def _check_frame(answer) -> None:
    """The library reads these two and checks neither: Kept is never shown inside another site."""
    data = _client_data(answer)
    if data.get("crossOrigin", False) is not False or "topOrigin" in data:
        raise Rejected("answered inside another site")


def _client_data(answer) -> dict:
    try:
        data = json.loads(base64url_to_bytes(answer["response"]["clientDataJSON"]))
    except MALFORMED as problem:
        raise Rejected(_reason(problem)) from problem
    if not isinstance(data, dict):
        raise Rejected("client data is no object")
    return data


def _check_attestation(credential) -> None:
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


def _reason(problem: Exception) -> str:
    return f"{type(problem).__name__}: {str(problem)[:80]}"
