"""make torture-reminders: ten thousand leaders, two tickers, forty kills; 1 where one was wrong."""

import sys
import tempfile
from pathlib import Path
from time import monotonic

from tests.campaign import torture


def main() -> int:
    began = monotonic()
    with tempfile.TemporaryDirectory() as folder:
        found = torture(Path(folder), leaders=10_000, days=1, kills=40)
    print(f"{found}, in {monotonic() - began:.0f} s")
    wrong = found.doubled or found.astray or found.unexplained or not found.killed
    return int(bool(wrong or len(found.missed) > found.killed))


if __name__ == "__main__":
    sys.exit(main())
