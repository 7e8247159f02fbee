"""`siweb demo`, `serve` and `migrate`: what is printed before the server takes over."""

import pytest
from click.testing import CliRunner

from siweb.cli import main
from siweb.cli.operation import server
from siweb.demo.plan import Plan


@pytest.fixture
def served(monkeypatch, tmp_path):
    """Run commands in a folder of their own; whoever would serve is written down instead."""
    monkeypatch.setenv("SIWEB_VAR_DIR", str(tmp_path))
    monkeypatch.delenv("SIWEB_DEMO", raising=False)
    monkeypatch.setattr(server, "Plan", lambda day: Plan(day, people=40, employers=4))
    served = []
    monkeypatch.setattr(server, "_serve", served.append)
    return served


def siweb(*arguments):
    return CliRunner(env={"SIWEB_DEMO": None}).invoke(main, arguments)


def test_a_demonstration_prints_its_address_and_a_sign_in_of_every_kind(served):
    result = siweb("demo")

    assert result.exit_code == 0
    assert "http://127.0.0.1:8000" in result.output
    for kind in ("Employee", "Flexible worker", "Pension recipient", "Helper"):
        assert f" {kind}" in result.output
    assert [settings.demo for settings in served] == [True]


def test_a_second_start_keeps_what_was_done_in_the_first(served, tmp_path):
    first = siweb("demo").output
    made = (tmp_path / "siweb.sqlite3").stat().st_ino

    assert siweb("demo").output == first
    assert (tmp_path / "siweb.sqlite3").stat().st_ino == made


def test_an_office_with_an_old_schema_does_not_start(served):
    result = siweb("serve")

    assert result.exit_code == 1
    assert "run siweb migrate" in result.output
    assert not served


def test_a_migrated_office_starts_without_made_up_people(served):
    migrated, started = siweb("migrate"), siweb("serve")

    assert migrated.output == "The database is at the newest schema.\n"
    assert started.exit_code == 0
    assert [settings.demo for settings in served] == [False]
