"""The files of a host: read by what will read them, as far as that is here."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from habits import ROOT
from habits.cli import COMMANDS

DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("kept*.*"))
SETTING = re.compile(r"\b(?:KEPT_[A-Z_]+|DATABASE_URL|PORT|REGISTRATION)\b(?==|:)")
COMPOSE_ONLY = {"KEPT_HOST", "KEPT_UPSTREAM"}  # read by compose.yaml and the Caddyfile


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's, one after the other."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", "", text).splitlines()
    return [tuple(line.split(maxsplit=1)) for line in lines if line.strip()]


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((ROOT / "compose.yaml").read_text())


def test_the_image_is_locked_small_and_runs_without_root():
    names = [name for name, _rest in instructions()]
    known = "FROM WORKDIR RUN COPY USER ENV VOLUME EXPOSE STOPSIGNAL HEALTHCHECK CMD"
    assert set(names) <= set(known.split())
    last = instructions()[len(names) - names[::-1].index("FROM") - 1 :]
    assert ("USER", "10001") in last
    assert ("CMD", '["kept", "serve"]') in last
    assert [rest for name, rest in last if name == "HEALTHCHECK" and "/readyz" in rest]
    installs = " ".join(rest for name, rest in instructions() if name == "RUN")
    assert installs.count("--require-hashes") == 2
    assert "apt-get" not in installs


def test_the_image_gets_what_kept_needs_and_nothing_of_a_host():
    lines = (ROOT / ".dockerignore").read_text().split()
    assert lines[0] == "*"
    let_in = {line[1:] for line in lines if line.startswith("!")}
    copied = set()
    for name, rest in instructions():
        if name == "COPY" and not rest.startswith("--from"):
            copied |= set(rest.split()[:-1])
    assert copied == let_in
    assert all((ROOT / name).exists() for name in copied)


def test_the_composition_names_what_there_is(compose):
    services = compose["services"]
    assert set(services) == {"web", "ticker", "database", "caddy"}
    for name, service in services.items():
        assert service.get("image"), name
        assert service["restart"] == "unless-stopped"
        assert set(service.get("depends_on", {})) <= set(services)
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            assert source in compose["volumes"] or (ROOT / source).is_file(), volume
        if "command" in service:
            assert service["command"][1] in COMMANDS
    for name in ("web", "ticker"):
        assert services[name]["read_only"]
        assert services[name]["cap_drop"] == ["ALL"]
        assert services[name]["environment"]["KEPT_PROXIES"] == "1"
        assert "ports" not in services[name], "only the proxy is reached from outside"


def test_every_setting_in_these_files_is_one_of_kepts():
    ours = (ROOT / "README.md").read_text()
    for path in (ROOT / "compose.yaml", ROOT / "Dockerfile", *DEPLOY.iterdir()):
        for name in set(SETTING.findall(path.read_text())) - COMPOSE_ONLY:
            assert f"`{name}`" in ours, f"{path.name}: {name}"


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_units_call_commands_that_there_are(path):
    for command in re.findall(r"bin/kept ([a-z-]+)", path.read_text()):
        assert command in COMMANDS
    assert re.search(r"not run here", path.read_text())


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not here")
def test_systemd_finds_no_fault_with_the_units(tmp_path):
    for path in UNITS:
        here = path.read_text().replace("/opt/kept/.venv/bin/kept", sys.executable)
        (tmp_path / path.name).write_text(here)
    names = [str(tmp_path / path.name) for path in UNITS]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *names],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    ours = [line for line in done.stderr.splitlines() if "kept" in line]
    assert (done.returncode, ours) == (0, [])


@pytest.mark.skipif(not shutil.which("caddy"), reason="caddy is not here")
def test_caddy_takes_its_file(tmp_path):
    env = {"HOME": str(tmp_path), "KEPT_HOST": "kept.example.org", "PATH": "/usr/bin"}
    command = [shutil.which("caddy"), "validate", "--adapter", "caddyfile", "--config"]
    done = subprocess.run(
        [*command, str(DEPLOY / "Caddyfile")],
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Valid configuration" in done.stdout + done.stderr


def test_what_could_not_be_run_says_so():
    for path in (ROOT / "Dockerfile", ROOT / "compose.yaml"):
        assert "Not run here" in Path(path).read_text().partition("\n\n")[0]
