"""Tell what a file is by its content, and open it with the reader for it."""

import re
from pathlib import Path

from siweb.documents.spreadsheets.reading.read_calamine import CalamineWorkbook
from siweb.documents.spreadsheets.reading.read_csv import CsvWorkbook
from siweb.documents.spreadsheets.reading.read_html import HtmlWorkbook
from siweb.documents.spreadsheets.reading.read_spreadsheetml import SpreadsheetMlWorkbook
from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from siweb.documents.spreadsheets.reading.text_encoding import decoded_beginning
from siweb.documents.spreadsheets.reading.workbook import Workbook
from siweb.documents.spreadsheets.reading.xlsx.package import Package
from siweb.documents.spreadsheets.reading.xlsx.read_xlsx import XlsxWorkbook, find_workbook

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
# The name, in two-byte letters, of what an encrypted workbook is wrapped in.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BEGINNING = 1 << 16
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
    b"\x1f\x8b",
    # SYLK and DIF, in which spreadsheets were exchanged before there were better ways.
    b"ID;P",
    b"TABLE\r\n0,1",
    b"TABLE\n0,1",
)
_SPREADSHEETML = "urn:schemas-microsoft-com:office:spreadsheet"
_OPENDOCUMENT = "urn:oasis:names:tc:opendocument:"
_WEB_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body|meta|table|style|div)\b", re.IGNORECASE)
# A line of text may stand above the table, without any tag.
_TABLE = re.compile(r"<table\b[^<>]*>\s*<(?:thead|tbody|tr|caption|colgroup|col)\b", re.IGNORECASE)
# A web page with its pictures in one file, as a spreadsheet program saves it.
_WEB_ARCHIVE = re.compile(r"\s*MIME-Version:", re.IGNORECASE)


def open_workbook(file: Path) -> Workbook:
    """Return the workbook in a file, whatever it is called.

    :raises SheetRefused: "empty", "protected", "not_a_sheet", "web_archive" and what readers say.
    """
    with file.open("rb") as source:
        beginning = source.read(_BEGINNING)
    if not beginning.strip():
        raise SheetRefused("empty")
    if beginning.startswith(_OLE):
        if _has(file, _ENCRYPTED):
            raise SheetRefused("protected")
        return CalamineWorkbook(file)
    if beginning.startswith(_ZIP):
        return _open_archive(file, beginning)
    if beginning.startswith(_OTHER_FILES):
        raise SheetRefused("not_a_sheet")
    text = decoded_beginning(beginning)
    if text.lstrip()[:1] == "<":
        return _open_markup(file, text)
    if _WEB_ARCHIVE.match(text):
        raise SheetRefused("web_archive")
    if _TABLE.search(text):
        return HtmlWorkbook(file)
    return CsvWorkbook(file)


def _open_archive(file: Path, beginning: bytes) -> Workbook:
    if b"mimetypeapplication/vnd.oasis.opendocument" in beginning[:200]:
        return CalamineWorkbook(file)
    package = Package(file)
    try:
        workbook = find_workbook(package)
        if workbook.casefold().endswith(".bin"):  # XLSB, the same in binary parts
            package.archive.close()
            return CalamineWorkbook(file)
        return XlsxWorkbook(package, workbook)
    except BaseException:
        package.archive.close()
        raise


def _open_markup(file: Path, beginning: str) -> Workbook:
    """Open what programs save as .xls without it being one: XML, or a web page with a table."""
    if _SPREADSHEETML in beginning:
        return SpreadsheetMlWorkbook(file)
    if _WEB_PAGE.search(beginning) and _OPENDOCUMENT not in beginning:
        return HtmlWorkbook(file)
    raise SheetRefused("not_a_sheet")


def _has(file: Path, sought: bytes) -> bool:
    """Return whether bytes stand anywhere in a file, a piece at a time."""
    kept = b""
    with file.open("rb") as source:
        while piece := source.read(_BEGINNING):
            if sought in kept + piece:
                return True
            # What is sought may lie across two pieces.
            kept = piece[-len(sought) :]
    return False
