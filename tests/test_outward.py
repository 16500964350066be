"""The way out leads to push services at public addresses, and nowhere else."""

import socket
import threading
import time

import pytest

from habits import outward
from habits.config import PUSH_SERVICES
from habits.outward import Carrier, Forbidden, Unanswered, Unsent, is_public, parse

FINE = [
    "https://fcm.googleapis.com/fcm/send/dana:APA91b-x_1",
    "https://fcm.googleapis.com/wp/dana",
    "https://updates.push.services.mozilla.com/wpush/v2/gAAAAA",
    "https://eu.push.services.mozilla.com/wpush/v2/gAAAAA",
    "https://web.push.apple.com/QGuQyavXutnMHe",
    "https://db5p.notify.windows.com/w/?token=BQYAAAC%2b",
    "HTTPS://FCM.googleapis.com:443/wp/dana",
]
HOSTILE = [
    "",
    "x",
    "https://",
    "https:///wp/dana",
    "fcm.googleapis.com/wp/dana",
    "//fcm.googleapis.com/wp/dana",
    "http://fcm.googleapis.com/wp/dana",
    "ftp://fcm.googleapis.com/wp/dana",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:text/plain,x",
    "https://fcm.googleapis.com",
    "https://fcm.googleapis.com/",
    "https://fcm.googleapis.com:80/wp/dana",
    "https://fcm.googleapis.com:8443/wp/dana",
    "https://fcm.googleapis.com:0/wp/dana",
    "https://fcm.googleapis.com:65536/wp/dana",
    "https://fcm.googleapis.com:443443/wp/dana",
    "https://fcm.googleapis.com:/wp/dana",
    "https://fcm.googleapis.com.:443/wp/dana",
    "https://fcm.googleapis.com./wp/dana",
    "https://fcm.googleapis.com.evil.example/wp/dana",
    "https://evil-fcm.googleapis.com/wp/dana",
    "https://evilfcm.googleapis.com/wp/dana",
    "https://sub.fcm.googleapis.com/wp/dana",
    "https://googleapis.com/wp/dana",
    "https://www.googleapis.com/wp/dana",
    "https://evil.example/fcm.googleapis.com/wp",
    "https://evil.example?fcm.googleapis.com/wp",
    "https://evil.example#fcm.googleapis.com/wp",
    "https://user@fcm.googleapis.com/wp/dana",
    "https://user:word@fcm.googleapis.com/wp/dana",
    "https://fcm.googleapis.com@evil.example/wp/dana",
    "https://fcm.googleapis.com%40evil.example/wp/dana",
    "https://fcm.googleapis.com\\@evil.example/wp/dana",
    "https:\\\\fcm.googleapis.com\\wp\\dana",
    "https://fcm.googleapis.com/wp/da na",
    "https://fcm.googleapis.com/wp/dana\r\nHost: evil.example",
    "https://fcm.googleapis.com/wp/dana\n",
    "\nhttps://fcm.googleapis.com/wp/dana",
    " https://fcm.googleapis.com/wp/dana",
    "https://fcm.googleapis.com/wp/dana\0",
    "https://fcm.googleapis.com/wp/dana#x",
    "https://fcm.googleapis.com/wp/dän",
    "https://fcm。googleapis。com/wp/dana",
    "https://ｆcm.googleapis.com/wp/dana",
    "https://fcm.googleapıs.com/wp/dana",
    "https://notify.windows.com/w/",
    "https://.notify.windows.com/w/x",
    "https://evilnotify.windows.com/w/x",
    "https://x..notify.windows.com/w/x",
    "https://" + "a" * 64 + ".notify.windows.com/w/x",
    "https://" + "a." * 120 + "notify.windows.com/w/x",
    "https://push.services.mozilla.com/wpush",
    "https://127.0.0.1/push",
    "https://127.0.0.1:8000/push",
    "http://localhost:8000/push",
    "https://localhost/push",
    "https://[::1]/push",
    "https://[::ffff:127.0.0.1]/push",
    "https://0x7f000001/push",
    "https://2130706433/push",
    "https://017700000001/push",
    "https://0/push",
    "https://10.0.0.1/push",
    "https://192.168.1.1/push",
    "https://169.254.169.254/latest/meta-data/",
    "https://metadata.google.internal/computeMetadata/v1/",
    "https://fcm.googleapis.com/" + "a" * 1000,
]
NOT_PUBLIC = """
127.0.0.1 127.9.9.9 0.0.0.0 10.1.2.3 172.16.0.1 192.168.0.1
169.254.169.254 100.64.0.1 192.0.2.1 198.18.0.1 224.0.0.1 240.0.0.1
255.255.255.255 ::1 :: fe80::1 fe80::1%eth0 fc00::1
fd12::1 ff02::1 2001:db8::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 2002:7f00:1::
2002:a00:1:: 64:ff9b::7f00:1 64:ff9b::a00:1
"""


@pytest.fixture
def carrier(service):
    carrier = Carrier((service.host,))
    yield carrier
    carrier.close()


def resolving(monkeypatch, *places):
    """Every name is at these addresses, and who connects to them is noted."""
    tried = []

    def connect(place, _timeout):
        tried.append(place)
        raise ConnectionRefusedError

    found = [(None, None, None, "", (place, 443)) for place in places]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(socket, "create_connection", connect)
    return tried


@pytest.mark.parametrize("address", FINE)
def test_the_browsers_push_services_are_known(address):
    assert parse(address, PUSH_SERVICES).scheme == "https"


@pytest.mark.parametrize("address", HOSTILE)
def test_anything_else_is_refused(address):
    with pytest.raises(Forbidden):
        parse(address, PUSH_SERVICES)


def test_there_are_enough_hostile_addresses():
    assert len(set(HOSTILE)) > 60


def test_a_service_of_the_hosts_own_is_known_by_its_name_alone():
    services = (*PUSH_SERVICES, "push.example.org", ".below.example.org")
    assert parse("https://push.example.org/x", services)
    assert parse("https://a.below.example.org/x", services)
    for address in ("https://xpush.example.org/x", "https://below.example.org/x"):
        with pytest.raises(Forbidden):
            parse(address, services)


@pytest.mark.parametrize("address", NOT_PUBLIC.split())
def test_an_address_that_is_not_public_is_known_as_such(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["142.250.74.10", "2a00:1450:4001::200a", "64:ff9b::8efa:4a0a"])
def test_a_public_address_is_known_as_such(address):
    assert is_public(address)


@pytest.mark.parametrize("place", ["127.0.0.1", "10.0.0.1", "::1", "169.254.169.254"])
def test_a_known_name_at_a_private_address_is_not_connected_to(monkeypatch, place):
    tried = resolving(monkeypatch, "142.250.74.10", place)
    with pytest.raises(Forbidden):
        Carrier(PUSH_SERVICES).post("https://fcm.googleapis.com/wp/dana", {}, b"")
    assert tried == []


def test_it_connects_to_the_address_that_was_checked(monkeypatch):
    tried = resolving(monkeypatch, "142.250.74.10", "142.250.74.11")
    with pytest.raises(Unsent):
        Carrier(PUSH_SERVICES).post("https://fcm.googleapis.com/wp/dana", {}, b"")
    assert tried == [("142.250.74.10", 443), ("142.250.74.11", 443)]


def test_what_does_not_speak_tls_gets_nothing(monkeypatch, service):
    port = service.server.server_port
    monkeypatch.setattr(outward, "is_public", lambda _place: True)
    found = [(socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(Unsent):
        Carrier((f"push.example.org:{port}",)).post(f"https://push.example.org:{port}/x", {}, b"x")
    assert service.messages == []


def test_a_redirect_is_not_followed(service, carrier):
    service.replies.append((307, {"Location": f"http://{service.host}/elsewhere"}))
    assert carrier.post(service.device("dana").endpoint, {}, b"x").status == 307
    assert [message.path for message in service.messages] == ["/push/dana"]


def test_a_connection_serves_again_and_a_dropped_one_is_made_anew(service, carrier):
    endpoint = service.device("dana").endpoint
    carrier.post(endpoint, {}, b"1")
    first = carrier._open[f"http://{service.host}"]
    carrier.post(endpoint, {}, b"2")
    assert carrier._open[f"http://{service.host}"] is first
    first.sock.stream.shutdown(socket.SHUT_RDWR)
    assert carrier.post(endpoint, {}, b"3").status == 201
    assert [message.body for message in service.messages] == [b"1", b"2", b"3"]


def speaking(*parts, pause=0.0):
    """A server that says these bytes, whatever it is asked; returns its port."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve():
        stream, _ = listening.accept()
        with stream, listening:
            stream.recv(65536)
            for part in parts:
                try:
                    stream.sendall(part)
                except OSError:
                    return
                time.sleep(pause)

    threading.Thread(target=serve, daemon=True).start()
    return listening.getsockname()[1]


def post_to(port):
    carrier = Carrier((f"127.0.0.1:{port}",))
    try:
        return carrier.post(f"http://127.0.0.1:{port}/x", {}, b"x")
    finally:
        carrier.close()


def test_a_long_answer_is_cut():
    head = b"HTTP/1.1 400 Bad\r\nContent-Length: 99999999\r\n\r\n"
    answer = post_to(speaking(head, b"x" * 100_000))
    assert (answer.status, len(answer.body)) == (400, outward.LONGEST_ANSWER)


@pytest.mark.parametrize("said", [b"", b"nonsense\r\n\r\n", b"\x00" * 70_000])
def test_an_answer_that_is_none_is_not_taken_for_one(said):
    with pytest.raises(Unanswered):
        post_to(speaking(said))


def test_an_answer_that_drips_is_cut_off(monkeypatch):
    monkeypatch.setattr(outward, "ANSWERING", 0.3)
    drops = [b"HTTP/1.1 201 Created\r\n"] + [b"X: y\r\n"] * 60
    began = time.monotonic()
    with pytest.raises(Unanswered):
        post_to(speaking(*drops, pause=0.05))
    assert time.monotonic() - began < 2
