import os
import stat
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime

import pytest

from habits.config import PUSH_SERVICES, ConfigError, from_environment
from tests.command import refusal


def read(tmp_path, **env):
    return from_environment({"KEPT_DATA": str(tmp_path / "data")} | env)


def refused(tmp_path, **env) -> str:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, **env)
    line = str(caught.value)
    assert "\n" not in line
    return line


def test_without_settings_it_serves_this_machine(tmp_path):
    config = read(tmp_path)
    assert config.origin == "http://localhost:8000"
    assert config.database_url == f"sqlite:///{tmp_path}/data/kept.db"
    assert config.registration == "open"
    assert config.loopback
    assert not config.secure
    assert config.starts_at is None
    assert not config.testing


def test_the_port_is_part_of_the_address(tmp_path):
    assert read(tmp_path, PORT="8123").origin == "http://localhost:8123"


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("https://kept.example.org:443", "https://kept.example.org"),
        ("http://localhost:80/", "http://localhost"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("http://LOCALHOST:08000", "http://localhost:8000"),
    ],
)
def test_the_address_is_written_as_browsers_send_it(tmp_path, given, used):
    assert read(tmp_path, KEPT_ORIGIN=given).origin == used


def test_empty_settings_are_as_if_unset(tmp_path):
    empty = dict.fromkeys(
        ("DATABASE_URL", "KEPT_ORIGIN", "PORT", "REGISTRATION", "KEPT_CLOCK", "KEPT_PROXIES"), ""
    )
    assert read(tmp_path, **empty) == read(tmp_path)


def test_a_public_address_is_for_the_invited(tmp_path):
    config = read(tmp_path, KEPT_ORIGIN="https://Kept.Example.org/")
    assert config.origin == "https://kept.example.org"
    assert config.host == "kept.example.org"
    assert config.secure
    assert not config.loopback
    assert config.registration == "invite"


def test_the_secret_is_made_once_and_is_its_users_alone(tmp_path):
    first = read(tmp_path)
    path = tmp_path / "data" / "secret"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(first.secret) >= 43
    assert read(tmp_path).secret == first.secret


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o666])
def test_a_secret_that_others_could_read_is_closed_with_a_warning(tmp_path, caplog, mode):
    first = read(tmp_path)
    assert not caplog.messages
    path = tmp_path / "data" / "secret"
    path.chmod(mode)
    assert read(tmp_path).secret == first.secret
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    (line,) = caplog.messages
    assert f"Others could read the secret in {path}" in line
    assert first.secret not in line


def test_processes_that_start_together_share_the_secret(tmp_path):
    for n in range(5):
        env = {"KEPT_DATA": str(tmp_path / str(n))}
        with ProcessPoolExecutor(4) as pool:
            made = set(pool.map(_secret, [env] * 16))
        assert len(made) == 1


def _secret(env):
    return from_environment(env).secret


@pytest.mark.parametrize("weak", ["secret", "a" * 40, "", "changeme" * 5, "0123456789" * 3])
def test_a_weak_secret_is_refused(tmp_path, weak):
    assert "too weak" in refused(tmp_path, KEPT_SECRET=weak)


def test_a_weak_secret_file_is_refused(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "secret").write_text("short")
    assert "too weak" in refused(tmp_path)


def test_no_error_tells_the_secret(tmp_path):
    assert "hunter2hunter2" not in refused(tmp_path, KEPT_SECRET="hunter2hunter2")


def test_settings_do_not_tell_the_secret(tmp_path):
    config = read(tmp_path, DATABASE_URL="postgresql://dana:hunter2@db/kept")
    assert config.secret not in repr(config)
    assert "hunter2" not in repr(config)


def test_a_data_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "data").write_text("")
    assert "cannot be written" in refused(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_data_folder_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "data").mkdir(mode=0o500)
    assert "cannot be written" in refused(tmp_path)


def test_a_data_folder_where_nobody_may_write_is_refused_by_the_command():
    line = refusal("serve", data="/proc/kept")
    assert "data folder" in line
    assert "KEPT_DATA" in line


@pytest.mark.parametrize(
    "origin",
    [
        "kept.example.org",
        "ftp://kept.example.org",
        "https://",
        "https://kept.example.org/app",
        "https://kept.example.org?x",
        "https://dana:pw@kept.example.org",
        "https://kept.example.org:https",
        "https://kept.example.org:99999",
        "http://kept example.org",
        "https://kept.example.org\n",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_address_is_refused(tmp_path, origin):
    assert "KEPT_ORIGIN" in refused(tmp_path, KEPT_ORIGIN=origin)


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "80 80"])
def test_what_is_no_port_is_refused(tmp_path, port):
    assert "PORT" in refused(tmp_path, PORT=port)


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://h/kept", "postgresql+psycopg://h/kept"),
        ("postgresql://h/kept", "postgresql+psycopg://h/kept"),
        ("postgresql+psycopg://h/kept", "postgresql+psycopg://h/kept"),
        ("sqlite:////srv/kept.db", "sqlite:////srv/kept.db"),
    ],
)
def test_a_database_is_named_by_its_usual_url(tmp_path, given, used):
    assert read(tmp_path, DATABASE_URL=given).database_url == used


@pytest.mark.parametrize(
    "url", ["mysql://h/kept", "kept.db", "sqlite://", "postgresql+psycopg2://h/x"]
)
def test_another_kind_of_database_is_refused(tmp_path, url):
    assert "DATABASE_URL" in refused(tmp_path, DATABASE_URL=url)


def test_registration_is_one_of_three_words(tmp_path):
    assert read(tmp_path, REGISTRATION="closed").registration == "closed"
    assert "REGISTRATION" in refused(tmp_path, REGISTRATION="maybe")


@pytest.mark.parametrize("count", ["-1", "two", "10", "\u0662"])
def test_proxies_are_a_small_number(tmp_path, count):
    assert read(tmp_path, KEPT_PROXIES="1").proxies == 1
    assert "KEPT_PROXIES" in refused(tmp_path, KEPT_PROXIES=count)


def test_the_clock_may_start_elsewhere_on_this_machine_only(tmp_path):
    start = "2026-11-23T18:00:00+02:00"
    assert read(tmp_path, KEPT_CLOCK=start).starts_at == datetime(2026, 11, 23, 16, tzinfo=UTC)
    line = refused(tmp_path, KEPT_CLOCK=start, KEPT_ORIGIN="https://kept.example.org")
    assert "KEPT_CLOCK" in line


@pytest.mark.parametrize(
    "start", ["tomorrow", "2026-11-23", "2026-11-23T18:00:00", "2026-02-30T00:00Z"]
)
def test_the_clock_starts_at_an_instant(tmp_path, start):
    assert "KEPT_CLOCK" in refused(tmp_path, KEPT_CLOCK=start)


@pytest.mark.parametrize("command", ["serve", "migrate", "leaders", "invite", "verify"])
def test_every_command_refuses_in_one_line(tmp_path, command):
    line = refusal(command, data=tmp_path / "data", KEPT_SECRET="weak")
    assert "KEPT_SECRET" in line


def test_push_services_are_the_browsers_and_more_where_named(tmp_path):
    more = read(tmp_path, KEPT_PUSH_SERVICES="push.example.org, .Below.example.org").push_services
    assert more[: len(PUSH_SERVICES)] == PUSH_SERVICES
    assert more[len(PUSH_SERVICES) :] == ("push.example.org", ".below.example.org")
    assert read(tmp_path, KEPT_PUSH_SERVICES="127.0.0.1:5620").push_services[-1] == "127.0.0.1:5620"


@pytest.mark.parametrize("host", ["https://push.example.org", "a b/c", "*", "push.example.org:x"])
def test_a_push_service_that_is_no_host_is_refused(tmp_path, host):
    assert "KEPT_PUSH_SERVICES" in refused(tmp_path, KEPT_PUSH_SERVICES=host)


def test_a_public_kept_never_pushes_to_its_own_machine(tmp_path):
    line = refused(
        tmp_path, KEPT_ORIGIN="https://kept.example.org", KEPT_PUSH_SERVICES="127.0.0.1:5620"
    )
    assert "KEPT_PUSH_SERVICES" in line


def test_a_core_or_so_is_a_process_that_serves(tmp_path, monkeypatch):
    for cores, processes in ((1, 2), (3, 3), (64, 4)):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _pid, n=cores: set(range(n)))
        assert read(tmp_path).processes == processes
    assert read(tmp_path, KEPT_PROCESSES="8").processes == 8
    for wrong in ("0", "65", "many", "-1", "1.5"):
        assert "KEPT_PROCESSES" in refused(tmp_path, KEPT_PROCESSES=wrong)


def test_the_ticker_beside_the_server_can_be_left_out(tmp_path):
    assert read(tmp_path).ticker
    assert not read(tmp_path, KEPT_TICKER="off").ticker
    assert "KEPT_TICKER" in refused(tmp_path, KEPT_TICKER="maybe")
