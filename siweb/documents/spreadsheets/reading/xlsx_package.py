"""The small parts of an XLSX file: which sheet is first, what is a day, the shared strings."""

import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any
from xml.parsers import expat

from siweb.documents.spreadsheets.reading.cell import LONGEST_CELL, clean
from siweb.documents.spreadsheets.reading.refusal import SheetRefused

PIECE = 1 << 16
# What one part may come to when it is unpacked: a million full rows stay below.
MOST_BYTES = 1 << 30
# Sheets unpack to some 10 to 40 times their size; a small part may do as it likes.
SMALL, MOST_DENSE = 64 << 20, 200
MOST_STRINGS = 3_000_000
# All shared strings together; they are kept while rows are read.
MOST_LETTERS = 100_000_000
MOST_PARTS = 2_000
# An unfinished tag that goes on longer than this is none.
LONGEST_TAG = 4 << 20
# What is raised for an archive or a part in which bytes were changed.
DAMAGED = (
    expat.ExpatError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
)
_DAY_FORMATS = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
# How a part says a letter that XML does not keep, or that would read as such an escape.
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DAY_LETTERS = re.compile(r"[ymdhs年月日]", re.IGNORECASE)
Attributes = dict[str, str]


@dataclass(slots=True)
class Parts:
    """What the sheet is read with: its name in the archive, the day styles, 1904 or 1900."""

    sheet: str
    day_styles: frozenset[str]
    begins_1904: bool
    strings: list[str] = field(default_factory=list)


def open_parts(archive: zipfile.ZipFile) -> Parts:
    """Return the parts of an archive's first visible sheet.

    :raises SheetRefused: "macros", "bomb", "broken" or "no_sheet".
    """
    names = archive.namelist()
    if len(names) > MOST_PARTS:
        raise SheetRefused("bomb")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise SheetRefused("macros")
    sheet, begins_1904 = _first_sheet(archive)
    return Parts(sheet, _day_styles(archive), begins_1904, list(_shared_strings(archive)))


def parse_part(
    archive: zipfile.ZipFile,
    name: str,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> Iterator[None]:
    """Parse a part piece by piece, and yield after each, so that rows can be handed on.

    :raises SheetRefused: "bomb" for one that unpacks too far or declares entities, or "broken".
    """
    try:
        info = archive.getinfo(name)
    except KeyError:
        raise SheetRefused("broken") from None
    is_too_dense = info.file_size > info.compress_size * MOST_DENSE
    if info.file_size > MOST_BYTES or (info.file_size > SMALL and is_too_dense):
        raise SheetRefused("bomb")
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = PIECE
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        with archive.open(info) as source:
            yield from _parse(parser, source)
    except SheetRefused:
        raise
    except (*DAMAGED, ValueError):
        raise SheetRefused("broken") from None
    except RuntimeError:  # what zipfile says of an encrypted part
        raise SheetRefused("protected") from None


def _parse(parser: expat.XMLParserType, source: IO[bytes]) -> Iterator[None]:
    fed = 0
    while piece := source.read(PIECE):
        parser.Parse(piece)
        fed += len(piece)
        if fed - parser.CurrentByteIndex > LONGEST_TAG:
            raise SheetRefused("bomb")
        yield
    parser.Parse(b"", True)
    yield


def _refuse_doctype(*_given: Any) -> None:
    raise SheetRefused("bomb")


def unescaped(text: str) -> str:
    """Return a string of a part as it was written: _x000D_ is the end of a line."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
        # A letter beyond the first 65,536 comes as two escapes.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return clean(text)


def local(name: str) -> str:
    """Return an element's name without its prefix."""
    return name.rpartition(":")[2]


def _first_sheet(archive: zipfile.ZipFile) -> tuple[str, bool]:
    sheets: list[tuple[str, str]] = []
    begins_1904 = False

    def start(name: str, attributes: Attributes) -> None:
        nonlocal begins_1904
        if local(name) == "sheet":
            target = next((v for k, v in attributes.items() if local(k) == "id"), "")
            sheets.append((target, attributes.get("state", "visible")))
        elif local(name) == "workbookPr":
            begins_1904 = attributes.get("date1904", "0") in {"1", "true"}

    _all(parse_part(archive, "xl/workbook.xml", start))
    targets = _targets(archive)
    for target, state in sheets:
        path = targets.get(target)
        if state == "visible" and path in archive.namelist():
            return path, begins_1904
    raise SheetRefused("no_sheet")


def _targets(archive: zipfile.ZipFile) -> dict[str, str]:
    found: dict[str, str] = {}

    def start(name: str, attributes: Attributes) -> None:
        is_inside = attributes.get("TargetMode", "Internal") != "External"
        if local(name) == "Relationship" and is_inside:
            target = attributes.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if attributes.get("Type", "").endswith("/worksheet"):
                found[attributes.get("Id", "")] = path

    _all(parse_part(archive, "xl/_rels/workbook.xml.rels", start))
    return found


def _day_styles(archive: zipfile.ZipFile) -> frozenset[str]:
    """Return the numbers of the cell styles that show a number as a day."""
    if "xl/styles.xml" not in archive.namelist():
        return frozenset()
    custom: dict[int, bool] = {}
    styles: list[int] = []
    is_inside = False

    def start(name: str, attributes: Attributes) -> None:
        nonlocal is_inside
        if local(name) == "numFmt":
            code = _LITERAL.sub("", attributes.get("formatCode", ""))
            custom[int(attributes.get("numFmtId", "0"))] = bool(_DAY_LETTERS.search(code))
        elif local(name) == "cellXfs":
            is_inside = True
        elif local(name) == "xf" and is_inside:
            styles.append(int(attributes.get("numFmtId", "0")))

    def end(name: str) -> None:
        nonlocal is_inside
        if local(name) == "cellXfs":
            is_inside = False

    _all(parse_part(archive, "xl/styles.xml", start, end))
    return frozenset(
        str(number)
        for number, form in enumerate(styles)
        if form in _DAY_FORMATS or custom.get(form, False)
    )


class _Strings:
    """The shared strings as they are parsed; how they sound (rPh) is no part of them."""

    def __init__(self) -> None:
        self.ready: list[str] = []
        self.parts: list[str] = []
        self.is_text = False
        self.aside = 0
        self.size = 0
        self.letters = 0

    def start(self, name: str, _attributes: Attributes) -> None:
        name = local(name)
        if name == "si":
            self.parts.clear()
            self.size = 0
        elif name == "rPh":
            self.aside += 1
        elif name == "t":
            self.is_text = not self.aside

    def end(self, name: str) -> None:
        name = local(name)
        if name == "si":
            self.ready.append(unescaped("".join(self.parts)))
        elif name == "rPh":
            self.aside -= 1
        elif name == "t":
            self.is_text = False

    def text(self, data: str) -> None:
        if self.is_text:
            self.parts.append(data)
            self.size += len(data)
            self.letters += len(data)
            if self.size > LONGEST_CELL or self.letters > MOST_LETTERS:
                raise SheetRefused("bomb")


def _shared_strings(archive: zipfile.ZipFile) -> Iterator[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return
    strings, count = _Strings(), 0
    pieces = parse_part(archive, "xl/sharedStrings.xml", strings.start, strings.end, strings.text)
    for _piece in pieces:
        count += len(strings.ready)
        if count > MOST_STRINGS:
            raise SheetRefused("bomb")
        yield from strings.ready
        strings.ready.clear()


def _all(pieces: Iterator[None]) -> None:
    for _piece in pieces:
        pass
