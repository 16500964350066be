"""What the tests of failures share: what a page asks with."""

from uuid import uuid4

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
JSON = {"Accept": "application/json"}
PLAIN = {"Accept": "text/html"}


def post(client, path, /, headers=None, **fields):
    """Send a form, with a key of its own unless `fields` has one."""
    return client.post(path, data={"key": str(uuid4())} | fields, headers=headers)
