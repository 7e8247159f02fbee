"""The README says what the code does: its settings and its commands."""

import re
from dataclasses import fields

import pytest

from siweb.cli import COMMANDS
from siweb.settings import PREFIX, Settings
from tests.architecture.sources import ROOT

README = ROOT / "README.md"
ROW = re.compile(r"^\| `(SIWEB_[A-Z_]+)` \| (.*?) \| (.*?) \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def readme():
    return README.read_text("utf-8")


def default_of(field):
    if isinstance(field.default, bool):
        return str(field.default).lower()
    return str(field.default)


def test_the_table_of_settings_is_the_settings(readme):
    table = {
        name: (default.strip("`"), text)
        for name, default, text in ROW.findall(readme)
        if name != PREFIX + "CONFIG"
    }

    assert table == {
        PREFIX + field.name.upper(): (default_of(field), field.metadata["help"])
        for field in fields(Settings)
    }


def test_every_command_that_the_readme_names_is_there(readme):
    named = set(re.findall(r"(?:`|bin/)siweb ([a-z-]+)", readme))

    assert named
    assert named <= set(COMMANDS)


def test_every_file_that_the_readme_links_is_there(readme):
    links = re.findall(r"\[[^\]]*\]\(([^)#:]+)\)", readme)

    assert links
    assert not [link for link in links if not (ROOT / link).exists()]
