"""What a verification shows: what the paper itself says, so that an altered paper is seen.

Whoever holds the code holds the paper. Only the name is masked: a code may be photographed.
"""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from siweb.documents.payload import PaperTable
from siweb.documents.tables.document import Document
from siweb.documents.typesetting.figure_text import issue_day_text, value_text
from siweb.documents.typesetting.paper import decided_label, is_statement
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
    """The lines and tables of a paper."""

    rows: list[Row]
    tables: list[ShownTable]


def shown_document(document: Document, locale: str) -> ShownDocument:
    """Return what a genuine document says, its holder's name masked."""
    payload = document.payload
    rows: list[Row] = [(_("Name"), masked_name(payload["name"]))]
    if "uscc" in payload:
        rows.append((_("Unified social credit code"), payload["uscc"]))
    else:
        rows.append((_("ID number"), _("ends in %(end)s", end=payload["id_last4"])))
    rows.append((_("About"), value_text(payload["matter"], locale)))
    if not is_statement(document):
        rows.append((_("Outcome"), value_text(payload["outcome"], locale)))
    rows.append((decided_label(document), value_text({"day": payload["decided_on"]}, locale)))
    rows += [
        (value_text(name, locale), value_text(fact, locale)) for name, fact in payload["facts"]
    ]
    rows.append((_("Document number"), document.reference))
    rows.append((_("Issued on"), issue_day_text(document.issued_at, locale)))
    tables = [_shown_table(table, locale) for table in payload.get("tables", ())]
    return ShownDocument(rows, tables)


def _shown_table(table: PaperTable, locale: str) -> ShownTable:
    cells: list[list[Any]] = [list(row) for row in table["rows"]]
    return ShownTable(
        value_text(table["title"], locale),
        [value_text(column, locale) for column in table["columns"]],
        [[value_text(cell, locale) for cell in row] for row in cells],
        list(table["numbers"]),
    )
