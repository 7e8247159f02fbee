"""The look is of one piece: one small stylesheet, one sprite of few signs, frames for each audience."""

import re
from pathlib import Path

import brotli
import pytest

from siweb.desk.staff.navigation import GROUPS

ROOT = Path(__file__).parents[2]
STATIC, TEMPLATES = ROOT / "static", ROOT / "templates"
PAGES = {path: path.read_text("utf-8") for path in sorted(TEMPLATES.rglob("*.html"))}
STYLE = (STATIC / "siweb.css").read_text("utf-8")
SPRITE = (STATIC / "icons.svg").read_text("utf-8")
SYMBOLS = re.findall(r'<symbol id="([^"]+)"', SPRITE)


def test_the_stylesheet_is_small():
    assert len(brotli.compress(STYLE.encode())) <= 6 * 1024


def test_there_are_few_signs_each_once_and_under_a_permissive_licence():
    assert len(SYMBOLS) == len(set(SYMBOLS)) <= 60
    assert "MIT License" in (STATIC / "icons-LICENSE.txt").read_text("utf-8")


def test_every_sign_that_is_drawn_is_in_the_sprite_and_none_lies_idle():
    quoted = {word for page in PAGES.values() for word in re.findall(r'"([a-z0-9-]+)"', page)}
    places = {place.icon for group in GROUPS for place in group.places}
    asked = {name for page in PAGES.values() for name in re.findall(r'icon\("([^"]+)"\)', page)}

    assert (asked | places) - set(SYMBOLS) == set()
    assert set(SYMBOLS) - quoted - places - {"emblem"} == set()


def test_whoever_listens_hears_the_word_and_no_sign():
    signs = re.findall(r"<svg[^>]*>", "".join(PAGES.values()))

    assert signs
    assert all('aria-hidden="true"' in sign for sign in signs)


@pytest.mark.parametrize(
    "path", [path for path in PAGES if path.is_relative_to(TEMPLATES / "desk")]
)
def test_every_page_of_the_desk_stands_in_its_workplace(path):
    assert '{% extends "layouts/base.html" %}' not in PAGES[path]


def test_every_colour_is_a_token():
    """Paper is the exception: what is printed is dark on white whatever the screen shows."""
    rules = STYLE.split("@layer base {")[1]
    screen, paper = rules.split("@layer print {")

    assert re.findall(r"#[0-9a-f]{3,8}\b", screen) == []
    assert "--ink: #000" in paper
