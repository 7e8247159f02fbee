"""The page that shows every component: on a demonstration, and nowhere else."""

import dataclasses
import re

import pytest

from siweb.app import create_app
from tests.web.test_look import PAGES, STYLE, TEMPLATES

# What needs more than words to be shown: a rule's steps, scans with who opened them, a passkey of the
# browser, the unseen keys of a form.
ELSEWHERE = {
    "explanation", "worked_out", "scans", "scan_list", "own_scan_list", "passkey_form", "money_form_keys",
}  # fmt: skip
# By these a script and a test find them; "c" is followed by the number of a series.
UNSTYLED = {"c", "session-note", "worked-out"}
# The front of the office, the frame of the desk, and tables of one subject each.
OF_ONE_PAGE = {"desk", "groups", "hero", "picture", "says", "year-list"}
COMPONENTS = TEMPLATES / "components"


@pytest.fixture
def components(settings):
    office = create_app(dataclasses.replace(settings, demo=True))
    return office.test_client().get("/components", headers={"Accept-Language": "en"}).text


def test_every_component_is_shown():
    pieces = "".join(page for path, page in PAGES.items() if path.parent == COMPONENTS)
    made = {name for name in re.findall(r"macro (\w+)\(", pieces) if not name.startswith("_")}
    shown = PAGES[TEMPLATES / "portal" / "components.html"]

    assert {name for name in made - ELSEWHERE if f"{name}(" not in shown} == set()


def test_pages_wear_no_class_that_the_stylesheet_does_not_know():
    """What one page alone looks like is no component."""
    bare = [re.sub(r"{[{%].*?[%}]}", " ", page, flags=re.DOTALL) for page in PAGES.values()]
    worn = {
        name
        for page in bare
        for words in re.findall(r'class="([^"]*)"', page)
        for name in words.split()
    }

    known = set(re.findall(r"\.([a-z][\w-]*)", STYLE))
    assert sorted(worn - known - UNSTYLED) == []


def test_a_class_of_the_components_is_shown_in_its_state(components):
    layer = STYLE.split("@layer components {")[1].split("@layer desk {")[0]
    classes = set(re.findall(r"\.([a-z][\w-]*)", re.sub(r"/\*.*?\*/|url\([^)]*\)", "", layer)))
    worn = {name for words in re.findall(r'class="([^"]*)"', components) for name in words.split()}

    assert sorted(classes - worn - OF_ONE_PAGE) == []


@pytest.mark.parametrize(("is_demonstration", "status"), [(True, 200), (False, 404)])
def test_only_a_demonstration_shows_the_components(settings, is_demonstration, status):
    office = create_app(dataclasses.replace(settings, demo=is_demonstration))

    page = office.test_client().get("/components", headers={"Accept-Language": "en"})

    assert page.status_code == status
    assert ("error-summary" in page.text) == is_demonstration
