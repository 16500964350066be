"""A house of honest leaders, and ways in which an answer is not what a browser says."""

import copy

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec

from habits import create_app
from habits.db import db
from habits.models import Leader, Passkey
from tests import cast, databases
from tests.clock import Clock
from tests.passkey import BACKED_UP, ELIGIBLE, PRESENT, VERIFIED, SoftPasskey, decode, encode
from tests.web.ways import sign_up

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


def _unknown(passkey, options):
    return like(passkey, id=b"nobody's").get(options)


def _other_key(passkey, options):
    return like(passkey, key=ec.generate_private_key(ec.SECP256R1())).get(options)


DEEP = b"[" * 100_000


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
