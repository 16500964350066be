"""Nothing that Kept is made of comes unseen: locked packages, and pages that ask nobody else."""

import re

import pytest

from habits import ROOT

LOCKS = sorted(ROOT.glob("requirements*.txt"))
PACKAGE = re.compile(r"^([a-z0-9._-]+)(?:\[.*\])?==(\S+)", re.IGNORECASE)
ELSEWHERE = re.compile(r"""(?:https?:|wss?:)?//[a-z0-9-]+\.[a-z0-9.-]+""", re.IGNORECASE)
NAMESPACES = {"http://www.w3.org"}  # the names of markup; nothing is fetched from there
SENT = ("*.html", "*.js", "*.css", "*.svg", "*.json", "*.webmanifest")


def sent():
    """Every file of which browsers see something, but for the pinned htmx."""
    folders = (ROOT / "templates", ROOT / "static")
    found = [path for folder in folders for kind in SENT for path in folder.rglob(kind)]
    return sorted(path for path in found if "vendor" not in path.parts)


def test_no_page_script_or_sheet_names_another_host():
    named = {
        (path.name, host)
        for path in sent()
        for host in ELSEWHERE.findall(path.read_text())
        if host.lower() not in NAMESPACES and not host.endswith(".example")
    }
    assert named == set()
    assert len(sent()) > 100


def test_htmx_is_the_one_that_was_looked_at_and_says_its_licence():
    vendor = ROOT / "static" / "vendor"
    assert sorted(path.suffix for path in vendor.iterdir() if path.suffix == ".js") == [".js"]
    assert any("LICENSE" in path.name.upper() for path in vendor.iterdir())


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_package_is_locked_to_one_version_and_its_hashes(path):
    entries = re.sub(r"\\\n\s*", " ", path.read_text()).splitlines()
    entries = [line for line in entries if line.strip() and not line.lstrip().startswith("#")]
    assert entries
    for entry in entries:
        assert PACKAGE.match(entry), entry
        assert "--hash=sha256:" in entry, entry
        assert "://" not in entry, entry


def test_there_is_one_version_of_each_package_in_all_locks():
    seen: dict[str, str] = {}
    for path in LOCKS:
        for name, version in re.findall(r"(?m)^([\w.-]+)(?:\[.*\])?==(\S+)", path.read_text()):
            assert seen.setdefault(name.lower(), version) == version, name
