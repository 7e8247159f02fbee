"""The documentation: whatever it links is there, and its site has every page of it."""

import re

from tests.architecture.sources import ROOT, files, shown

DOCS = ROOT / "docs"
DOCUMENTS = files(DOCS, ".md")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
BLOCK = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)


def links_of(path):
    text = BLOCK.sub("", path.read_text("utf-8"))
    return [link for link in LINK.findall(text) if not link.startswith(("http", "mailto:"))]


def test_every_link_of_a_document_leads_to_a_file():
    linked = [(path, link) for path in DOCUMENTS for link in links_of(path)]

    assert len(linked) > 60
    assert not [
        f"{shown(path)}: {link}"
        for path, link in linked
        if not (path.parent / link.partition("#")[0]).exists()
    ]


def test_every_document_is_a_page_of_the_site():
    # Not read as YAML: the checker of links and the theme have tags of their own in it.
    named = {
        *re.findall(r"^\s+- (\S+\.md)$", (ROOT / "mkdocs.yml").read_text("utf-8"), re.MULTILINE)
    }
    pages = {path.relative_to(DOCS).as_posix() for path in DOCUMENTS}
    # The list of decisions leads to each.
    decisions = {page for page in pages if page.startswith("decisions/0")}

    assert {*named, "index.md"} == pages - decisions
    assert decisions <= {f"decisions/{link}" for link in links_of(DOCS / "decisions" / "README.md")}


def test_the_pictures_are_few_and_small_and_each_is_shown():
    pictures = {path.name: path.stat().st_size for path in files(DOCS / "pictures")}
    pages = [*DOCUMENTS, ROOT / "README.md", ROOT / "README.zh-CN.md"]
    shown_there = {
        name
        for path in pages
        for name in re.findall(r"pictures/([\w.-]+)", path.read_text("utf-8"))
    }

    assert 0 < len(pictures) <= 12
    assert max(pictures.values()) <= 64 * 1024
    assert shown_there == pictures.keys()
