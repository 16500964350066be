"""The ways in, each in one call: account, sign-in, one more passkey, a plain form."""

from tests.passkey import SoftPasskey

KEY = "a-key-of-this-write"


def post(client, url, **fields):
    """What the server says to a script's JSON."""
    return client.post(url, json={"key": KEY} | fields)


def options(client, url, **fields) -> dict:
    """The options for a ceremony."""
    response = post(client, f"{url}/options", **fields)
    assert response.status_code == 200, response.text
    return response.json


def sign_up(client, name="Dana", passkey=None, **fields) -> SoftPasskey:
    """Create an account and be signed in; returns its passkey."""
    passkey = passkey or SoftPasskey()
    answer = passkey.create(options(client, "/sign-up", name=name, **fields))
    response = post(client, "/sign-up", name=name, credential=answer, **fields)
    assert response.status_code == 200, response.text
    return passkey


def show(client, passkey, url="/sign-in", **fields):
    """Answer a sign-in or a confirmation with this passkey."""
    answer = passkey.get(options(client, url))
    return post(client, url, credential=answer, **fields)


def add(client, passkey=None) -> SoftPasskey:
    """Add one more passkey to the account that this client is signed in to."""
    passkey = passkey or SoftPasskey()
    answer = passkey.create(options(client, "/passkeys"))
    response = post(client, "/passkeys", credential=answer)
    assert response.status_code == 200, response.text
    return passkey


def is_in(client) -> bool:
    """Whether this browser is fully signed in."""
    with client.get("/settings") as response:  # closed: that is when last_seen is written
        return response.status_code == 200


def press(client, url, **fields):
    """Send a plain form."""
    return client.post(url, data={"key": KEY} | fields)
