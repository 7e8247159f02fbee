"""`siweb install-service`: units that systemd takes, whose commands exist, with one set of settings."""

import configparser
import re
import shutil
import stat
import subprocess

import pytest

from siweb.cli import COMMANDS
from siweb.hosting.units import TASKS, started_units
from siweb.settings import Settings
from tests.cli.conftest import run

__all__ = ["run"]
URL = "https://office.example.org"


@pytest.fixture
def units(run, tmp_path):
    """The folder that the command wrote into, with a program that is there."""
    folder = tmp_path / "system"
    folder.mkdir()
    program = tmp_path / "siweb"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    found = run(
        "install-service",
        "--public-url",
        URL,
        "--write",
        folder,
        "--program",
        program,
        "--user",
        "root",
    )
    assert found.exit_code == 0, found.output
    return folder


def read(path):
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read_string(path.read_text("utf-8"))
    return parser


def test_every_command_of_a_unit_is_one_of_siweb(units):
    commands = re.findall(
        r"^ExecStart(?:Pre)?=\S+/siweb (\S+)$",
        "\n".join(path.read_text("utf-8") for path in sorted(units.glob("*.service"))),
        re.MULTILINE,
    )

    assert sorted(commands) == sorted(["migrate", "serve", "work", *TASKS])
    assert set(commands) <= set(COMMANDS)


def test_the_shared_settings_are_settings_and_nobody_else_reads_them(units, monkeypatch):
    path = units / "siweb.env"
    lines = re.findall(r"^(SIWEB_\w+)=(.*)$", path.read_text("utf-8"), re.MULTILINE)
    for name, value in lines:
        monkeypatch.setenv(name, value)

    settings = Settings.load()

    assert (settings.public_url, settings.https, settings.trusted_proxies) == (URL, True, 1)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for unit in units.glob("*.service"):
        assert read(unit)["Service"]["EnvironmentFile"] == str(path)


def test_each_timer_has_its_service_and_what_starts_is_there(units):
    names = {path.name for path in units.iterdir()}

    assert {f"siweb-{task}.{kind}" for task in TASKS for kind in ("service", "timer")} < names
    assert set(started_units()) < names
    for name in started_units():
        assert "WantedBy" in read(units / name)["Install"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here")
def test_systemd_finds_nothing_wrong_with_them(units):
    paths = sorted(str(path) for path in units.glob("siweb*.*er*"))
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *paths],
        capture_output=True,
        text=True,
        check=False,
    )

    assert [line for line in checked.stderr.splitlines() if "siweb" in line] == []


def test_without_a_folder_they_are_printed(run):
    printed = run("install-service", "--public-url", "http://localhost:8000").stdout

    assert "# siweb.service" in printed and "# siweb-backup.timer" in printed
    assert "SIWEB_HTTPS=false" in printed


def test_what_is_there_is_not_written_over(run, units):
    (units / "siweb.service").write_text("mine")

    found = run("install-service", "--public-url", URL, "--write", units)

    assert found.exit_code == 1
    assert "stay as they are" in found.stderr
    assert (units / "siweb.service").read_text() == "mine"


def test_an_address_is_one(run):
    found = run("install-service", "--public-url", "office.example.org")

    assert found.exit_code == 2
    assert "begins with https://" in found.stderr
