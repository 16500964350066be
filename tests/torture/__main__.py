"""make torture: every long campaign, or those named in WHAT; 1 if one fails."""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import databases
from tests.torture import crowd, days, hostile, kills, migrations, power, replays
from tests.torture.ground import Ground, workers

BOTH = ("sqlite", "postgresql")


def main(named: list[str]) -> int:
    failed = 0
    for name in named or CAMPAIGNS:
        campaign, kinds = CAMPAIGNS[name]
        for kind in kinds:
            began = time.monotonic()
            with fresh(kind) as place:
                found = campaign(*place)
            print(f"{name} on {kind}: {found} in {time.monotonic() - began:.0f} s", flush=True)
            failed += not found.clean
    return int(bool(failed))


CAMPAIGNS = {
    "days": (lambda *_: days.campaign(), ("this machine's zones",)),
    "migrations": (lambda url, data: migrations.campaign(url, data, 200), BOTH),
    "replays": (
        lambda url, data: replays.campaign(Ground(data, url, workers()), 10_000, rounds=200),
        BOTH,
    ),
    "power": (lambda url, data: power.campaign(Ground(data, url, 4), 5000, 200), ("sqlite",)),
    "hostile": (lambda url, data: hostile.campaign(url, data, 10_000), BOTH),
    "crowd": (
        lambda url, data: crowd.campaign(
            Ground(data, url, 200), 100_000, seconds=60, rest=1.0, longest=crowd.LONGEST
        ),
        BOTH,
    ),
    "kills": (
        lambda url, data: kills.campaign(Ground(data, url, workers()), 1000, 100_000),
        BOTH,
    ),
}


@contextmanager
def fresh(kind: str) -> Iterator[tuple[str, Path]]:
    """The URL of a migrated database of this kind without leaders, and a folder for its data."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        data.mkdir()
        if kind == "postgresql":
            made = databases.PostgreSQL(f"torture-{time.time_ns()}", "torture")
        else:
            made = databases.SQLite(Path(folder) / "template")
        url = made.create(data)
        yield url, data
        made.drop(url)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
