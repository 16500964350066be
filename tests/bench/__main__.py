"""make bench: the table on stdout; 1 where something became over 15 % dearer."""

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import report
from tests.bench.measure import CROWD, measure

LENGTHS = (90, 3650)  # days of history
REQUESTS, ROUNDS = 100, 6


def main() -> int:
    taken = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    with tempfile.TemporaryDirectory() as folder:
        run = measure(Path(folder), LENGTHS, REQUESTS, ROUNDS, taken, CROWD, phone=True)
    print(report.table(run), "", report.bars(run), sep="\n")
    before = report.newest(run.machine)
    worse = report.dearer(before, run) if before else []
    if worse:
        print(f"\nDearer than {before.taken} (this run is not stored):", *worse, sep="\n")
        return 1
    print(f"\nStored as {report.store(run).name}")
    return 0


sys.exit(main())
