"""A script that uses the API: it bears a token and names its writes."""

from uuid import uuid4

BASE = "/api/v1"


class Script:
    """Asks with a token, or with none where `secret` is None."""

    def __init__(self, client, secret: str | None):
        self.client, self.secret = client, secret

    def get(self, path: str, **headers):
        return self.client.get(BASE + path, headers=self._bearing(headers))

    def post(self, path: str, body=None, key: str | None = None, **headers):
        """Send a JSON body, or none where it is None."""
        named = self._bearing(headers) | {"Idempotency-Key": key or str(uuid4())}
        sent = {} if body is None else {"json": body}
        return self.client.post(BASE + path, headers=named, **sent)

    def _bearing(self, headers: dict) -> dict:
        bearer = {"Authorization": f"Bearer {self.secret}"} if self.secret is not None else {}
        return bearer | headers
