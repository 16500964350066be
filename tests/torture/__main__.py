"""make torture: every long campaign, or those named in WHAT; 1 if one fails."""

import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from tests import databases
from tests.torture import crowd, hostile, kills, power
from tests.torture.ground import Ground, workers


def main(named: list[str]) -> int:
    failed = 0
    for name in named or CAMPAIGNS:
        for kind in CAMPAIGNS[name][1]:
            began = time.monotonic()
            with ground(kind, CAMPAIGNS[name][2]) as place:
                found = CAMPAIGNS[name][0](place)
            print(f"{name} on {kind}: {found} in {time.monotonic() - began:.0f} s", flush=True)
            failed += not found.clean
    return int(bool(failed))


CAMPAIGNS = {
    "kills": (lambda place: kills.campaign(place, 1000), ("sqlite", "postgresql"), workers()),
    "power": (lambda place: power.campaign(place, 5000, 200), ("sqlite",), 4),
    "hostile": (
        lambda place: hostile.campaign(place.url, place.folder, 10_000),
        ("sqlite", "postgresql"),
        0,
    ),
    "crowd": (
        lambda place: crowd.campaign(place, 100_000, seconds=60, rest=1.0),
        ("sqlite", "postgresql"),
        200,
    ),
}


@contextmanager
def ground(kind: str, leaders: int):
    """A fresh database of this kind, with so many leaders."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        data.mkdir()
        if kind == "sqlite":
            made = databases.SQLite(Path(folder) / "template")
        else:
            made = databases.PostgreSQL(f"torture-{time.time_ns()}", "torture")
        url = made.create(data)
        yield Ground(data, url, leaders)
        made.drop(url)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
