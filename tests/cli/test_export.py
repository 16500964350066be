"""kept export: a leader's whole history, or the ledger, from the command line."""

import json
import stat

from tests.cli.conftest import NOW
from tests.command import kept, refusal


def test_it_writes_the_history_that_replay_reads(demo, tmp_path):
    done = kept("--now", NOW, "export", "dana", data=demo)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["leader"]["name"] == "Dana"
    file = tmp_path / "dana.json"
    assert kept("--now", NOW, "export", "1", "-o", str(file), data=demo).returncode == 0
    assert file.read_text() == done.stdout
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    replayed = kept("replay", str(file), "--today", "2026-11-23", data=demo)
    assert replayed.returncode == 0
    assert len(replayed.stdout.splitlines()) > 100


def test_it_writes_the_ledger(demo):
    done = kept("--now", NOW, "export", "Dana", "--ledger", data=demo)
    assert done.stdout.startswith("date,line,kind")


def test_it_never_writes_over_a_file(demo, tmp_path):
    file = tmp_path / "there.json"
    file.write_text("mine")
    assert "exists" in refusal("--now", NOW, "export", "Dana", "-o", str(file), data=demo)
    assert file.read_text() == "mine"


def test_a_name_that_nobody_bears_is_said(demo):
    done = kept("export", "Nobody", data=demo)
    assert done.returncode == 2
    assert "No leader is called Nobody" in done.stderr
