"""Tell what a file is by its content, and read its rows as they stand."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from siweb.documents.spreadsheets.reading.cell import RawRow
from siweb.documents.spreadsheets.reading.read_calamine import read_other
from siweb.documents.spreadsheets.reading.read_csv import read_text
from siweb.documents.spreadsheets.reading.read_xlsx import read_xlsx
from siweb.documents.spreadsheets.reading.refusal import SheetRefused

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
# The name, in two-byte letters, of what an encrypted workbook is wrapped in.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_LOOKED_AT = 1 << 16
_OTHER_FILES = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"{\\rtf",
    b"\x7fELF",
    b"MZ",
)


class RawSheet(NamedTuple):
    """The filled rows of the first visible sheet; days may count from 1904."""

    rows: Iterator[RawRow]
    begins_1904: bool


def read_raw(file: Path) -> RawSheet:
    """Return a file's rows.

    :raises SheetRefused: "empty", "protected", "not_a_sheet" and what the readers say.
    """
    with file.open("rb") as source:
        beginning = source.read(_LOOKED_AT)
    if not beginning.strip():
        raise SheetRefused("empty")
    if beginning.startswith(_OLE):
        if _has(file, _ENCRYPTED):
            raise SheetRefused("protected")
        return RawSheet(read_other(file), begins_1904=False)
    if beginning.startswith(_ZIP):
        if b"mimetypeapplication/vnd.oasis.opendocument" in beginning[:200]:
            return RawSheet(read_other(file), begins_1904=False)
        rows, begins_1904 = read_xlsx(file)
        return RawSheet(rows, begins_1904)
    if beginning.startswith(_OTHER_FILES) or beginning.lstrip()[:1] == b"<":
        raise SheetRefused("not_a_sheet")
    return RawSheet(read_text(file), begins_1904=False)


def _has(file: Path, sought: bytes) -> bool:
    """Return whether bytes stand anywhere in a file, a piece at a time."""
    kept = b""
    with file.open("rb") as source:
        while piece := source.read(_LOOKED_AT):
            if sought in kept + piece:
                return True
            kept = piece[-len(sought) :]
    return False
