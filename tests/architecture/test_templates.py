"""Templates under one strict policy: nothing inline, nothing from elsewhere, every form sealed."""

import re

import pytest
from jinja2 import Environment, nodes

from tests.architecture.sources import ROOT, TEMPLATES, files, shown

PAGES = files(TEMPLATES, ".html")
INLINE = re.compile(
    r"""<style|\sstyle\s*=|\son[a-z]+\s*=|\shx-on|javascript:|<script(?![^>]*\ssrc=)""",
    re.IGNORECASE,
)
ELSEWHERE = re.compile(r"""\s(?:src|href|action|hx-get|hx-post)\s*=\s*["'](?:https?:)?//""")
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
TOKEN = re.compile(r"csrf_token|hidden_tag\(")


@pytest.fixture(scope="module")
def jinja():
    return Environment(autoescape=True, extensions=["jinja2.ext.i18n"])


def lines(pattern, path):
    """Where a pattern stands, tags that go over several lines included."""
    text = path.read_text("utf-8")
    return [
        f"line {text.count(chr(10), 0, found.start()) + 1}: {found.group().strip()}"
        for found in pattern.finditer(text)
    ]


@pytest.mark.parametrize("path", PAGES, ids=shown)
def test_nothing_is_inline(path):
    assert not lines(INLINE, path)


@pytest.mark.parametrize("path", PAGES, ids=shown)
def test_nothing_comes_from_elsewhere(path):
    assert not lines(ELSEWHERE, path)


@pytest.mark.parametrize("path", PAGES, ids=shown)
def test_every_form_that_changes_something_carries_its_token(path):
    forms = [form for form in FORM.findall(path.read_text("utf-8")) if 'method="post"' in form]

    assert all(TOKEN.search(form) for form in forms)


@pytest.mark.parametrize("path", PAGES, ids=shown)
def test_nothing_is_declared_safe(path, jinja):
    filters = jinja.parse(path.read_text("utf-8")).find_all(nodes.Filter)

    assert not [one.lineno for one in filters if one.name == "safe"]


@pytest.mark.parametrize("path", PAGES, ids=shown)
def test_every_imported_macro_is_used(path, jinja):
    whole = jinja.parse(path.read_text("utf-8"))
    imported = {
        name if isinstance(name, str) else name[1]
        for one in whole.find_all(nodes.FromImport)
        for name in one.names
    }

    assert imported <= {name.name for name in whole.find_all(nodes.Name)}


@pytest.mark.parametrize("path", files(TEMPLATES / "components", ".html"), ids=shown)
def test_a_component_knows_nothing_of_the_visitor(path, jinja):
    used = {name.name for name in jinja.parse(path.read_text("utf-8")).find_all(nodes.Name)}

    assert not used & {"g", "request", "session", "current_user"}


@pytest.mark.parametrize("path", PAGES, ids=shown)
def test_no_template_is_too_long_to_read(path):
    assert len(path.read_text("utf-8").splitlines()) <= 200


@pytest.mark.parametrize("path", files(ROOT / "static", "siweb.js"), ids=shown)
def test_the_script_writes_no_markup(path):
    assert not lines(re.compile(r"\beval\(|innerHTML|outerHTML|document\.write"), path)
