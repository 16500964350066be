"""Files that went wrong on their way: cut, scrambled, spliced, and with strange values in them."""

import copy
import io
import json
import random
import zipfile

STRANGE = (
    None, True, -1, 0, 1e308, -(10**30), "", "x" * 5000, "\x00", "\ud800", "=1+1", "<b>", [], {},
    [[]], "2026-02-30", "9999-12-31", "0001-01-01", "now", {"a": {}}, [1, "2"], 2**63,
)  # fmt: skip


def mutated(data: bytes, chance: random.Random) -> bytes:
    """One of many ways to be wrong."""
    if data.startswith(b"{") and chance.random() < 0.6:
        return _value(data, chance)
    if data.startswith(b"PK") and chance.random() < 0.8:
        return _member(data, chance)
    return chance.choice((_cut, _flip, _splice, _repeat, _zero))(bytearray(data), chance)


def _member(data: bytes, chance: random.Random) -> bytes:
    """One file of a zip mutated, in a zip that is sound."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as whole, zipfile.ZipFile(out, "w") as made:
        chosen = chance.choice(whole.namelist())
        for name in whole.namelist():
            content = whole.read(name)
            made.writestr(name, mutated(content, chance) if name == chosen else content)
    return out.getvalue()


def _value(data: bytes, chance: random.Random) -> bytes:
    document = json.loads(data)
    for _ in range(chance.randint(1, 3)):
        places = list(_places(document))
        if not places:
            break
        parent, key = chance.choice(places)
        if isinstance(parent, dict) and chance.random() < 0.3:
            parent[chance.choice((key, "extra", "kind"))] = parent.pop(key)
        else:
            parent[key] = copy.deepcopy(chance.choice(STRANGE))
    return json.dumps(document).encode("utf-8", "surrogatepass")


def _places(value):
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        yield value, key
        if isinstance(inner, dict | list):
            yield from _places(inner)


def _cut(data: bytearray, chance: random.Random) -> bytes:
    return bytes(data[: chance.randrange(len(data))])


def _flip(data: bytearray, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 20)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def _splice(data: bytearray, chance: random.Random) -> bytes:
    start, end = sorted(chance.randrange(len(data)) for _ in range(2))
    return bytes(data[:start] + data[end:])


def _repeat(data: bytearray, chance: random.Random) -> bytes:
    start, end = sorted(chance.randrange(len(data)) for _ in range(2))
    return bytes(data[:end] + data[start:end] * chance.randint(1, 5) + data[end:])


def _zero(data: bytearray, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    end = min(len(data), start + chance.randint(1, 200))
    data[start:end] = bytes(end - start)
    return bytes(data)
