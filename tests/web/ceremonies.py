"""Carries passkeys through the ceremonies by the front door, as the page's script does."""

from uuid import uuid4

from habits.db import db
from habits.models import Leader
from tests import cast
from tests.passkey import SoftPasskey

SCRIPT = {
    "Accept": "application/json",
    "Origin": "http://localhost",
    "Sec-Fetch-Site": "same-origin",
    "User-Agent": "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/156.0 Safari/537.36",
}
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def send(client, path, /, **fields):
    """Post a JSON object, with a key of its own unless `fields` has one."""
    return client.post(path, json={"key": str(uuid4())} | fields, headers=SCRIPT)


def ask(client, path, /, **fields) -> dict:
    """The options of the ceremony at `path`."""
    response = send(client, f"{path}/options", **fields)
    assert response.status_code == 200, response.text
    return response.json


def sign_up(client, passkey: SoftPasskey, name="Dana", **fields):
    """Create an account with this passkey."""
    options = ask(client, "/sign-up", name=name, **fields)
    return send(client, "/sign-up", name=name, credential=passkey.create(options), **fields)


def sign_in(client, passkey: SoftPasskey, **fields):
    options = ask(client, "/sign-in")
    return send(client, "/sign-in", credential=passkey.get(options), **fields)


def confirm(client, passkey: SoftPasskey, **fields):
    """Show the passkey again, as before something sensitive."""
    options = ask(client, "/confirm")
    return send(client, "/confirm", credential=passkey.get(options), **fields)


def add(client, passkey: SoftPasskey):
    """Make one more passkey for whoever is signed in."""
    return send(client, "/passkeys", credential=passkey.create(ask(client, "/passkeys")))


def joined(app, name="Dana", passkey: SoftPasskey | None = None):
    """Someone who just signed up: their client, passkey and row."""
    client, passkey = app.test_client(), passkey or SoftPasskey()
    response = sign_up(client, passkey, name)
    assert response.status_code == 200, response.text
    with app.app_context():
        return client, passkey, db.session.query(Leader).filter_by(name=name).one()


def enrolling(app, who):
    """A client that may add a passkey to `who`'s account and do nothing else."""
    from habits import links
    from habits.models.devices import LinkKind

    with app.app_context():
        token = links.make(LinkKind.DEVICE, who, app.extensions["clock"]())
        db.session.commit()
    client = app.test_client()
    response = post(client, f"/devices/{token}")
    assert response.location == "/passkeys/new", response.text
    return client


def post(client, path, /, headers=None, **fields):
    """Send a form, with a key of its own unless `fields` has one."""
    return client.post(path, data={"key": str(uuid4())} | fields, headers=headers)


def standing(client) -> str:
    """Who this client is to Kept: in, enrolling or out."""
    response = client.get("/settings")
    if response.status_code == 200:
        return "in"
    return "enrolling" if response.location == "/passkeys/new" else "out"


def fresh(client, who):
    """Sign `who` in as if a passkey had just been used."""
    cast.sign_in(client, who, fresh=True)
    return client
