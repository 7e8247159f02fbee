"""The Chinese README says what the English one does: whoever reads one can do as much."""

import re

import pytest

from siweb.cli import COMMANDS
from tests.architecture.sources import ROOT

ENGLISH, CHINESE = ROOT / "README.md", ROOT / "README.zh-CN.md"
ROW = re.compile(r"^\| `(SIWEB_[A-Z_]+)` \| (.*?) \| .+ \|$", re.MULTILINE)
BLOCK = re.compile(r"^```(\w*)$(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)]+)\)")


@pytest.fixture(scope="module")
def english():
    return ENGLISH.read_text("utf-8")


@pytest.fixture(scope="module")
def chinese():
    return CHINESE.read_text("utf-8")


def typed(text):
    """The blocks of a README as they are typed: a remark is only that there is one, and where.

    What is done in a browser between two commands is told by the remark that names /activate.
    """
    blocks = []
    for language, block in BLOCK.findall(text):
        lines = []
        for line in block.strip().splitlines():
            if not line.startswith("#"):
                lines.append(re.sub(r"\s+# .*", "", line))
            elif "/activate" in line:
                lines.append("# /activate")
        blocks.append((language, lines))
    return blocks


def test_the_same_is_typed_in_both(english, chinese):
    assert len(typed(english)) > 5
    assert typed(chinese) == typed(english)


def test_the_same_settings_stand_in_both(english, chinese):
    assert len(ROW.findall(english)) > 30
    assert ROW.findall(chinese) == ROW.findall(english)


def test_the_same_is_linked_from_both_and_each_from_the_other(english, chinese):
    # Guides and pictures are in both languages: each README leads to its own.
    in_english = {
        link.replace("guide/en/", "guide/").replace("-en.webp", ".webp")
        for link in LINK.findall(english)
    }
    in_chinese = {link.replace("guide/zh/", "guide/") for link in LINK.findall(chinese)}

    # Anchors are the headings' own words.
    assert {link for link in in_english - in_chinese if link[0] != "#"} == {CHINESE.name}
    assert {link for link in in_chinese - in_english if link[0] != "#"} == {ENGLISH.name}


def test_a_link_within_leads_to_a_heading(english, chinese):
    for text in (english, chinese):
        headings = {
            heading.lower().replace(" ", "-")
            for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
        }
        assert {link[1:] for link in LINK.findall(text) if link[0] == "#"} <= headings


def test_every_command_that_the_chinese_one_names_is_there(english, chinese):
    named, there = (
        {*re.findall(r"(?:`|bin/)siweb ([a-z-]+)", each)} for each in (chinese, english)
    )

    assert named == there
    assert named <= set(COMMANDS)
