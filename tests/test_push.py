"""Web Push as the RFCs have it: one device alone can read it, and Kept's key says who sent it."""

import json
import stat
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st
from py_vapid import Vapid02

from habits import push
from habits.config import PUSH_SERVICES, ConfigError
from habits.problems import Refused
from habits.vapid import Vapid
from tests.clock import MONDAY
from tests.push_service import Device

ENDPOINT = "https://fcm.googleapis.com/wp/dana"
ORIGIN = "https://fcm.googleapis.com"


def b64(text):
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.fixture
def vapid(tmp_path):
    return Vapid(tmp_path, "https://kept.example.org")


def claims(header):
    return json.loads(b64(header.partition("t=")[2].split(".")[1]))


def test_it_encrypts_as_rfc_8291_does_in_its_appendix():
    private = int.from_bytes(b64("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big")
    sealed = push.encrypt(
        b"When I grow up, I want to be a watermelon",
        b64(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIA"
            "iw4"
        ),
        b64("BTBZMqHH6r4Tts7J_aSIgg"),
        ec.derive_private_key(private, ec.SECP256R1()),
        b64("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert sealed == b64(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmY"
        "WAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexS"
        "gSxsj_Qulcy4a-fN"
    )


@settings(max_examples=30)
@given(st.dictionaries(st.text(max_size=20), st.text(max_size=200), max_size=5))
def test_the_device_reads_what_was_sealed(payload):
    device = Device(ENDPOINT)
    sealed = push.encrypt(json.dumps(payload).encode(), device.public, device.auth)
    assert device.read(sealed) == payload


def test_every_message_is_sealed_anew_and_too_long_a_one_not_at_all():
    device = Device(ENDPOINT)
    assert len({push.encrypt(b"{}", device.public, device.auth) for _ in range(5)}) == 5
    assert len(push.encrypt(b"x" * push.LONGEST, device.public, device.auth)) == 4096
    with pytest.raises(ValueError, match="too many"):
        push.encrypt(b"x" * (push.LONGEST + 1), device.public, device.auth)


def test_the_key_is_made_once_for_its_user_alone(vapid, tmp_path):
    assert len(b64(vapid.public)) == 65
    assert stat.S_IMODE((tmp_path / "vapid.pem").stat().st_mode) == 0o600
    assert Vapid(tmp_path, "x").public == vapid.public


def test_a_key_that_is_none_is_refused_in_one_line(vapid, tmp_path):
    (tmp_path / "vapid.pem").write_text("a diary")
    with pytest.raises(ConfigError, match="put it back from a copy"):
        vapid.public  # noqa: B018


def test_another_library_accepts_the_signature(vapid):
    header = vapid.authorization(ORIGIN, MONDAY)
    assert Vapid02.verify(header.replace(", ", ","))
    assert claims(header) == {
        "aud": ORIGIN,
        "exp": int((MONDAY + timedelta(hours=12)).timestamp()),
        "sub": "https://kept.example.org",
    }


def test_a_signature_is_for_one_service_and_renewed_in_time(vapid):
    first = vapid.authorization(ORIGIN, MONDAY)
    assert claims(vapid.authorization("https://web.push.apple.com", MONDAY))["aud"] != ORIGIN
    assert vapid.authorization(ORIGIN, MONDAY + timedelta(hours=10)) == first
    later = vapid.authorization(ORIGIN, MONDAY + timedelta(hours=11, minutes=1))
    assert claims(later)["exp"] == int((MONDAY + timedelta(hours=23, minutes=1)).timestamp())


def test_a_browsers_subscription_is_taken():
    said = Device(ENDPOINT).subscription()
    public, auth = push.checked(said["endpoint"], said["p256dh"], said["auth"], PUSH_SERVICES)
    assert (len(public), len(auth)) == (65, 16)


@pytest.mark.parametrize(
    "wrong",
    [
        {"p256dh": ""},
        {"p256dh": "AAAA"},
        {"p256dh": "B" * 87},  # no point of the curve
        {"p256dh": "!" * 87},
        {"p256dh": "é" * 87},
        {"p256dh": "B" * 100_000},
        {"auth": ""},
        {"auth": "AAAA"},
        {"auth": "A" * 44},
        {"endpoint": "https://evil.example/wp/dana"},
        {"endpoint": "http://127.0.0.1:8000/"},
    ],
)
def test_an_odd_subscription_is_refused(wrong):
    said = Device(ENDPOINT).subscription() | wrong
    with pytest.raises(Refused):
        push.checked(said["endpoint"], said["p256dh"], said["auth"], PUSH_SERVICES)


def test_a_compressed_key_is_refused():
    device = Device(ENDPOINT)
    compressed = urlsafe_b64encode(bytes([2 + device.public[-1] % 2]) + device.public[1:33])
    with pytest.raises(Refused):
        push.checked(ENDPOINT, compressed.decode(), device.subscription()["auth"], PUSH_SERVICES)
