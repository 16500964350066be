"""Sign-ups that no honest browser carries out: each is refused, and no account is made."""

import time
from datetime import timedelta

import cbor2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from tests.clock import MONDAY
from tests.hostile.tampering import (
    DEEP,
    EXTENDED,
    HONEST,
    behaving,
    client_data,
    cose,
    data,
    key,
    like,
    raw_client_data,
    with_,
    without,
)
from tests.hostile.test_sign_ins import SIGN_INS
from tests.passkey import ELIGIBLE, PRESENT, VERIFIED, SoftPasskey, decode, encode
from tests.web.ways import is_in, show, sign_up
from tests.web.ways import options as ask
from tests.web.ways import post as send


def altered(**changes):
    """An attestation object in which some words were replaced; None leaves a word out."""

    def make(passkey, options):
        answer = passkey.create(options)
        parts = cbor2.loads(decode(answer["response"]["attestationObject"])) | changes
        parts = {name: value for name, value in parts.items() if value is not None}
        answer["response"]["attestationObject"] = encode(cbor2.dumps(parts))
        return answer

    return make


def attestation(data: bytes):
    return with_("response", "attestationObject", value=encode(data))


def packed(**statement):
    return altered(fmt="packed", attStmt=statement)


def _rsa(bits=2048, e=65537, alg=-257):
    n = rsa.generate_private_key(65537, bits).public_key().public_numbers().n
    count = (e.bit_length() + 7) // 8
    return {1: 3, 3: alg, -1: n.to_bytes((n.bit_length() + 7) // 8, "big"), -2: e.to_bytes(count)}


def _other_attested_id(passkey, options):
    answer = passkey.create(options)
    return answer | {"id": encode(b"another"), "rawId": encode(b"another")}


def _claims_a_longer_id(auth_data):
    return auth_data[:53] + (60_000).to_bytes(2, "big") + auth_data[55:]


def _strange_certificate() -> bytes:
    """Of version 10, which the parser refuses in a way of its own."""
    name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, "Eve")])
    signer = ec.generate_private_key(ec.SECP256R1())
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    builder = builder.public_key(signer.public_key()).serial_number(7)
    builder = builder.not_valid_before(MONDAY).not_valid_after(MONDAY + timedelta(days=1))
    plain = builder.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
    return plain.replace(bytes.fromhex("a003020102"), bytes.fromhex("a003020109"), 1)


SIGN_UPS = {
    "wrong origin": (behaving(origin="http://evil.example"), "client data origin"),
    "null origin": (client_data(origin="null"), "client data origin"),
    "wrong rp": (behaving(rp_id="evil.example"), "RP ID"),
    "user not verified": (behaving(flags=HONEST & ~VERIFIED), "verification is required"),
    "user not present": (behaving(flags=HONEST & ~PRESENT), "presence was required"),
    "backed up but not eligible": (behaving(flags=HONEST & ~ELIGIBLE), "backed up"),
    "extensions that are missing": (behaving(flags=HONEST | EXTENDED), "CBOR"),
    "type of a sign-in": (client_data(type="webauthn.get"), "client data type"),
    "inside another site": (client_data(crossOrigin=True), "inside another site"),
    "top origin": (client_data(topOrigin="http://evil.example"), "inside another site"),
    "challenge of its own": (client_data(challenge=encode(b"c" * 32)), "no such challenge"),
    "another kind of credential": (with_("type", value="password"), "unexpected type"),
    "id that is too long": (behaving(id=b"x" * 1024), "too long"),
    "empty id": (behaving(id=b""), "too long"),
    "two ids": (_other_attested_id, "two credential ids"),
    "id that is a list": (with_("id", value=[]), "missing required id"),
    "raw id that is an object": (with_("rawId", value={}), "missing required rawId"),
    "unknown format": (altered(fmt="homemade"), "not asked for"),
    "format with a tail of its own": (altered(fmt="android-safetynet"), "not asked for"),
    "format of a tpm": (altered(fmt="tpm"), "not asked for"),
    "format that is a list": (altered(fmt=["none"]), "refused"),
    "no format": (altered(fmt=None), "fmt"),
    "statement under none": (altered(attStmt={"sig": b"s"}), "statement"),
    "statement that is a number": (altered(attStmt=7), "TypeError"),
    "packed without a signature": (packed(alg=-7), "missing signature"),
    "packed with a wrong signature": (packed(alg=-7, sig=b"s" * 70), "refused"),
    "packed with another algorithm": (packed(alg=-257, sig=b"s" * 70), "did not equal"),
    "packed with a certificate of garbage": (packed(alg=-7, sig=b"s", x5c=[b"c"]), "refused"),
    "packed with a strange certificate": (
        packed(alg=-7, sig=b"s", x5c=[_strange_certificate()]),
        "InvalidVersion",
    ),
    "packed with a certificate in words": (packed(alg=-7, sig=b"s", x5c="cert"), "refused"),
    "packed with certificates by name": (packed(alg=-7, sig=b"s", x5c={"a": b"c"}), "refused"),
    "packed with a number for a signature": (packed(alg=-7, sig=9), "refused"),
    "apple without certificates": (altered(fmt="apple"), "missing x5c"),
    "apple with garbage": (altered(fmt="apple", attStmt={"x5c": [b"c"]}), "leaf cert"),
    "nothing attested": (attestation(b""), "CBOR"),
    "attested in garbage": (attestation(b"\xff\xff\xff"), "CBOR"),
    "attested in a list": (attestation(b"\x80"), "TypeError"),
    "attested in words": (attestation(cbor2.dumps("none")), "TypeError"),
    "attested in 60,000 nested lists": (attestation(b"\x81" * 60_000), "refused"),
    "attested in 2^63 bytes": (attestation(b"\x5b" + b"\x7f" + b"\xff" * 7), "refused"),
    "attested in a list of 2^63": (attestation(b"\x9b" + b"\x7f" + b"\xff" * 7), "refused"),
    "attested in a list of itself": (attestation(bytes.fromhex("d81c81d81d00")), "TypeError"),
    "attested with doubled words": (attestation(bytes.fromhex("a2616101616102")), "CBOR"),
    "attested in a strange tag": (attestation(bytes.fromhex("d8236161")), "TypeError"),
    "attestation that is no base64": (
        with_("response", "attestationObject", value="a"),
        "refused",
    ),
    "attestation that is a number": (with_("response", "attestationObject", value=7), "refused"),
    "no attestation": (without("response", "attestationObject"), "attestationObject"),
    "no data": (altered(authData=None), "authData"),
    "data that is words": (altered(authData="x" * 100), "no bytes"),
    "data that is a number": (altered(authData=7), "no bytes"),
    "data that is a number beyond all memory": (altered(authData=2**50), "no bytes"),
    "data that is a list": (altered(authData=[73] * 100), "no bytes"),
    "data that is null": (data(lambda _known: None), "no bytes"),
    "data without a key": (data(lambda known: known[:32] + bytes([HONEST]) + bytes(4)), "refused"),
    "data cut in the key": (data(lambda known: known[:-5]), "refused"),
    "data cut in the id": (data(lambda known: known[:60]), "refused"),
    "data that claims a longer id": (data(_claims_a_longer_id), "refused"),
    "data with a tail": (data(lambda known: known + b"\0"), "Leftover"),
    "key without a type": (cose(kty=None), "KeyError|kty"),
    "key of an unknown type": (cose(kty=99), "key type"),
    "key with a type of words": (cose(kty="EC2"), "refused"),
    "key with a type that is a list": (cose(kty=[2]), "refused"),
    "key without an algorithm": (cose(alg=None), "refused"),
    "key of an unknown algorithm": (cose(alg=-999), "refused"),
    "key of SHA-1": (key(cbor2.dumps(_rsa(alg=-65535))), "alg"),
    "key of a curve for RSA": (cose(alg=-257), "do not fit"),
    "key without a curve": (cose(crv=None), "refused"),
    "key on an unknown curve": (cose(crv=99), "refused"),
    "key on a curve that it is not on": (cose(crv=2), "refused"),
    "key without x": (cose(x=None), "refused"),
    "key with x of nothing": (cose(x=b""), "refused"),
    "key with x of words": (cose(x="x"), "refused"),
    "key with x of nothing at all": (cose(x=[]), "refused"),
    "key without y": (cose(y=None), "refused"),
    "key with a sign for y": (cose(y=True), "refused"),
    "point off the curve": (cose(x=b"x" * 32), "refused"),
    "point at zero": (cose(x=bytes(32), y=bytes(32)), "refused"),
    "point with 9,000 bytes": (cose(x=b"x" * 9000), "refused"),
    "key that is a list": (key(cbor2.dumps([1, 2, 3])), "refused"),
    "key that is a number": (key(cbor2.dumps(7)), "refused"),
    "key that is nothing": (key(cbor2.dumps(None)), "refused"),
    "key that is an empty map": (key(cbor2.dumps({})), "refused"),
    "key of garbage": (key(b"\xff\xff"), "refused"),
    "key that holds itself": (key(bytes.fromhex("d81ca10181d81d00")), "refused"),
    "RSA key with exponent 0": (key(cbor2.dumps(_rsa() | {-2: b"\0"})), "refused"),
    "RSA key of nothing": (key(cbor2.dumps(_rsa() | {-1: b""})), "refused"),
    "RSA key of one bit": (key(cbor2.dumps(_rsa() | {-1: b"\1"})), "refused"),
    "Edwards key cut short": (key(cbor2.dumps({1: 1, 3: -8, -1: 6, -2: b"x" * 31})), "refused"),
    "Edwards key on another curve": (
        key(cbor2.dumps({1: 1, 3: -8, -1: 5, -2: b"x" * 32})),
        "refused",
    ),
    "response that is a list": (with_("response", value=[]), "TypeError"),
    "credential that is null": (lambda _passkey, _options: None, "TypeError"),
    "credential that is words": (lambda _passkey, _options: "yes", "TypeError"),
    "client data as deep as a well": (raw_client_data(DEEP), "RecursionError"),
    "client data of garbage": (raw_client_data(b"garbage"), "JSONDecodeError"),
}


@pytest.mark.parametrize("case", SIGN_UPS)
def test_a_hostile_sign_up_is_refused(client, refused, case):
    make, reason = SIGN_UPS[case]
    answer = make(SoftPasskey(), ask(client, "/sign-up", name="Eve"))
    refused(send(client, "/sign-up", name="Eve", credential=answer), reason)


def test_the_same_sign_up_without_tampering_is_accepted(client):
    answer = behaving()(SoftPasskey(), ask(client, "/sign-up", name="Ida"))
    assert send(client, "/sign-up", name="Ida", credential=answer).status_code == 200
    assert is_in(client)


@pytest.mark.parametrize(
    "public",
    [
        pytest.param(lambda: cbor2.dumps(_rsa()), id="RSA"),
        pytest.param(
            lambda: cbor2.dumps(
                {
                    1: 1,
                    3: -8,
                    -1: 6,
                    -2: ed25519.Ed25519PrivateKey.generate().public_key().public_bytes_raw(),
                }
            ),
            id="Ed25519",
        ),
    ],
)
def test_the_other_kinds_of_key_are_accepted(client, public):
    answer = key(public())(SoftPasskey(), ask(client, "/sign-up", name="Ida"))
    assert send(client, "/sign-up", name="Ida", credential=answer).status_code == 200


def test_a_sign_up_answered_twice_is_one_account(client, refused):
    answer = SoftPasskey().create(ask(client, "/sign-up", name="Una"))
    assert send(client, "/sign-up", name="Una", credential=answer).status_code == 200
    again = send(client, "/sign-up", name="Una", credential=answer)
    assert again.status_code == 400


def test_a_challenge_to_sign_up_is_over_after_five_minutes(house, client, refused):
    options = ask(client, "/sign-up", name="Eve")
    house.clock.advance(minutes=5)
    answer = SoftPasskey().create(options)
    refused(send(client, "/sign-up", name="Eve", credential=answer), "challenge")


def test_a_challenge_to_sign_up_is_bound_to_its_browser(house, client, refused):
    answer = SoftPasskey().create(ask(house.app.test_client(), "/sign-up", name="Eve"))
    refused(send(client, "/sign-up", name="Eve", credential=answer), "no such challenge")


def test_a_credential_id_is_registered_once(house, client, refused):
    """Even by its owner: whoever signs in with it would land in one of two accounts."""
    double = like(house.dana, key=ec.generate_private_key(ec.SECP256R1()))
    answer = double.create(ask(client, "/sign-up", name="Eve"))
    refused(send(client, "/sign-up", name="Eve", credential=answer), "taken")


def test_a_key_of_half_a_million_bits_takes_nobodys_time(client):
    modulus = int.from_bytes(b"\xff" * 60_000)
    public = _rsa() | {-1: modulus.to_bytes(60_000), -2: (modulus - 2).to_bytes(60_000)}
    passkey = like(SoftPasskey(), _public_key=lambda: cbor2.dumps(public))
    began = time.perf_counter()
    sign_up(client, "Ida", passkey)
    assert show(client, passkey).status_code == 400
    assert time.perf_counter() - began < 2


def test_there_are_enough_hostile_ceremonies():
    assert len(SIGN_INS) + len(SIGN_UPS) >= 40
