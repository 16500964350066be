"""What a host holds after people have answered: read raw, and searched for whom and when."""

import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from habits import ballots, pulses
from habits.cli.tick import Ticker
from habits.db import db, engine_options
from habits.models import Invitation, Leader, Round
from habits.trust.pulse import OPEN_FOR
from tests.clock import MONDAY
from tests.command import KEPT, environment
from tests.serving import Wire, free_port, serving

ITEMS = ("ability", "benevolence", "integrity", "congruence", "follow")
SECRET = "a secret that only tests know: 0123456789"
LATER = MONDAY + timedelta(days=2, hours=3, minutes=17, seconds=23)
ADDRESS = "203.0.113.77"


@pytest.fixture
def round_(app, dana):
    with app.app_context():
        leader = db.session.get(Leader, dana.id)
        row = pulses.open_round(leader, "The night shift", 6, SECRET, MONDAY)
        db.session.commit()
        return row


def tokens(row) -> list[str]:
    return pulses.tokens(row, SECRET)


def answer(app, token, box):
    person = app.test_client()
    return person.post(
        f"/pulse/{token}",
        data=dict.fromkeys(ITEMS, str(box)),
        environ_base={"REMOTE_ADDR": ADDRESS},
        headers={"User-Agent": "A phone that can be told from others"},
    )


def dump(database: str) -> dict[str, list[str]]:
    """Every row of every table in the order of the file, as text."""
    url = make_url(database)
    if url.get_backend_name() == "sqlite":
        return _sqlite_dump(url.database)
    with psycopg.connect(database.replace("+psycopg", "")) as connection:
        names = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        ).fetchall()
        return {name: _copied(connection, name) for (name,) in names}


def _sqlite_dump(path):
    module = engine_options(f"sqlite:///{path}").get("module")
    connection = (module or sqlite3).connect(path)
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    found = {
        name: [_text(row) for row in connection.execute(f'SELECT * FROM "{name}"')]
        for (name,) in names
    }
    connection.close()
    return found


def _text(row) -> str:
    return repr([rf"\x{value.hex()}" if isinstance(value, bytes) else value for value in row])


def _copied(connection, name):
    with connection.cursor().copy(f'COPY "{name}" TO STDOUT') as copy:
        return b"".join(copy).decode().splitlines()


def test_no_row_comes_goes_or_moves_when_someone_answers(app, round_, database, clock):
    clock.now = LATER
    before = dump(database)
    for token in tokens(round_)[:4]:
        assert answer(app, token, 4).status_code == 303
    after = dump(database)
    changed = [name for name in before if before[name] != after[name]]
    assert changed == ["rounds"]
    sealed = re.compile(r"\\+x[0-9a-f]+")
    assert [sealed.sub("", row) for row in before["rounds"]] == [
        sealed.sub("", row) for row in after["rounds"]
    ]


def test_the_sealed_value_says_nothing_by_its_length_or_its_look(app, round_):
    with app.app_context():
        lengths, seen = set(), set()
        for token in tokens(round_):
            held = db.session.get(Round, round_.id, populate_existing=True).sealed
            lengths.add(len(held))
            seen.add(held)
            answer(app, token, 4)
        assert len(lengths) == 1
        assert len(seen) == 6
        assert ballots.unseal(held, "another secret", round_.seed) is None


def test_no_time_address_device_or_token_stands_in_any_file_of_the_host(
    app, round_, database, clock, tmp_path, caplog
):
    clock.now = LATER
    caplog.set_level(0)
    for token in tokens(round_)[:5]:
        answer(app, token, 4)
    files = b"".join(path.read_bytes() for path in Path(tmp_path).rglob("*") if path.is_file())
    rows = "\n".join(row for table in dump(database).values() for row in table)
    traces = [ADDRESS, "A phone that", f"{LATER:%H:%M:%S}", f"{LATER:%Y-%m-%d}", *tokens(round_)]
    for trace in traces:
        assert trace not in rows
        assert trace.encode() not in files
        assert trace not in caplog.text


def test_of_what_was_sealed_before_no_file_holds_anything(app, round_, database, tmp_path, clock):
    """Who has the key, too, could else read from two states what the answer between them was."""
    if make_url(database).get_backend_name() != "sqlite":
        pytest.skip("PostgreSQL's own files are no dump")
    for box, token in enumerate(tokens(round_)[:4]):
        answer(app, token, box)
    assert len(readable(tmp_path, round_)) == 1
    with app.app_context():
        Ticker(app).run()
        assert len(readable(tmp_path, round_)) == 1
        clock.now = MONDAY + OPEN_FOR
        Ticker(app).run()
    assert readable(tmp_path, round_) == set()


def readable(folder, row) -> set[bytes]:
    """Every sealed value of this round that lies anywhere in the host's files, current or not."""
    files = [path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()]
    length, seed = len(row.sealed), row.seed.encode()
    starts = [(data, found.end()) for data in files for found in re.finditer(seed, data)]
    found = {data[at + skip : at + skip + length] for data, at in starts for skip in range(4)}
    return {each for each in found if len(each) == length and opens(each, row)}


def opens(sealed: bytes, row) -> bool:
    return ballots.unseal(sealed, SECRET, row.seed) is not None


def test_the_links_lie_in_the_order_of_their_digests(app, round_, database):
    stored = [re.search(r"[0-9a-f]{64}", row)[0] for row in dump(database)["invitations"]]
    assert stored == sorted(stored)
    handed_out = [pulses.digest(token) for token in tokens(round_)]
    assert handed_out != stored
    assert sorted(handed_out) == stored


def test_a_closed_round_forgets_which_links_were_used(app, round_, database):
    for token in tokens(round_)[:5]:
        answer(app, token, 4)
    with app.app_context():
        pulses.settle(SECRET, MONDAY + OPEN_FOR)
        db.session.commit()
        row = db.session.get(Round, round_.id)
        assert row.sealed is None
        assert row.tallies == [[0, 0, 0, 0, 5, 0]] * 5
        assert db.session.query(Invitation).count() == 6


def test_too_few_answers_are_forgotten_at_the_close(app, round_):
    for token in tokens(round_)[:4]:
        answer(app, token, 4)
    with app.app_context():
        pulses.settle(SECRET, MONDAY + OPEN_FOR)
        db.session.commit()
        row = db.session.get(Round, round_.id)
        assert (row.sealed, row.tallies) == (None, None)


def test_fifty_parallel_answers_of_one_link_are_one(app, round_):
    token = tokens(round_)[0]
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda _n: answer(app, token, 4).status_code, range(50)))
    assert sorted(codes) == [303] + [404] * 49
    with app.app_context():
        row = db.session.get(Round, round_.id)
        held = ballots.unseal(row.sealed, SECRET, row.seed)
        assert held.tallies[0].asked == 1


def test_a_secret_that_was_changed_closes_the_round_and_breaks_nothing(app, round_):
    opened = pulses.Door.CLOSED
    with app.app_context():
        token = tokens(round_)[0]
        assert pulses.look_up(token, "another secret of this host", MONDAY).door is opened
        leader = db.session.get(Leader, round_.leader_id)
        (told,) = pulses.of(leader, "another secret of this host", MONDAY + OPEN_FOR)
        assert told.result is None


def test_the_servers_log_knows_nothing_of_the_pulse(tmp_path):
    port, log = free_port(), tmp_path / "log"
    with serving([KEPT, "serve"], port, log, environment(tmp_path, PORT=str(port))):
        wire = Wire(port, {})
        for path in ("/pulse/a-token", "/pulse/a-token/thanks", "/static/0/pulse.css"):
            wire.get(path)
        wire.post("/pulse/a-token", "&".join(f"{item}=4" for item in ITEMS))
        wire.get("/sign-in")
    written = log.read_text()
    assert "/sign-in" in written
    assert "pulse" not in written
    assert "token" not in written
