"""Ceremonies that no honest browser carries out: each is refused, and nobody gets in."""

import copy
import json
import logging
import re
import time
from datetime import timedelta

import cbor2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from habits import create_app
from habits.db import db
from habits.models import Leader, Passkey
from tests import cast, databases
from tests.clock import MONDAY, Clock
from tests.passkey import BACKED_UP, ELIGIBLE, PRESENT, VERIFIED, SoftPasskey, decode, encode
from tests.web.ways import is_in, show, sign_up
from tests.web.ways import options as ask
from tests.web.ways import post as send

HONEST = PRESENT | VERIFIED | ELIGIBLE | BACKED_UP
EXTENDED, ATTESTED = 0x80, 0x40


class House:
    """An app in which Dana has a synced passkey, Cleo a counting one on a single device."""

    def __init__(self, folder, url):
        self.clock = Clock()
        self.app = create_app(databases.config(folder, url), self.clock)
        self.app.test_client_class = cast.Browser
        self.dana, self.cleo = SoftPasskey(), SoftPasskey()
        self.cleo.flags, self.cleo.sign_count, self.cleo.step = PRESENT | VERIFIED, 10, 1
        for name, passkey in (("Dana", self.dana), ("Cleo", self.cleo)):
            sign_up(self.app.test_client(), name, passkey)

    def counts(self):
        with self.app.app_context():
            return db.session.query(Leader).count(), db.session.query(Passkey).count()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(request, tmp_path_factory):
    """One for all cases: what is refused changes nothing."""
    kind = request.getfixturevalue(request.param)
    folder = tmp_path_factory.mktemp("house")
    url = kind.create(folder)
    made = House(folder, url)
    yield made
    with made.app.app_context():
        db.engine.dispose()
    kind.drop(url)


@pytest.fixture(autouse=True)
def hour(house):
    """Each case has its own hour, so that no limit is reached."""
    house.clock.advance(hours=2)


@pytest.fixture
def client(house):
    return house.app.test_client()


@pytest.fixture
def refused(house, client, caplog):
    """Checks an answer's fate: refused for this reason, nobody in, nothing stored."""
    before = house.counts()

    def check(response, reason=""):
        assert response.status_code in (400, 403), (response.status_code, response.text)
        reasons = [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING]
        assert re.search(reason, "\n".join(reasons)), reasons
        assert is_out(client)
        assert house.counts() == before

    return check


def is_out(client) -> bool:
    """Neither signed in nor let in to add a passkey."""
    return client.get("/settings").location.startswith("/sign-in")


def like(passkey, **changes):
    """A passkey of the same key and id that behaves otherwise."""
    double = copy.copy(passkey)
    for name, value in changes.items():
        setattr(double, name, value)
    return double


def client_data(**changes):
    """A passkey whose browser says something else; None leaves a word out."""
    return lambda passkey, options: (
        like(passkey, client_data_extras=changes).get(options)
        if passkey.handle
        else like(passkey, client_data_extras=changes).create(options)
    )


def behaving(**changes):
    return lambda passkey, options: (
        like(passkey, **changes).get(options)
        if passkey.handle
        else like(passkey, **changes).create(options)
    )


def with_(*path, value):
    """An honest answer in which what stands at `path` was replaced."""

    def tampered(passkey, options):
        answer = passkey.get(options) if passkey.handle else passkey.create(options)
        place = answer
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
        return answer

    return tampered


def without(*path):
    def tampered(passkey, options):
        answer = passkey.get(options) if passkey.handle else passkey.create(options)
        place = answer
        for step in path[:-1]:
            place = place[step]
        del place[path[-1]]
        return answer

    return tampered


def raw_client_data(data: bytes):
    return with_("response", "clientDataJSON", value=encode(data))


def _two_ids(passkey, options):
    return passkey.get(options) | {"id": encode(b"another")}


def _unknown(passkey, options):
    return like(passkey, id=b"nobody's").get(options)


def _id_of_cleo(passkey, options):
    """Dana's key and handle under an id that is somebody's."""
    answer = passkey.get(options)
    return answer | {"id": answer["id"] + "AA", "rawId": answer["rawId"] + "AA"}


def _long_id(passkey, options):
    return like(passkey, id=b"x" * 1024).get(options)


def _other_key(passkey, options):
    return like(passkey, key=ec.generate_private_key(ec.SECP256R1())).get(options)


def _other_bytes_signed(passkey, options):
    answer = passkey.get(options)
    data = bytearray(decode(answer["response"]["authenticatorData"]))
    data[36] ^= 1  # the count
    answer["response"]["authenticatorData"] = encode(bytes(data))
    return answer


def _cut(passkey, options):
    answer = passkey.get(options)
    data = decode(answer["response"]["authenticatorData"])
    answer["response"]["authenticatorData"] = encode(data[:36])
    return answer


def _with_tail(passkey, options):
    answer = passkey.get(options)
    data = decode(answer["response"]["authenticatorData"])
    answer["response"]["authenticatorData"] = encode(data + b"\0" * 9)
    return answer


def _made_instead(passkey, options):
    """The answer of the other ceremony."""
    user = {"id": encode(passkey.handle)}
    return passkey.create(options | {"user": user})


DEEP = b"[" * 100_000
SIGN_INS = {
    "wrong origin": (behaving(origin="http://evil.example"), "client data origin"),
    "origin that begins like ours": (behaving(origin="http://localhost.evil"), "data origin"),
    "origin at another port": (behaving(origin="http://localhost:8000"), "client data origin"),
    "origin in another scheme": (behaving(origin="https://localhost"), "client data origin"),
    "null origin": (client_data(origin="null"), "client data origin"),
    "origin in a list": (client_data(origin=["http://localhost"]), "client data origin"),
    "no origin": (client_data(origin=None), "client data origin"),
    "wrong rp": (behaving(rp_id="evil.example"), "RP ID"),
    "subdomain as rp": (behaving(rp_id="a.localhost"), "RP ID"),
    "user not verified": (behaving(flags=HONEST & ~VERIFIED), "verification is required"),
    "user not present": (behaving(flags=HONEST & ~PRESENT), "not present"),
    "no flags at all": (behaving(flags=0), "not present"),
    "backup eligibility flipped": (behaving(flags=PRESENT | VERIFIED), "eligibility changed"),
    "backed up but not eligible": (behaving(flags=HONEST & ~ELIGIBLE), "backed up"),
    "extensions that are missing": (behaving(flags=HONEST | EXTENDED), "authenticatorData"),
    "key that is missing": (behaving(flags=HONEST | ATTESTED), "authenticatorData"),
    "type of a registration": (client_data(type="webauthn.create"), "client data type"),
    "type of a payment": (client_data(type="payment.get"), "client data type"),
    "no type": (client_data(type=None), "client data type"),
    "inside another site": (client_data(crossOrigin=True), "inside another site"),
    "inside another site, in words": (client_data(crossOrigin="true"), "inside another site"),
    "inside who knows what": (client_data(crossOrigin=None), "inside another site"),
    "top origin": (client_data(topOrigin="http://localhost"), "inside another site"),
    "challenge of its own": (client_data(challenge=encode(b"c" * 32)), "no such challenge"),
    "empty challenge": (client_data(challenge=""), "no such challenge"),
    "challenge that is a number": (client_data(challenge=7), "refused"),
    "challenge that is a list": (client_data(challenge=["a"]), "refused"),
    "challenge that is no base64": (client_data(challenge="\u00e4"), "refused"),
    "handle of nobody": (behaving(handle=b"x" * 32), "user handle"),
    "handle of none": (without("response", "userHandle"), "user handle"),
    "handle that is null": (with_("response", "userHandle", value=None), "user handle"),
    "empty handle": (behaving(handle=b""), "user handle"),
    "handle that is a number": (with_("response", "userHandle", value=7), "userHandle"),
    "handle that is no base64": (with_("response", "userHandle", value="a"), "refused"),
    "unknown passkey": (_unknown, "unknown passkey"),
    "id that goes on": (_id_of_cleo, "unknown passkey"),
    "id that is too long": (_long_id, "too long"),
    "empty id": (behaving(id=b""), "unknown passkey"),
    "two ids": (_two_ids, "not equivalent"),
    "id that is a number": (with_("id", value=7), "missing required id"),
    "raw id that is no base64": (with_("rawId", value="a"), "refused"),
    "raw id that is null": (with_("rawId", value=None), "rawId"),
    "another kind of credential": (with_("type", value="password"), "unexpected type"),
    "kind that is a list": (with_("type", value=["public-key"]), "unexpected type|TypeError"),
    "no kind": (without("type"), "unexpected type"),
    "strange attachment": (with_("authenticatorAttachment", value="implant"), "Attachment"),
    "signature of another key": (_other_key, "could not be verified|InvalidSignature|signature"),
    "signature of other bytes": (_other_bytes_signed, "signature"),
    "empty signature": (with_("response", "signature", value=""), "signature"),
    "signature that is a list": (with_("response", "signature", value=[]), "signature"),
    "signature of garbage": (with_("response", "signature", value="AAAA"), "signature"),
    "data cut short": (_cut, "authenticatorData"),
    "data with a tail": (_with_tail, "authenticatorData"),
    "data of 100,000 bytes": (
        with_("response", "authenticatorData", value="A" * 100_000),
        "refused",
    ),
    "no data": (without("response", "authenticatorData"), "authenticatorData"),
    "answer of the other ceremony": (_made_instead, "authenticatorData"),
    "client data of garbage": (raw_client_data(b"garbage"), "JSONDecodeError"),
    "client data of broken text": (raw_client_data(b"\xff\xfe\xfa"), "refused"),
    "client data of a list": (raw_client_data(b"[]"), "no object"),
    "client data of null": (raw_client_data(b"null"), "no object"),
    "client data of nothing": (raw_client_data(b""), "refused"),
    "client data of an empty object": (raw_client_data(b"{}"), "KeyError"),
    "client data as deep as a well": (raw_client_data(DEEP), "RecursionError"),
    "client data of a huge number": (raw_client_data(b"9" * 9000), "ValueError"),
    "client data that is no base64": (
        with_("response", "clientDataJSON", value="a"),
        "refused",
    ),
    "client data that is an object": (with_("response", "clientDataJSON", value={}), "refused"),
    "no client data": (without("response", "clientDataJSON"), "KeyError"),
    "response that is a list": (with_("response", value=[]), "TypeError"),
    "response that is null": (with_("response", value=None), "TypeError"),
    "response that is words": (with_("response", value="yes"), "TypeError"),
    "no response": (without("response"), "KeyError"),
    "credential that is null": (lambda _passkey, _options: None, "TypeError"),
    "credential that is a list": (lambda _passkey, _options: [], "TypeError"),
    "credential that is a number": (lambda _passkey, _options: 7, "TypeError"),
    "credential that is JSON in JSON": (
        lambda passkey, options: json.dumps(passkey.get(options)),
        "TypeError",
    ),
}


@pytest.mark.parametrize("case", SIGN_INS)
def test_a_hostile_sign_in_is_refused(house, client, refused, case):
    make, reason = SIGN_INS[case]
    answer = make(house.dana, ask(client, "/sign-in"))
    refused(send(client, "/sign-in", credential=answer), reason)


def test_the_same_sign_in_without_tampering_is_accepted(house, client):
    """Or the cases above would be refused for nothing."""
    answer = behaving()(house.dana, ask(client, "/sign-in"))
    assert send(client, "/sign-in", credential=answer).status_code == 200
    assert is_in(client)


def test_an_answer_counts_once(house, client, refused):
    answer = house.dana.get(ask(client, "/sign-in"))
    assert send(client, "/sign-in", credential=answer).status_code == 200
    client.post("/sign-out")
    refused(send(client, "/sign-in", credential=answer), "no such challenge")


def test_an_answer_counts_once_even_when_it_was_refused(house, client, refused):
    options = ask(client, "/sign-in")
    refused(send(client, "/sign-in", credential=_other_key(house.dana, options)))
    refused(send(client, "/sign-in", credential=house.dana.get(options)), "no such challenge")


def test_a_challenge_is_over_after_five_minutes(house, client, refused):
    options = ask(client, "/sign-in")
    house.clock.advance(minutes=5)
    refused(send(client, "/sign-in", credential=house.dana.get(options)), "challenge")


def test_a_challenge_holds_for_almost_five_minutes(house, client):
    options = ask(client, "/sign-in")
    house.clock.advance(minutes=4, seconds=59)
    assert send(client, "/sign-in", credential=house.dana.get(options)).status_code == 200


def test_a_challenge_is_bound_to_its_browser(house, client, refused):
    theirs = house.app.test_client()
    stolen = house.dana.get(ask(theirs, "/sign-in"))
    ask(client, "/sign-in")
    refused(send(client, "/sign-in", credential=stolen), "no such challenge")
    assert send(theirs, "/sign-in", credential=stolen).status_code == 200


def test_a_challenge_needs_the_cookie_of_its_browser(house, client, refused):
    answer = house.dana.get(ask(client, "/sign-in"))
    client.delete_cookie("kept")
    refused(send(client, "/sign-in", credential=answer), "no such challenge")


def test_a_challenge_to_sign_up_does_not_sign_in(house, client, refused):
    options = ask(client, "/sign-up", name="Dana")
    refused(send(client, "/sign-in", credential=house.dana.get(options)), "something else")


def test_a_challenge_to_sign_in_does_not_sign_up(client, refused):
    options = ask(client, "/sign-in") | {"user": {"id": encode(b"u" * 32)}}
    answer = SoftPasskey().create(options)
    refused(send(client, "/sign-up", name="Eve", credential=answer), "something else")


@pytest.mark.parametrize("count", [0, 9, 10])
def test_a_passkey_of_a_single_device_that_counts_backwards_is_a_copy(
    house, client, refused, count
):
    answer = like(house.cleo, sign_count=count, step=0).get(ask(client, "/sign-in"))
    refused(send(client, "/sign-in", credential=answer), "sign count")


def test_dana_cannot_answer_as_cleo(house, client, refused):
    answer = like(house.dana, handle=house.cleo.handle).get(ask(client, "/sign-in"))
    refused(send(client, "/sign-in", credential=answer), "user handle")


def test_cleos_id_does_not_open_danas_account(house, client, refused):
    answer = like(house.dana, id=house.cleo.id).get(ask(client, "/sign-in"))
    refused(send(client, "/sign-in", credential=answer), "user handle")


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


def data(change):
    """Authenticator data after `change`."""

    def make(passkey, options):
        answer = passkey.create(options)
        parts = cbor2.loads(decode(answer["response"]["attestationObject"]))
        parts["authData"] = change(parts["authData"])
        answer["response"]["attestationObject"] = encode(cbor2.dumps(parts))
        return answer

    return make


def cose(**changes):
    """A public key in which some parameters were replaced; None leaves one out."""
    names = {"kty": 1, "alg": 3, "crv": -1, "x": -2, "y": -3}
    numbers = {names[name]: value for name, value in changes.items()}

    def make(passkey, options):
        known = cbor2.loads(SoftPasskey._public_key(passkey)) | numbers
        return key(cbor2.dumps({n: v for n, v in known.items() if v is not None}))(passkey, options)

    return make


def key(public_key: bytes):
    """A public key of these very bytes."""
    return lambda passkey, options: like(passkey, _public_key=lambda: public_key).create(options)


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


BODIES = {
    "nothing": b"",
    "garbage": b"garbage",
    "a list": b"[]",
    "null": b"null",
    "a number": b"7",
    "words": b'"yes"',
    "not a number": b"NaN",
    "broken text": b'{"key": "\xff"}',
    "a huge number": b'{"key": ' + b"9" * 9000 + b"}",
    "lists as deep as a well": b'{"credential": ' + b"[" * 50_000 + b"}",
    "objects as deep as a well": b'{"a":' * 30_000,
    "a key that is a list": b'{"key": ["12345678"]}',
    "a name that is an object": b'{"key": "12345678", "name": {}}',
    "an unknown field": b'{"key": "12345678", "leader_id": "1"}',
    "half a surrogate": b'{"key": "12345678", "\\ud800": ""}',
}


@pytest.mark.parametrize("path", ["/sign-in", "/sign-up", "/sign-up/options"])
@pytest.mark.parametrize("case", BODIES)
def test_a_body_that_is_no_form_is_malformed(client, refused, path, case):
    refused(client.post(path, data=BODIES[case], content_type="application/json"))


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", None])
def test_a_body_of_another_kind_is_not_read(house, client, kind):
    answer = house.dana.get(ask(client, "/sign-in"))
    body = json.dumps({"key": "12345678", "credential": answer})
    assert client.post("/sign-in", data=body, content_type=kind).status_code == 415
    assert is_out(client)


def test_a_body_of_a_megabyte_is_too_large(client):
    response = send(client, "/sign-in", credential={"id": "A" * 1_000_000})
    assert response.status_code == 413
    assert is_out(client)


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}])
def test_another_site_cannot_carry_a_passkey_in(house, client, headers):
    answer = house.dana.get(ask(client, "/sign-in"))
    body = {"key": "12345678", "credential": answer}
    assert client.post("/sign-in", json=body, headers=headers).status_code == 403
    assert is_out(client)


class TestInside:
    """Dana is signed in, and a passkey is asked for once more."""

    @pytest.fixture
    def client(self, house, client):
        assert show(client, house.dana).status_code == 200
        house.clock.advance(minutes=6)
        return client

    def check(self, house, client, response):
        assert response.status_code == 400, response.text
        assert "/confirm" in client.get("/passkeys/new").location
        assert house.counts() == self.before

    @pytest.fixture(autouse=True)
    def _count(self, house, client):
        self.before = house.counts()

    def test_a_confirmation_is_accepted(self, house, client):
        """Or the cases below would be refused for nothing."""
        assert show(client, house.dana, "/confirm").status_code == 200
        assert client.get("/passkeys/new").status_code == 200

    def test_another_leaders_passkey_confirms_nothing(self, house, client):
        cleo = like(house.cleo, sign_count=1000)
        self.check(house, client, show(client, cleo, "/confirm"))
        as_dana = like(cleo, handle=house.dana.handle)
        self.check(house, client, show(client, as_dana, "/confirm"))
        as_nobody = cleo.get(ask(client, "/confirm"))
        del as_nobody["response"]["userHandle"]
        self.check(house, client, send(client, "/confirm", credential=as_nobody))

    def test_a_sign_in_cannot_be_used_to_confirm(self, house, client):
        answer = house.dana.get(ask(client, "/sign-in"))
        self.check(house, client, send(client, "/confirm", credential=answer))

    def test_a_confirmation_cannot_be_used_to_sign_in(self, house, client):
        answer = house.dana.get(ask(client, "/confirm"))
        self.check(house, client, send(client, "/sign-in", credential=answer))

    def test_a_confirmation_counts_once(self, house, client):
        answer = house.dana.get(ask(client, "/confirm"))
        assert send(client, "/confirm", credential=answer).status_code == 200
        house.clock.advance(minutes=6)
        self.check(house, client, send(client, "/confirm", credential=answer))

    @pytest.mark.parametrize(
        "make",
        [
            pytest.param(behaving(flags=HONEST & ~VERIFIED), id="not verified"),
            pytest.param(behaving(origin="http://evil.example"), id="wrong origin"),
            pytest.param(behaving(flags=PRESENT | VERIFIED), id="eligibility flipped"),
            pytest.param(client_data(crossOrigin=True), id="inside another site"),
            pytest.param(_other_key, id="another key"),
            pytest.param(_unknown, id="unknown"),
            pytest.param(lambda _passkey, _options: None, id="nothing"),
        ],
    )
    def test_a_hostile_confirmation_is_refused(self, house, client, make):
        answer = make(house.dana, ask(client, "/confirm"))
        self.check(house, client, send(client, "/confirm", credential=answer))

    def test_a_session_that_began_anew_has_no_old_challenges(self, house, client):
        answer = house.dana.get(ask(client, "/confirm"))
        assert show(client, house.dana).status_code == 200
        house.clock.advance(minutes=6)
        assert send(client, "/confirm", credential=answer).status_code == 400


class TestAdding:
    """Dana makes one more passkey."""

    @pytest.fixture
    def client(self, house, client):
        assert show(client, house.dana).status_code == 200
        return client

    def check(self, house, before, response):
        assert response.status_code == 400, response.text
        assert house.counts() == before

    def test_a_challenge_to_sign_up_adds_nothing(self, house, client):
        before = house.counts()
        answer = SoftPasskey().create(ask(client, "/sign-up", name="Dana"))
        self.check(house, before, send(client, "/passkeys", credential=answer))

    def test_a_challenge_to_add_opens_no_account(self, house, client):
        before = house.counts()
        answer = SoftPasskey().create(ask(client, "/passkeys"))
        self.check(house, before, send(client, "/sign-up", name="Eve", credential=answer))

    def test_cleos_challenge_adds_nothing_to_danas_account(self, house, client):
        before = house.counts()
        cleos = house.app.test_client()
        cast.sign_in(cleos, _row(house, "Cleo"), fresh=True)
        answer = SoftPasskey().create(ask(cleos, "/passkeys"))
        self.check(house, before, send(client, "/passkeys", credential=answer))

    def test_a_challenge_of_the_session_before_adds_nothing(self, house, client):
        """Dana hands the browser on: what she asked for must not end in Cleo's account."""
        before = house.counts()
        answer = SoftPasskey().create(ask(client, "/passkeys"))
        cleo = like(house.cleo, sign_count=house.cleo.sign_count + 1)
        assert show(client, cleo).status_code == 200
        house.cleo.sign_count = cleo.sign_count
        self.check(house, before, send(client, "/passkeys", credential=answer))

    @pytest.mark.parametrize("whose", ["dana", "cleo"])
    def test_a_credential_id_that_is_known_is_refused(self, house, client, whose):
        before = house.counts()
        double = like(getattr(house, whose), key=ec.generate_private_key(ec.SECP256R1()))
        answer = double.create(ask(client, "/passkeys"))
        self.check(house, before, send(client, "/passkeys", credential=answer))
        with house.app.app_context():
            stored = db.session.query(Passkey).filter_by(credential_id=double.id).one()
            assert stored.leader.name == whose.title()

    @pytest.mark.parametrize(
        "make",
        [
            pytest.param(behaving(flags=HONEST & ~VERIFIED), id="not verified"),
            pytest.param(behaving(origin="http://evil.example"), id="wrong origin"),
            pytest.param(cose(x=b"x" * 32), id="point off the curve"),
            pytest.param(lambda _passkey, _options: [], id="list"),
        ],
    )
    def test_a_hostile_passkey_is_not_added(self, house, client, make):
        before = house.counts()
        answer = make(SoftPasskey(), ask(client, "/passkeys"))
        self.check(house, before, send(client, "/passkeys", credential=answer))

    def test_a_challenge_to_add_is_over_after_five_minutes(self, house, client):
        before = house.counts()
        options = ask(client, "/passkeys")
        house.clock.advance(minutes=4)
        assert show(client, house.dana, "/confirm").status_code == 200
        house.clock.advance(minutes=1)
        answer = SoftPasskey().create(options)
        self.check(house, before, send(client, "/passkeys", credential=answer))


def test_a_count_may_use_all_of_its_bits(house, client):
    passkey = SoftPasskey()
    passkey.flags, passkey.sign_count, passkey.step = PRESENT | VERIFIED, 2**32 - 3, 1
    sign_up(client, "Ida", passkey)
    assert show(client, passkey).status_code == 200


def test_transports_of_any_kind_leave_the_account_usable(client):
    passkey = SoftPasskey()
    passkey.transports = ["internal", "hybrid"] * 50 + ["carrier pigeon", "", [], {}, 7, None]
    sign_up(client, "Ida", passkey)
    known = ask(client, "/confirm")["allowCredentials"]
    assert [sorted(one["transports"]) for one in known] == [["hybrid", "internal"]]


@pytest.mark.parametrize("transports", [None, "internal", {"internal": 1}, 7])
def test_transports_that_are_no_list_are_left_out(client, transports):
    passkey = SoftPasskey()
    passkey.transports = transports
    sign_up(client, "Ida", passkey)
    assert ask(client, "/confirm")["allowCredentials"]


def test_a_key_of_half_a_million_bits_takes_nobodys_time(client):
    modulus = int.from_bytes(b"\xff" * 60_000)
    public = _rsa() | {-1: modulus.to_bytes(60_000), -2: (modulus - 2).to_bytes(60_000)}
    passkey = like(SoftPasskey(), _public_key=lambda: cbor2.dumps(public))
    began = time.perf_counter()
    sign_up(client, "Ida", passkey)
    assert show(client, passkey).status_code == 400
    assert time.perf_counter() - began < 2


def _row(house, name):
    with house.app.app_context():
        return db.session.query(Leader).filter_by(name=name).one()


def test_cleo_still_gets_in(house, client):
    """After all of the above nobody was locked out."""
    house.clock.advance(seconds=timedelta(hours=1).total_seconds())
    house.cleo.sign_count += 5
    assert show(client, house.cleo).status_code == 200
    assert show(house.app.test_client(), house.dana).status_code == 200


def test_there_are_enough_hostile_ceremonies():
    assert len(SIGN_INS) + len(SIGN_UPS) >= 40
