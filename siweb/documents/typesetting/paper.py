"""The paper of a document: a PDF in the reader's language, set from what was frozen at its issue.

The same document gives the same bytes. It carries a tagged structure (PDF/UA-1) for screen
readers, the office's own font, its own data signed (PDF/A-3a), and a code with which anyone may
verify it.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst
from flask_babel import force_locale, gettext

from siweb.db.reference_code import grouped
from siweb.documents.kinds import KINDS
from siweb.documents.payload import PaperTable, Value
from siweb.documents.proof.paper_proof import PaperProof
from siweb.documents.tables.document import Document, DocumentKind
from siweb.documents.typesetting.drawn_text import drawable, with_narrow_quotes
from siweb.documents.typesetting.figure_text import NameText, day_text, issue_day_text, value_text
from siweb.documents.typesetting.font_coverage import PAPER_FONT
from siweb.documents.typesetting.packed_pdf import packed
from siweb.documents.typesetting.qr import BORDER, proof_qr
from siweb.documents.verification_code import short_code

PAPERS = Path(__file__).parent / "papers"
LANGUAGES = {"zh_Hans": ("zh", "cn"), "en": ("en", "gb")}
# Of the sizes in papers/paper.typ: what is set in 10.5 points comes to 14.7.
_NORMAL, _LARGE = 100, 140
# A compiler is not to be used by two threads at once.
_lock = Lock()


def render_paper(
    document: Document,
    locale: str,
    verify_address: str,
    code: str,
    proof: PaperProof,
    *,
    is_large: bool = False,
) -> bytes:
    """Return the PDF of a document in one language; needs an app context for its words.

    In large type it says the same on more pages: what proves it is in it as always.

    `verify_address` is the public address of verifications without the code, `code` the document's
    verification code (see `siweb.documents.verification_code`).
    """
    with force_locale(locale):
        texts = paper_words(document, locale, verify_address, code)
    texts, needs_machine_fonts = drawable(with_narrow_quotes(texts) if locale == "en" else texts)
    texts["qr"] = proof_qr(proof.qr_text).svg_inline(border=BORDER, light="#fff")
    texts |= {"data": list(proof.data), "statement": list(proof.statement)}
    texts["percent"] = _LARGE if is_large else _NORMAL
    return compile_pdf(
        "paper.typ",
        {"paper": json.dumps(texts, ensure_ascii=False)},
        needs_machine_fonts=needs_machine_fonts,
        at=document.issued_at,
    )


def compile_pdf(
    source: str, inputs: dict[str, Any], *, needs_machine_fonts: bool, at: datetime
) -> bytes:
    """Return the PDF (PDF/A-3a, PDF/UA-1) that a source in papers/ makes of its inputs."""
    with _lock:
        made = _compiler(source, needs_machine_fonts).compile(
            format="pdf",
            sys_inputs=inputs,
            pdf_standards=["a-3a", "ua-1"],
            # The paper's own instant: the same bytes on whichever day it is printed.
            timestamp=at.astimezone(UTC).replace(microsecond=0),
        )
    assert isinstance(made, bytes)
    return packed(made)


def paper_words(document: Document, locale: str, verify_address: str, code: str) -> dict[str, Any]:
    """Return every text of the paper, as papers/paper.typ takes them."""
    title = str(KINDS[document.kind])
    language, region = LANGUAGES[locale]
    return content_words(document, locale) | {
        "language": language,
        "region": region,
        "title": title,
        "description": f"{title} {document.reference}",
        "running": f"{title} · {document.reference}",
        "data_about": gettext("What this document says, as data"),
        "statement_about": gettext("The office's signature over it"),
        "qr_alt": gettext("QR code with the address of the verification"),
        "verify_how": gettext("Anyone can verify this document: scan the code, or type it at"),
        "verify_address": verify_address.partition("://")[2] or verify_address,
        "code_label": gettext("Verification code"),
        "code": grouped(code),
        "short_label": gettext("Short code for the telephone"),
        "short": grouped(short_code(document.reference), 4),
    }


def content_words(document: Document, locale: str, name_text: NameText = str) -> dict[str, Any]:
    """Return what the paper states. A verification shows the same, so that no change goes unseen.

    `name_text` writes the names of people.
    """
    payload, until = document.payload, document.valid_until_on

    def text(value: Value) -> str:
        return value_text(value, locale, name_text)

    return {
        "office": _office(payload, locale),
        "about": _about(document, locale, name_text),
        "outcome": text(payload["outcome"]) if _decides(document) else "",
        "next_steps": [text(line) for line in payload["next_steps"]],
        "facts": [[text(part) for part in row] for row in payload["facts"]],
        "tables": [_table(table, text) for table in payload.get("tables", ())],
        "notes": [text(line) for line in payload.get("notes", ())],
        "until": gettext("It can be verified until %(day)s.", day=day_text(until, locale))
        if until
        else "",
    }


UNDECIDED = frozenset({"draft", "employer_confirm", "to_correct", "manual_review"})
"""The outcomes of a receipt that leave the decision to somebody."""


def is_statement(document: Document) -> bool:
    """Return whether the paper only states something; others lead to an outcome."""
    return "tables" in document.payload


def decided_label(document: Document) -> str:
    """Return what the day of a paper is: of a decision, or as of which day it states something.

    The receipt of a case on which somebody has still to decide states where it is that day.
    """
    is_decided = _decides(document) and document.payload["outcome_code"] not in UNDECIDED
    return str(gettext("Decided on") if is_decided else gettext("As of"))


def _decides(document: Document) -> bool:
    """Return whether the paper tells its holder an outcome: receipts and notices do."""
    return document.kind is DocumentKind.ASSESSMENT_NOTICE or not is_statement(document)


def _about(document: Document, locale: str, name_text: NameText) -> list[list[str]]:
    payload = document.payload
    decided = value_text({"day": payload["decided_on"]}, locale)
    issued = issue_day_text(document.issued_at, locale)
    # The full legal term stands on papers only; the name of an employer is public.
    name = name_text(payload["name"])
    number = [gettext("Citizen ID number"), gettext("ends in %(end)s", end=payload["id_last4"])]
    if "uscc" in payload:
        name = payload["name"]
        number = [gettext("Unified social credit code"), payload["uscc"]]
    rows = [
        [gettext("Name"), name],
        number,
        [gettext("About"), value_text(payload["matter"], locale)],
        [decided_label(document), decided],
        [gettext("Document number"), document.reference],
    ]
    return rows if issued == decided else [*rows, [gettext("Issued on"), issued]]


def _office(payload: dict[str, Any], locale: str) -> str:
    if payload.get("office"):
        # Its name says where it is: a region before it would say it twice.
        return value_text(payload["office"], locale)
    office = gettext("Social insurance office")
    region = payload.get("region")
    if not region:
        return str(office)
    return f"{value_text(region, locale)} · {office}"


def _table(table: PaperTable, text: Callable[[Value], str]) -> dict[str, Any]:
    return {
        "title": text(table["title"]),
        "columns": [text(column) for column in table["columns"]],
        "rows": [[text(cell) for cell in row] for row in table["rows"]],
        "numbers": table["numbers"],
    }


@cache
def _compiler(source: str, needs_machine_fonts: bool) -> typst.Compiler:
    return typst.Compiler(
        PAPERS / source,
        root=PAPERS,
        font_paths=[PAPER_FONT.parent],
        # Fonts of the machine only where a rare character needs them: else the bytes of a paper
        # would depend on where it is set.
        ignore_system_fonts=not needs_machine_fonts,
    )
