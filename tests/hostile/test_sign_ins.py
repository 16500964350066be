"""Sign-ins that no honest browser carries out: each is refused, and nobody gets in."""

import json

import pytest

from tests.hostile.tampering import (
    ATTESTED,
    DEEP,
    EXTENDED,
    HONEST,
    _other_key,
    _unknown,
    behaving,
    client_data,
    like,
    raw_client_data,
    with_,
    without,
)
from tests.passkey import ELIGIBLE, PRESENT, VERIFIED, SoftPasskey, decode, encode
from tests.web.ways import is_in
from tests.web.ways import options as ask
from tests.web.ways import post as send


def _two_ids(passkey, options):
    return passkey.get(options) | {"id": encode(b"another")}


def _id_of_cleo(passkey, options):
    """Dana's key and handle under an id that is somebody's."""
    answer = passkey.get(options)
    return answer | {"id": answer["id"] + "AA", "rawId": answer["rawId"] + "AA"}


def _long_id(passkey, options):
    return like(passkey, id=b"x" * 1024).get(options)


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
