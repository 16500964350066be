"""A push service on this machine, and the devices behind it: it takes, checks and decrypts."""

import json
import os
import struct
import sys
import threading
from base64 import urlsafe_b64encode
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

Reply = tuple[int, dict[str, str]]  # status and headers
TAKEN: Reply = (201, {})


@dataclass
class Device:
    """A browser that subscribed: only it can read what is sent to it."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    auth: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def subscription(self) -> dict[str, str]:
        """What its script sends to Kept."""
        keys = {"p256dh": self.public, "auth": self.auth}
        return {"endpoint": self.endpoint} | {
            name: urlsafe_b64encode(value).rstrip(b"=").decode() for name, value in keys.items()
        }

    def read(self, body: bytes) -> dict:
        """The payload, decrypted step by step as RFC 8188 and 8291 say."""
        salt, (size, length) = body[:16], struct.unpack("!IB", body[16:21])
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        assert len(body) <= size == 4096
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        shared = self.key.exchange(ec.ECDH(), theirs)
        info = b"WebPush: info\0" + self.public + sender
        secret = HKDF(SHA256(), 32, self.auth, info).derive(shared)
        key = HKDF(SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(secret)
        nonce = HKDF(SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(secret)
        plain = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\0")
        assert plain[-1:] == b"\2"
        return json.loads(plain[:-1])


@dataclass(frozen=True)
class Message:
    """What arrived, when, for whom."""

    path: str
    headers: dict[str, str]
    body: bytes
    at: object  # what the service's clock showed


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *request):
        """A sender that was killed is no news; anything else is a fault of the test."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(*request)


class PushService:
    """Listens on loopback; replies with what stands in `replies`, else takes everything."""

    def __init__(self, clock: Callable[[], object] = lambda: None):
        self.clock = clock
        self.messages: list[Message] = []
        self.replies: deque[Reply] = deque()
        self.arrived: Callable[[Message], None] = lambda message: None
        self.server = _Server(("127.0.0.1", 0), self._handler())
        self.thread = threading.Thread(target=self.server.serve_forever, args=[0.01], daemon=True)
        self.thread.start()

    @property
    def host(self) -> str:
        """How the setting names it."""
        return f"127.0.0.1:{self.server.server_port}"

    def device(self, name: str) -> Device:
        return Device(f"http://{self.host}/push/{name}")

    def to(self, device: Device) -> list[dict]:
        """What this device got, decrypted."""
        path = device.endpoint.removeprefix(f"http://{self.host}")
        return [device.read(message.body) for message in self.messages if message.path == path]

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def _handler(service):  # noqa: N805  the handler's own self is another
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                length = int(self.headers["Content-Length"])
                body = self.rfile.read(length)
                if len(body) < length:  # its sender was killed: nothing has arrived
                    self.close_connection = True
                    return
                message = Message(self.path, dict(self.headers), body, service.clock())
                service.arrived(message)
                service.messages.append(message)
                status, headers = service.replies.popleft() if service.replies else TAKEN
                self.send_response(status)
                for name, value in ({"Content-Length": "0"} | headers).items():
                    self.send_header(name, value)
                self.end_headers()

            def do_GET(self):
                service.messages.append(Message(self.path, dict(self.headers), b"", None))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        return Handler
