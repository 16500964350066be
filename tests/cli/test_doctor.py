"""kept doctor: each thing that can be wrong, said with what to do about it."""

import json
import os
import shutil
import sqlite3
import ssl
import threading
from collections import namedtuple
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import text

from habits import checkup, heartbeats, reminders, sessions
from habits.checkup import State
from habits.cli import doctor, surroundings
from habits.db import db
from habits.models.reminders import Kind
from tests import cast
from tests.clock import MONDAY
from tests.command import kept
from tests.databases import on_sqlite

MINUTE = timedelta(minutes=1)


@pytest.fixture
def inside(app):
    with app.app_context():
        yield app
        db.session.remove()


def is_wrong(finding, *words) -> bool:
    assert finding.state is State.WRONG, finding
    assert all(word in finding.says for word in words), finding.says
    return True


def is_to_look_at(finding, *words) -> bool:
    assert finding.state is State.LOOK, finding
    assert all(word in finding.says for word in words), finding.says
    return True


def is_ok(finding) -> bool:
    assert finding.state is State.OK, finding
    return True


def test_it_says_what_is_wrong_before_the_first_start_and_makes_no_database(empty):
    done = kept("doctor", "--json", data=empty, PORT="1")
    assert done.returncode == 1
    found = {line["about"]: line for line in map(json.loads, done.stdout.splitlines())}
    assert found["address"]["state"] == found["database"]["state"] == "wrong"
    assert "start kept serve" in found["address"]["says"]
    assert not (empty / "kept.db").exists()


def test_a_line_is_read_at_a_glance():
    line = doctor._line(checkup.wrong("disk", "50 MiB are free: make room."), as_json=False)
    assert line == "wrong disk      50 MiB are free: make room."


def test_the_whole_of_a_sound_kept_is_ok(inside, config, monkeypatch):
    monkeypatch.setattr(surroundings, "_fetch", lambda origin: (200, {"status": "ok"}, None))
    now = datetime.now(UTC)  # PostgreSQL has a clock of its own
    heartbeats.beat(heartbeats.TICKER, now)
    config.data.chmod(0o700)
    for path in config.data.rglob("*"):
        path.chmod(0o600)
    inside.extensions["vapid"].public  # noqa: B018  makes the key
    found = list(doctor.examine(config, now))
    assert [each.about for each in found if each.state is not State.OK] == []
    assert len(found) == 9


@pytest.mark.parametrize(
    ("origin", "proxies", "state", "word"),
    [
        ("https://kept.example.org", 1, State.OK, ""),
        ("http://localhost:8000", 0, State.OK, ""),
        ("https://kept.example.org", 0, State.LOOK, "KEPT_PROXIES=1"),
        ("http://kept.example.org", 0, State.WRONG, "https"),
        ("http://127.0.0.1:8000", 0, State.WRONG, "name"),
        ("https://[2001:db8::1]", 1, State.WRONG, "name"),
    ],
)
def test_passkeys_need_a_name_and_https(config, origin, proxies, state, word):
    found = surroundings.origin(replace(config, origin=origin, proxies=proxies))
    assert found.state is state
    assert word in found.says


@contextmanager
def answering(status=200, body=b'{"status":"ok"}', tls=None):
    """A server on this machine; its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def certificate(path, days: int):
    """A file with a key and a certificate for localhost that is good for so many days."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    made = made.public_key(key.public_key()).serial_number(1).add_extension(names, False)
    made = made.not_valid_before(now - timedelta(days=9)).not_valid_after(now + timedelta(days))
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, *plain)
        + made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    )
    return path


@on_sqlite
def test_the_address_has_to_lead_to_kept(config, tmp_path, monkeypatch):
    def address(scheme, port):
        at = replace(config, origin=f"{scheme}://localhost:{port}")
        return surroundings.address(at, datetime.now(UTC))

    with answering() as port:
        assert is_ok(address("http", port))
        assert is_wrong(address("https", port), "speaks no TLS")
    assert is_wrong(address("http", port), "start kept serve")
    with answering(status=502, body=b"") as port:
        assert is_wrong(address("http", port), "502", "proxy")
    with answering(body=b"<h1>Welcome to the web server</h1>") as port:
        assert is_wrong(address("http", port), "not by Kept")
    lasting, ending = certificate(tmp_path / "90", 90), certificate(tmp_path / "1", 1)
    with answering(tls=lasting) as port:
        assert is_wrong(address("https", port), "certificate is refused", "renew")
        monkeypatch.setenv("SSL_CERT_FILE", str(lasting))
        assert is_ok(address("https", port))
    monkeypatch.setenv("SSL_CERT_FILE", str(ending))
    with answering(tls=ending) as port:
        assert is_to_look_at(address("https", port), "ends in 1.0 days")


@on_sqlite
def test_the_folder_has_to_be_this_users_alone(config):
    config.data.chmod(0o700)
    for path in config.data.rglob("*"):
        path.chmod(0o600)
    assert is_ok(surroundings.folder(config))
    (config.data / "kept.db").chmod(0o644)
    assert is_wrong(surroundings.folder(config), "kept.db", "chmod -R go=")
    if os.geteuid() == 0:
        (config.data / "kept.db").chmod(0o600)
        os.chown(config.data / "kept.db", 12345, -1)
        assert is_to_look_at(surroundings.folder(config), "another user's")


@on_sqlite
def test_the_disk_needs_room(config, monkeypatch):
    for free, expected in ((50, is_wrong), (600, is_to_look_at)):
        usage = namedtuple("usage", "free")(free * 2**20)
        monkeypatch.setattr(shutil, "disk_usage", lambda _path, usage=usage: usage)
        assert expected(surroundings.disk(config), f"{free} MiB", "make room")


@on_sqlite
def test_a_push_key_that_is_lost_or_spoilt_is_noticed(config):
    assert is_to_look_at(surroundings.push_key(config, 0), "kept serve makes it")
    assert is_wrong(surroundings.push_key(config, 3), "put it back")
    (config.data / "vapid.pem").write_text("no key")
    assert is_wrong(surroundings.push_key(config, 3), "vapid.pem", "put it back from a copy")


def test_a_database_that_is_old_or_newer_or_gone_is_noticed(inside, config):
    assert is_ok(checkup.database(config))
    version(inside, "0004")
    assert is_wrong(checkup.database(config), "0004", "kept migrate")
    version(inside, "9999")
    assert is_wrong(checkup.database(config), "9999", "update Kept")
    db.session.execute(text("DROP TABLE alembic_version"))
    db.session.commit()
    assert is_wrong(checkup.database(config), "does not answer")


def version(app, number):
    db.session.execute(text(f"UPDATE alembic_version SET version_num = '{number}'"))
    db.session.commit()


@on_sqlite
def test_a_damaged_database_is_noticed(inside, config):
    path = config.data / "kept.db"
    db.engine.dispose()
    content = bytearray(path.read_bytes())
    pages = len(content) // 4096
    content[4096 * (pages - 3) :] = os.urandom(4096 * 3)
    path.write_bytes(content)
    assert is_wrong(checkup.database(config), "damaged", "kept restore")


@on_sqlite
def test_rows_without_their_parents_are_noticed(inside, config):
    with sqlite3.connect(config.data / "kept.db") as stored:
        stored.execute("INSERT INTO invitations (digest, round_id) VALUES ('d', 99)")
    assert is_wrong(checkup.database(config), "invitations", "lost their parents")


@on_sqlite
def test_an_sqlite_with_the_bug_is_noticed(inside, monkeypatch):
    assert is_ok(checkup.version())
    monkeypatch.setattr(checkup, "has_wal_reset_bug", lambda _version: True)
    assert is_wrong(checkup.version(), "pysqlite3")


def test_a_clock_behind_what_was_stored_is_noticed(inside, dana):
    assert is_ok(checkup.clock(datetime.now(UTC)))
    seen = datetime.now(UTC) + timedelta(hours=3)
    sessions.start(dana, "Phone", seen)
    db.session.commit()
    assert is_wrong(checkup.clock(datetime.now(UTC)), "behind", "set-ntp")


def test_a_clock_apart_from_the_databases_is_noticed(inside, database):
    if database.startswith("sqlite"):
        pytest.skip("it has no clock of its own")
    assert is_wrong(checkup.clock(datetime.now(UTC) + timedelta(hours=1)), "PostgreSQL")


def test_a_ticker_that_is_silent_or_late_is_noticed(inside, dana):
    assert is_wrong(checkup.ticker(MONDAY), "None has run yet", "kept tick --loop")
    heartbeats.beat(heartbeats.TICKER, MONDAY)
    heartbeats.beat(heartbeats.TICKER, MONDAY + MINUTE)
    assert heartbeats.last(heartbeats.TICKER) == MONDAY + MINUTE
    assert is_ok(checkup.ticker(MONDAY + MINUTE))
    assert is_wrong(checkup.ticker(MONDAY + 8 * MINUTE), "7 minutes", "kept serve")
    leader = cast.leader("Ben")
    reminders.start(leader, MONDAY)
    reminders.of(leader)[Kind.EVENING].due_at = MONDAY - 11 * MINUTE
    db.session.commit()
    assert is_wrong(checkup.ticker(MONDAY + MINUTE), "1 reminders are late", "log")
