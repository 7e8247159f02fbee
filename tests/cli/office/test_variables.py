"""The commands of a first office by the environment alone, as a container starts them."""

import re
from dataclasses import fields
from pathlib import Path

import click
import pytest
import time_machine
from click.testing import CliRunner

from siweb.cli import main
from siweb.cli.variables import FIRST_OFFICE
from siweb.settings import Settings
from tests.cli.office.new_office import INIT, NewOffice, go_to
from tests.conftest import NOW

GUIDES = [
    Path(__file__).parents[3] / f"docs/guide/{language}/administrator/first-office.md"
    for language in ("en", "zh")
]


def options():
    """Every option of these commands, by its command's words."""
    found = []

    def walk(words, command):
        if isinstance(command, click.Group):
            for name, below in command.commands.items():
                walk(f"{words}-{name}", below)
        found.extend(
            (words, option) for option in command.params if isinstance(option, click.Option)
        )

    for name in sorted(FIRST_OFFICE):
        walk(name, main.get_command(None, name))
    return found


def variable(words, dashed):
    return f"SIWEB_{words}_{dashed.lstrip('-')}".replace("-", "_").upper()


def test_every_option_has_the_variable_of_its_name():
    wrong = {}
    for words, option in options():
        named = {variable(words, each) for each in option.opts}
        if option.envvar not in {*named, "SIWEB_OPERATOR"}:
            wrong[words, option.name] = option.envvar
    assert wrong == {}
    # None is taken for a setting.
    settings = {f"SIWEB_{each.name.upper()}" for each in fields(Settings)}
    assert settings.isdisjoint(option.envvar for _words, option in options())


def test_no_option_takes_a_secret():
    taken = [option.name for _words, option in options() if option.hide_input]
    named = [
        option.name
        for _words, option in options()
        if re.search("password|secret|^code$|token|key", option.name)
    ]
    assert (taken, named) == ([], [])


def as_variables(words, given):
    return {
        variable(words, name): value for name, value in zip(given[::2], given[1::2], strict=True)
    }


@pytest.fixture
def office(tmp_path, monkeypatch):
    go_to(tmp_path, monkeypatch)
    with time_machine.travel(NOW, tick=False):
        made = NewOffice(tmp_path)
        made.run("migrate")
        yield made


def test_an_office_is_opened_without_a_question(office, monkeypatch):
    for name, value in as_variables("init", INIT[1:]).items():
        monkeypatch.setenv(name, value)

    opened = office.run("init")

    assert "上海试办社保 is open for 310000" in opened
    assert set(office.codes) == set(office.set_up_codes) == {"张伟", "李强"}
    assert "open already" in office.run("init", exit_code=1)


def test_half_of_it_asks_for_the_rest(office, monkeypatch):
    monkeypatch.setenv("SIWEB_INIT_REGION", "310000")
    found = CliRunner().invoke(main, ["init"], input="")
    assert found.exit_code != 0
    assert "Name of the office in Chinese" in found.output


def test_what_is_typed_goes_before_its_variable(office, monkeypatch):
    for name, value in as_variables("init", INIT[1:]).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SIWEB_INIT_NAME", "另一家")
    opened = office.run("init", "--name", "上海试办社保")
    assert "上海试办社保 is open for 310000" in opened


def test_the_help_names_the_variables():
    shown = CliRunner().invoke(main, ["agency", "--help"]).output
    assert "SIWEB_AGENCY_NAME_EN" in shown


@pytest.mark.parametrize("guide", GUIDES, ids=["en", "zh"])
def test_what_the_guide_names_is_there(guide):
    known = {option.envvar for _words, option in options()}
    named = set(re.findall(r"^(SIWEB_\w+)=", guide.read_text(), re.MULTILINE))
    assert named
    assert named <= known
    needed = {"SIWEB_INIT_REGION", "SIWEB_INIT_NAME", "SIWEB_INIT_NAME_EN"}
    assert {*needed, "SIWEB_INIT_ADMINISTRATORS"} <= named
