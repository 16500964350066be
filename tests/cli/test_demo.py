"""kept demo: fills what is empty, and nothing else."""

import stat

from tests.cli.conftest import NOW
from tests.command import kept, refusal


def test_the_demo_can_be_verified_and_signed_in_to(demo, at_monday):
    assert "0 stored days differ" in kept("--now", NOW, "verify", data=demo).stderr
    (link,) = at_monday("sign-in-link", "Dana", data=demo)
    assert link.startswith("http://localhost:8000/links/")


def test_a_kept_with_leaders_is_left_as_it_is(demo, at_monday):
    before = at_monday("leaders", data=demo)
    assert "empty data folder" in refusal("demo", data=demo)
    assert at_monday("leaders", data=demo) == before


def test_what_is_written_is_its_users_alone(demo):
    files = [path for path in demo.rglob("*") if path.is_file()]
    assert {"kept.db", "secret"} <= {path.name for path in files}
    assert [path for path in files if stat.S_IMODE(path.stat().st_mode) & 0o077] == []
