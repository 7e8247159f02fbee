"""`siweb demo`, `serve` and `migrate`: what is printed before the server takes over."""

import socket

import pytest
from click.testing import CliRunner

from siweb.cli import main
from siweb.cli.operation import server
from siweb.demo.plan import Plan


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def served(monkeypatch, tmp_path):
    """Run commands in a folder of their own; whoever would serve is written down instead."""
    monkeypatch.setenv("SIWEB_VAR_DIR", str(tmp_path))
    monkeypatch.delenv("SIWEB_DEMO", raising=False)
    monkeypatch.setattr(server, "Plan", lambda day: Plan(day, people=40, employers=4))
    served = []
    monkeypatch.setattr(server, "_serve", lambda settings, sock: served.append(settings))
    monkeypatch.setenv("SIWEB_PORT", str(free_port()))
    return served


def siweb(*arguments):
    return CliRunner(env={"SIWEB_DEMO": None}).invoke(main, arguments)


def test_a_demonstration_prints_its_address_and_a_sign_in_of_every_kind(served):
    result = siweb("demo")

    assert result.exit_code == 0
    assert "http://127.0.0.1:" in result.output
    assert "40 of 40 people made." in result.output
    for kind in ("Employee", "Flexible worker", "Pension recipient", "Helper"):
        assert f" {kind}" in result.output
    assert [settings.demo for settings in served] == [True]


def test_a_second_start_keeps_what_was_done_in_the_first(served, tmp_path):
    siweb("demo")
    made = (tmp_path / "siweb.sqlite3").stat().st_ino

    second = siweb("demo").output

    assert "Employee (all correct)" in second
    assert "people made" not in second
    assert (tmp_path / "siweb.sqlite3").stat().st_ino == made


def test_an_office_with_an_old_schema_does_not_start(served, monkeypatch):
    monkeypatch.setenv("SIWEB_PUBLIC_URL", "https://office.example.org")
    result = siweb("serve")

    assert result.exit_code == 1
    assert "run siweb upgrade" in result.output
    assert not served


def test_a_migrated_office_starts_without_made_up_people(served, monkeypatch):
    monkeypatch.setenv("SIWEB_PUBLIC_URL", "https://office.example.org")
    migrated, started = siweb("migrate"), siweb("serve")

    assert migrated.output == "The database is at the newest schema.\n"
    assert started.exit_code == 0
    assert [settings.demo for settings in served] == [False]


def test_an_office_without_its_public_address_does_not_start(served):
    siweb("migrate")

    result = siweb("serve")

    assert result.exit_code == 1
    assert result.output.startswith("Error: Set SIWEB_PUBLIC_URL to the address people know")
    assert not served


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_in_use_is_refused_in_a_sentence(served, monkeypatch, tmp_path, command):
    monkeypatch.setenv("SIWEB_PUBLIC_URL", "https://office.example.org")
    siweb("migrate")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        monkeypatch.setenv("SIWEB_PORT", str(port))

        result = siweb(command)

    assert result.exit_code == 1
    assert result.output == (
        f"Error: Cannot listen on 127.0.0.1, port {port}: Address already in use. "
        "Stop what listens there, or set SIWEB_HOST and SIWEB_PORT.\n"
    )
    assert not served
    assert not (tmp_path / "demo_sign_ins.json").exists()


def test_an_address_of_another_machine_is_refused_in_a_sentence(served, monkeypatch):
    monkeypatch.setenv("SIWEB_HOST", "192.0.2.1")

    result = siweb("demo")

    assert result.exit_code == 1
    assert result.output.startswith("Error: Cannot listen on 192.0.2.1, port ")
