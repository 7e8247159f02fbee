"""Prove the PDF of a paper without the office: signature, attached data, and what is printed."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any, NamedTuple

from pypdf import PageObject, PdfReader
from pypdf.generic import DictionaryObject

from siweb.documents.proof.keys import PublicKey
from siweb.documents.proof.statement import NotProved, PaperStatement, prove_statement
from siweb.documents.typesetting.figure_text import value_text
from siweb.documents.typesetting.font_coverage import uncovered

DATA_NAME, STATEMENT_NAME = "paper.json", "statement.cose"
_LOCALES = ("zh_Hans", "en")
# The font draws these like each other, and a PDF breaks lines where it likes.
_SPACE = re.compile(r"\s+")
_AMOUNT = re.compile(r"(?<![\w.,-])-?\d[\d,]*\.\d\d(?!\.?\d)")
_QUOTES = str.maketrans("’‘“”", "''\"\"")


class ProvedFile(NamedTuple):
    """What a PDF proved: its statement, and how many printed figures were held to the data."""

    statement: PaperStatement
    figures: int


def prove_file(content: bytes, keys: Sequence[PublicKey]) -> ProvedFile:
    """Return what the PDF of a paper proves.

    The signature covers the digest of the attached data, and whose paper it is and each figure of
    the data have to stand in the text of the pages. They hold no other amount, no picture and no
    remark, so that what is true does not lie hidden under what is shown. Lines drawn as shapes are
    not read.

    :raises NotProved: "no_pdf", "no_attachment", "data_changed", "not_printed", or as
        `prove_statement` does.
    """
    try:
        reader = PdfReader(BytesIO(content))
        is_laid_over = any(_is_laid_over(page) for page in reader.pages)
        attached = {name: files[0] for name, files in reader.attachments.items() if files}
        text = "\n".join(page.extract_text() for page in reader.pages).translate(_QUOTES)
    except Exception as wrong:  # whatever a hostile file makes its reader stumble over
        raise NotProved("no_pdf") from wrong
    if not {DATA_NAME, STATEMENT_NAME} <= attached.keys():
        raise NotProved("no_attachment")
    statement = prove_statement(attached[STATEMENT_NAME], keys)
    if hashlib.sha256(attached[DATA_NAME]).digest() != statement.data_digest:
        raise NotProved("data_changed")
    data = json.loads(attached[DATA_NAME])
    figures = list(_figures(data["payload"]))
    if is_laid_over or not any(_is_printed(data, figures, locale, text) for locale in _LOCALES):
        raise NotProved("not_printed")
    return ProvedFile(statement, len(figures))


def _is_laid_over(page: PageObject) -> bool:
    """Return whether a page holds what no paper of the office has: remarks, fields, pictures."""
    nothing = DictionaryObject()
    resources = page.get("/Resources", nothing).get_object()
    drawn = resources.get("/XObject", nothing).get_object().values()
    return "/Annots" in page or any(each.get_object().get("/Subtype") != "/Form" for each in drawn)


def _is_printed(
    data: dict[str, Any], figures: Sequence[dict[str, Any]], locale: str, text: str
) -> bool:
    """Return whether the pages say in one language what the data says, and no other amount."""
    payload, printed = data["payload"], _plain(text)
    holder = (payload["name"], payload.get("uscc", payload["id_last4"]), data["reference"])
    signed = " ".join(
        [
            *(value_text(figure, locale) for figure in figures),
            json.dumps(payload, ensure_ascii=False),
        ]
    )
    return (
        all(re.search(_drawn(_plain(each)), printed) for each in holder)
        and _are_printed(figures, locale, text)
        and set(_AMOUNT.findall(text)) <= set(_AMOUNT.findall(signed))
    )


def _drawn(text: str) -> str:
    """Return a pattern for a text; what the papers' font lacks may be drawn or named otherwise."""
    missing = uncovered(text)
    return "".join(
        rf"(?:\[U\+{ord(sign):04X}\]|.)?" if sign in missing else re.escape(sign) for sign in text
    )


def _are_printed(figures: Sequence[dict[str, Any]], locale: str, text: str) -> bool:
    """Return whether each figure stands on the pages, in one language, as often as in the data.

    A figure inside a longer one is none: 9,876.54 does not stand in 19,876.54.
    """
    wanted = Counter(_plain(value_text(figure, locale)) for figure in figures)
    return all(
        len(re.findall(rf"(?<![\d.,-]){_spaced(figure)}(?![\d])", text)) >= often
        for figure, often in wanted.items()
    )


def _spaced(figure: str) -> str:
    """Return a pattern for a figure, which a line of the page may break."""
    return r"\s*".join(re.escape(sign) for sign in figure if not sign.isspace())


def _figures(payload: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every figure that the paper prints: those of its facts and its tables."""
    values = [value for _label, value in payload.get("facts", ())]
    for table in payload.get("tables", ()):
        values += [value for row in table["rows"] for value in row]
    for value in values:
        if isinstance(value, dict) and not set(_LOCALES) & value.keys():
            yield value


def _plain(text: str) -> str:
    return _SPACE.sub("", text.translate(_QUOTES))
