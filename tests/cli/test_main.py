"""kept itself: help, the instant, and refusals in one line."""

import subprocess
import sys

from habits.cli import COMMANDS
from tests.command import kept, refusal


def test_help_lists_every_command(empty):
    shown = kept("--help", data=empty).stdout
    assert [name for name in COMMANDS if f"\n  {name} " not in shown] == []
    assert not empty.exists()


def test_an_instant_that_cannot_be_read_is_refused(empty):
    for wrong in ("yesterday", "2026-11-23T18:00:00"):
        assert f"--now is {wrong!r}" in refusal("--now", wrong, "leaders", data=empty)


def test_now_moves_the_commands_clock(demo):
    early = kept("--now", "2026-08-30T18:00:00Z", "verify", data=demo)
    assert (early.returncode, early.stderr) == (0, "2 accounts folded, 0 stored days differ\n")


def test_bad_settings_are_said_in_one_line(empty):
    assert "KEPT_SECRET" in refusal("leaders", data=empty, KEPT_SECRET="kept")


def test_replay_and_help_start_without_flask():
    code = "import sys, habits.cli.replay; sys.exit('flask' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
