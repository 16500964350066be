"""The tests' own passkey has to be one that a real verifier accepts, and can refuse."""

import json

import pytest
import webauthn
from webauthn.helpers.exceptions import WebAuthnException

from tests.passkey import PRESENT, SoftPasskey

HERE = {"expected_rp_id": "localhost", "expected_origin": "http://localhost"}


def registered(passkey):
    options = webauthn.generate_registration_options(
        rp_id="localhost", rp_name="Kept", user_name="Dana", user_id=b"d" * 32
    )
    return webauthn.verify_registration_response(
        credential=passkey.create(json.loads(webauthn.options_to_json(options))),
        expected_challenge=options.challenge,
        require_user_verification=True,
        **HERE,
    )


def signed_in(passkey, made, count=0):
    options = webauthn.generate_authentication_options(rp_id="localhost")
    return webauthn.verify_authentication_response(
        credential=passkey.get(json.loads(webauthn.options_to_json(options))),
        expected_challenge=options.challenge,
        credential_public_key=made.credential_public_key,
        credential_current_sign_count=count,
        require_user_verification=True,
        **HERE,
    )


def test_both_ceremonies_verify():
    passkey = SoftPasskey()
    made = registered(passkey)
    assert made.credential_id == passkey.id
    assert passkey.handle == b"d" * 32
    assert made.credential_backed_up
    assert signed_in(passkey, made).user_verified


def test_a_counting_passkey_counts():
    passkey = SoftPasskey()
    passkey.step = 1
    made = registered(passkey)
    assert signed_in(passkey, made).new_sign_count == 1
    with pytest.raises(WebAuthnException):
        signed_in(passkey, made, count=5)


@pytest.mark.parametrize(
    ("name", "value"),
    [("origin", "http://evil.example"), ("rp_id", "evil.example"), ("flags", PRESENT)],
)
def test_a_misbehaving_passkey_is_refused(name, value):
    passkey = SoftPasskey()
    made = registered(passkey)
    setattr(passkey, name, value)
    with pytest.raises(WebAuthnException):
        signed_in(passkey, made)
