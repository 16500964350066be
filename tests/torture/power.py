"""Power cuts: whatever of the unsynced writes reaches the disk, what was acknowledged is there.

The server runs once with its writes recorded (record_writes.c). Each cut takes a moment of that
record: what was synced by then is on the disk; of the rest each write is there, torn or missing.
"""

import os
import random
import shutil
import struct
import subprocess
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

from habits.db import db, engine_options
from tests.torture.ground import Ground, say

SOURCE = Path(__file__).with_name("record_writes.c")
HEAD = struct.Struct("=ccHIQ")
NAMES = ("kept.db", "kept.db-wal", "kept.db-journal")
SECTOR = 512  # bytes that a disk writes whole


@dataclass(frozen=True)
class Found:
    cuts: int
    acknowledged: int  # in the whole record
    lost: int
    doubled: int
    damaged: int

    @property
    def clean(self) -> bool:
        return self.acknowledged > 0 and not (self.lost or self.doubled or self.damaged)


@dataclass(frozen=True)
class Write:
    """One line of the record; `file` indexes NAMES."""

    kind: str
    file: int
    offset: int
    data: bytes


def campaign(ground: Ground, answers: int, cuts: int, seed: int = 1) -> Found:
    """Answer `answers` times, then cut the power at `cuts` moments of that."""
    with ground.app.app_context():
        db.engine.dispose()  # the last to leave folds the log into the database
    base = (ground.folder / NAMES[0]).read_bytes()
    written = list(_read(_recorded(ground, answers)))
    chance = random.Random(seed)
    moments = sorted(chance.randrange(len(written)) for _ in range(cuts))
    lost = doubled = damaged = 0
    for moment, disk, acknowledged in _cuts(base, written, moments, chance):
        keys = _keys_on(disk)
        if keys is None:
            damaged += 1
            continue
        lost += sum(key not in keys for key in acknowledged)
        doubled += len(keys) - len(set(keys))
        assert moment < len(written)
    said = sum(one.kind == "A" for one in written)
    return Found(cuts, said, lost, doubled, damaged)


def can_record() -> bool:
    """Whether there is a compiler for the recorder."""
    return shutil.which("gcc") is not None


def _recorded(ground: Ground, answers: int) -> Path:
    recorder, journal = ground.folder / "record_writes.so", ground.folder / "writes"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", recorder, SOURCE, "-ldl"], check=True)
    ground.before = {"LD_PRELOAD": str(recorder), "KEPT_WRITES": str(journal)}
    with ground.serve(), journal.open("ab", buffering=0) as book:
        each = answers // len(ground.voices)
        threads = [
            threading.Thread(target=_answer, args=(ground, voice, each, book))
            for voice in ground.voices
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return journal


def _answer(ground: Ground, voice, times: int, book) -> None:
    wire = ground.wire()
    for _ in range(times):
        fields = voice.next()
        if say(wire, voice, fields) == 200:
            key = fields["key"].encode()
            os.write(book.fileno(), HEAD.pack(b"A", b"\0", 0, len(key), 0) + key)


def _read(journal: Path):
    data, place = journal.read_bytes(), 0
    while place < len(data):
        kind, file, _unused, length, offset = HEAD.unpack_from(data, place)
        place += HEAD.size
        bears = length if kind in (b"W", b"A") else 0
        yield Write(kind.decode(), file[0], offset, data[place : place + bears])
        place += bears


def _cuts(base: bytes, written: list[Write], moments: list[int], chance: random.Random):
    """At each moment: what is on the disk, and the keys acknowledged by then."""
    synced = {0: bytearray(base), 1: bytearray(), 2: bytearray()}
    waiting: dict[int, list[Write]] = {0: [], 1: [], 2: []}
    begun: dict[int, int] = {}
    acknowledged: list[str] = []
    upcoming = iter([*moments, None])
    cut = next(upcoming)
    for number, one in enumerate(written):
        while cut == number:
            yield number, _disk(synced, waiting, chance), list(acknowledged)
            cut = next(upcoming)
        if one.kind == "A":
            acknowledged.append(one.data.decode())
        elif one.kind == "F":
            begun[one.file] = len(waiting[one.file])
        elif one.kind == "S":
            ready = min(begun.get(one.file, 0), len(waiting[one.file]))
            for each in waiting[one.file][:ready]:
                _apply(synced[one.file], each)
            del waiting[one.file][:ready]
            begun[one.file] = 0
        else:
            waiting[one.file].append(one)


def _disk(synced, waiting, chance: random.Random) -> dict[str, bytes]:
    disk = {}
    for file, name in enumerate(NAMES):
        content = bytearray(synced[file])
        for one in waiting[file]:
            fate = chance.random()
            if fate < 0.4:
                _apply(content, one)
            elif fate < 0.6:
                whole = chance.randrange(len(one.data) // SECTOR + 1) * SECTOR
                _apply(content, Write(one.kind, one.file, one.offset, one.data[:whole]))
        if content:
            disk[name] = bytes(content)
    return disk


def _apply(content: bytearray, one: Write) -> None:
    if one.kind == "U":
        content.clear()
    elif one.kind == "T":
        del content[one.offset :]
        content.extend(bytes(one.offset - len(content)))
    elif one.data:
        if len(content) < one.offset:
            content.extend(bytes(one.offset - len(content)))
        content[one.offset : one.offset + len(one.data)] = one.data


def _keys_on(disk: dict[str, bytes]) -> list[str] | None:
    """The key of every answer on this disk; None if the database is damaged."""
    driver = engine_options("sqlite://").get("module")
    if driver is None:
        import sqlite3 as driver
    with tempfile.TemporaryDirectory() as folder:
        for name, content in disk.items():
            Path(folder, name).write_bytes(content)
        try:
            opened = driver.connect(Path(folder, NAMES[0]))
            sound = opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            orphans = opened.execute("PRAGMA foreign_key_check").fetchall()
            keys = [key for (key,) in opened.execute("SELECT key FROM answers")]
            opened.close()
        except driver.DatabaseError:
            return None
    return keys if sound and not orphans else None
