"""The README says what the code does: its settings and its commands."""

import re
from dataclasses import fields

import pytest

from siweb.cli import COMMANDS
from siweb.settings import PREFIX, Settings
from tests.architecture.sources import ROOT, files, shown

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


def test_every_source_file_that_the_documents_name_is_there():
    documents = [path for path in files(ROOT / "docs", ".md") if "decisions" not in path.parts]
    named = {
        (shown(document), name)
        for document in [README, *documents]
        for name in re.findall(
            r"`([a-z_/]+\.py)`",
            re.sub(r"```.*?```", "", document.read_text("utf-8"), flags=re.DOTALL),
        )
    }
    existing = [shown(path) for path in files(ROOT, ".py")]

    assert named
    assert not [
        (document, name)
        for document, name in sorted(named)
        if not any(f"/{path}".endswith(f"/{name}") for path in existing)
    ]
