"""Runs `kept` as its host does: the installed command, with only the settings that a test gives."""

import os
import subprocess
import sys
from pathlib import Path

from tests.databases import COMPILED

KEPT = Path(sys.executable).with_name("kept")
OURS = ("KEPT_", "DATABASE_URL", "PORT", "REGISTRATION")


def environment(data: Path, **settings) -> dict[str, str]:
    """The surroundings without any of Kept's settings but these."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return clean | {"KEPT_DATA": str(data), "KEPT_CACHE": str(COMPILED)} | settings


def kept(*words: str, data: Path, **settings) -> subprocess.CompletedProcess:
    """Run a command to its end; `returncode`, `stdout` and `stderr` are its answer."""
    return subprocess.run(
        [KEPT, *words],
        env=environment(data, **settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def refusal(*words: str, data: Path, **settings) -> str:
    """The one line with which a command has to refuse."""
    done = kept(*words, data=data, **settings)
    lines = done.stderr.strip().splitlines()
    assert done.returncode == 1, done
    assert len(lines) == 1, done.stderr
    assert not done.stdout
    return lines[0]
