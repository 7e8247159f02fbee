"""Prove the PDF of a paper without the office: signature, attached data, and what is printed."""

import hashlib
import json
from collections.abc import Sequence
from io import BytesIO
from typing import NamedTuple

from pypdf import PageObject, PdfReader
from pypdf.generic import DictionaryObject

from siweb.documents.proof.keys import PublicKey
from siweb.documents.proof.statement import NotProved, PaperStatement, prove_statement
from siweb.documents.proving.drawn_code import is_code_of, read_modules
from siweb.documents.proving.printed import figures_of, is_printed, plain_quotes

DATA_NAME, STATEMENT_NAME = "paper.json", "statement.cose"
_LOCALES = ("zh_Hans", "en")
# A paper of ours has 60 KB and some pages; whoever sends more wants to keep its reader busy.
MOST_BYTES, MOST_PAGES = 5_000_000, 60


class ProvedFile(NamedTuple):
    """What a PDF proved: its statement, and how many printed figures were held to the data.

    `is_code_read` says whether the QR code on the page was read, and found to be the statement.
    """

    statement: PaperStatement
    # The statement as it was signed.
    message: bytes
    figures: int
    is_code_read: bool


def prove_file(content: bytes, keys: Sequence[PublicKey]) -> ProvedFile:
    """Return what the PDF of a paper proves.

    The signature covers the digest of the attached data. Whose paper it is, each line and each
    table of the data, word for word and in their order, have to stand in the text of the pages.
    They hold no other amount, no picture and no remark, so that what is true does not lie hidden
    under what is shown. A QR code that is drawn as the office draws it has to be the statement.
    Other lines drawn as shapes are not read.

    :raises NotProved: "too_large", "no_pdf", "no_attachment", "data_changed", "not_printed",
        "other_code", or as `prove_statement` does.
    """
    if len(content) > MOST_BYTES:
        raise NotProved("too_large")
    try:
        reader = PdfReader(BytesIO(content))
        is_long = len(reader.pages) > MOST_PAGES
        pages = [] if is_long else list(reader.pages)
        is_laid_over = any(_is_laid_over(page) for page in pages)
        attached = {name: files[0] for name, files in reader.attachments.items() if files}
        text = plain_quotes("\n".join(page.extract_text() for page in pages))
        modules = read_modules(pages[0]) if pages else None
    except MemoryError as wrong:
        raise NotProved("too_large") from wrong
    except Exception as wrong:  # whatever a hostile file makes its reader stumble over
        raise NotProved("no_pdf") from wrong
    if is_long:
        raise NotProved("too_large")
    if not {DATA_NAME, STATEMENT_NAME} <= attached.keys():
        raise NotProved("no_attachment")
    statement = prove_statement(attached[STATEMENT_NAME], keys)
    if hashlib.sha256(attached[DATA_NAME]).digest() != statement.data_digest:
        raise NotProved("data_changed")
    data = json.loads(attached[DATA_NAME])
    if is_laid_over or not any(is_printed(data, locale, text) for locale in _LOCALES):
        raise NotProved("not_printed")
    if modules is not None and not is_code_of(modules, attached[STATEMENT_NAME], text):
        raise NotProved("other_code")
    number = len(list(figures_of(data["payload"])))
    return ProvedFile(statement, attached[STATEMENT_NAME], number, modules is not None)


def _is_laid_over(page: PageObject) -> bool:
    """Return whether a page holds what no paper of the office has: remarks, fields, pictures."""
    nothing = DictionaryObject()
    resources = page.get("/Resources", nothing).get_object()
    drawn = resources.get("/XObject", nothing).get_object().values()
    return "/Annots" in page or any(each.get_object().get("/Subtype") != "/Form" for each in drawn)
