"""The QR code on a page, read from its drawing and held to the statement in the file.

The office draws it as strokes, one for each run of dark modules. Read back they are made anew from
the statement and the address on the page and compared module by module: a single one that differs
is found, which a phone would put right without a word.
"""

import re
from collections.abc import Iterator

from pypdf import PageObject

from siweb.documents.proof.base64url import encoded
from siweb.documents.typesetting.qr import BORDER, MASKS, proof_qr

# "4 4.5 m 11 4.5 l": from the left edge of the first module to the right edge of the last.
_STROKE = re.compile(r"(\d+) (\d+)\.5 m (\d+) (\d+)\.5 l\b")
# A statement's code has far more: a few strokes are some other drawing.
_FEWEST = 100
# The page of verifications and that of proofs stand side by side (`documents/proof/office_key.py`).
_PRINTED, _SCANNED = "/verify", "/v"

Modules = frozenset[tuple[int, int]]
"""The dark modules by row and column."""


def read_modules(page: PageObject) -> Modules | None:
    """Return the dark modules of the code on a page; None where none is drawn as ours are."""
    contents = page.get_contents()
    drawing = "" if contents is None else contents.get_data().decode("latin-1")
    strokes = [tuple(map(int, found)) for found in _STROKE.findall(drawing)]
    if len(strokes) < _FEWEST:
        return None
    return frozenset(
        (row - BORDER, column - BORDER)
        for left, row, right, end in strokes
        if row == end
        for column in range(left, right)
    )


def is_code_of(modules: Modules, statement: bytes, text: str) -> bool:
    """Return whether a code is that of a statement, at the address that stands on the page."""
    return any(
        modules == _dark(f"{scheme}://{place}{_SCANNED}#{encoded(statement)}", mask)
        for place in _places(text)
        for scheme in ("https", "http")
        # A mask says nothing; papers of before have the one that looked evenest.
        for mask in MASKS
    )


def _dark(text: str, mask: int) -> Modules:
    matrix = proof_qr(text, mask).matrix
    return frozenset(
        (row, column)
        for row, line in enumerate(matrix)
        for column, is_dark in enumerate(line)
        if is_dark
    )


def _places(text: str) -> Iterator[str]:
    """Yield what may be the office's address; a line may break within it."""
    for written in (text, text.replace("\n", "")):
        for word in written.split():
            before, found, _after = word.partition(_PRINTED)
            if found:
                yield before
