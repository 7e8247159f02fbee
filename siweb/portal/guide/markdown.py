"""A guide's Markdown as HTML: nothing of it is taken as HTML, whoever wrote the file."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from siweb.portal.guide.contents import PAGES

_READER = MarkdownIt("commonmark", {"html": False})
# Another guide: "day.md" beside it, or "../clerk/day.md".
_GUIDE = re.compile(r"(?:\.\./(?P<audience>[a-z-]+)/)?(?P<page>[a-z-]+)\.md")

# Characters of a line of Chinese, its punctuation among them.
_CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")


@dataclass(frozen=True, slots=True)
class Guide:
    """One page: its title, and what stands below it."""

    title: str
    body: Markup


def read_guide(text: str, english: str, audience: str) -> Guide:
    """Return a guide's page of some language; `english` is the same page in English.

    A heading is found by the English words, so that an address leads to the same place in either
    language: the pages have the same headings in the same order.
    """
    tokens = _READER.parse(text)
    ids = iter([_slug(heading) for heading in _headings(_READER.parse(english))])
    for token in tokens:
        if token.type == "heading_open":
            token.attrSet("id", next(ids, ""))
        elif token.type == "inline":
            token.children = list(_shown(_joined(token.children or []), audience))
    title = tokens[1].content
    body = _READER.renderer.render(_without_title(tokens), _READER.options, {})
    return Guide(title, Markup(body))  # noqa: S704 - drawn with every HTML of the file escaped


def headings_of(english: str) -> list[str]:
    """Return the names by which an address leads to the headings of a page, its title left out."""
    return [_slug(heading) for heading in _headings(_READER.parse(english))][1:]


def _headings(tokens: list[Token]) -> list[str]:
    return [
        tokens[place + 1].content
        for place, token in enumerate(tokens)
        if token.type == "heading_open"
    ]


def _slug(heading: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-")


def _without_title(tokens: list[Token]) -> list[Token]:
    return tokens[3:]  # it opens, is said, closes


def _joined(parts: list[Token]) -> list[Token]:
    """Leave out line breaks between Chinese characters, which some browsers show as a space."""
    return [
        part
        for place, part in enumerate(parts)
        if part.type != "softbreak"
        or not _CHINESE.match(parts[place - 1].content[-1:])
        or not _CHINESE.match(parts[place + 1].content[:1])
    ]


def _shown(parts: Iterable[Token], audience: str) -> Iterator[Token]:
    """Leave out what is for other readers of the file: pictures, and links out of the guides.

    Whoever reads here has the pages themselves at hand, and the programmers' documents are not
    kept with an office.
    """
    kept = True
    for part in parts:
        if part.type == "image":
            continue
        if part.type == "link_open":
            address = _address(str(part.attrGet("href") or ""), audience)
            kept = address is not None
            part.attrSet("href", address or "")
        if kept or part.type not in {"link_open", "link_close"}:
            yield part


def _address(target: str, audience: str) -> str | None:
    """Return a link's address in the office; None: it leads out of the guides."""
    found = _GUIDE.fullmatch(target)
    if found is None:
        return None
    audience, page = found["audience"] or audience, found["page"]
    return f"../{audience}/{page}" if page in PAGES.get(audience, ()) else None
