"""What a verification shows: what the paper itself says, so that an altered paper is seen.

Whoever holds the code holds the paper. Only the names of people are masked: a code may be
photographed.
"""

from dataclasses import dataclass

from flask_babel import gettext as _

from siweb.documents.tables.document import Document
from siweb.documents.typesetting.paper import content_words
from siweb.web.language.formats import masked_name

Row = tuple[str, str]
"""What a line of a paper is called, and its text."""


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table as the paper has it, in the reader's language; `numbers` are set to the right."""

    title: str
    columns: list[str]
    rows: list[list[str]]
    numbers: list[int]


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """The lines, tables and sentences of a paper."""

    rows: list[Row]
    tables: list[ShownTable]
    sentences: list[str]


def shown_document(document: Document, locale: str) -> ShownDocument:
    """Return what a genuine document says, the names of people masked."""
    words = content_words(document, locale, masked_name)
    rows: list[Row] = [(_("Issued by"), words["office"])]
    rows += [(label, text) for label, text in words["about"]]
    if words["outcome"]:
        rows.append((_("Outcome"), words["outcome"]))
    rows += [(label, text) for label, text in words["facts"]]
    sentences = [*words["next_steps"], *words["notes"], *filter(None, [words["until"]])]
    return ShownDocument(rows, [ShownTable(**table) for table in words["tables"]], sentences)
