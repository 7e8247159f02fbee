"""The archive of an XLSX file: its parts by name, and the relationships that lead to them.

ECMA-376 part 2 (OPC): a workbook may stand under any name; programs write its usual place, others
do not. Names of parts do not differ by case, and targets are relative to the part that names them.
"""

import lzma
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple, Protocol
from urllib.parse import unquote
from xml.parsers import expat

from siweb.documents.spreadsheets.reading.cell import clean
from siweb.documents.spreadsheets.reading.refusal import SheetRefused

PIECE = 1 << 16
# What one part may come to when it is unpacked: a million full rows stay below.
MOST_BYTES = 1 << 30
# Sheets unpack to some 10 to 40 times their size; a small part may do as it likes.
SMALL, MOST_DENSE = 64 << 20, 200
MOST_PARTS = 2_000
MOST_RELATIONSHIPS = 10_000
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
_SEPARATOR = "}"
# Transitional first, as nearly all programs write it, then strict (ISO/IEC 29500-1).
MAIN_SPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_OFFICE = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
# How a part writes a letter that XML does not keep, or that would read as such an escape.
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
Attributes = dict[str, str]


class PartHandler(Protocol):
    """What is called for the elements of a part."""

    def start(self, name: str, attributes: Attributes) -> None: ...
    def end(self, name: str) -> None: ...
    def text(self, data: str) -> None: ...


class Relationship(NamedTuple):
    """Which part another one leads to: its kind, such as "worksheet", and its name."""

    kind: str
    part: str


class Package:
    """The parts of an archive, found by their names as OPC compares them."""

    def __init__(self, file: Path) -> None:
        try:
            self.archive = zipfile.ZipFile(file)
        except (*DAMAGED, ValueError):
            raise SheetRefused("broken") from None
        entries = self.archive.infolist()
        if len(entries) > MOST_PARTS:
            self.archive.close()
            raise SheetRefused("bomb")
        # Some programs write back-slashes into their archives.
        self._parts: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            self._parts.setdefault(_key(entry.filename), entry)

    def has(self, part: str) -> bool:
        """Return whether there is a part of that name."""
        return _key(part) in self._parts

    def relationships(self, part: str) -> dict[str, Relationship]:
        """Return by id what a part, or the package itself (""), leads to inside the package."""
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        found: dict[str, Relationship] = {}
        if not self.has(rels):
            return found

        def start(path: tuple[str, ...], attributes: Attributes) -> None:
            is_inside = attributes.get("TargetMode", "Internal") != "External"
            if path == ("Relationships", "Relationship") and is_inside:
                target = attributes.get("Target", "").replace("\\", "/")
                whole = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                kind = _relationship_kind(attributes.get("Type", ""))
                found[attributes.get("Id", "")] = Relationship(kind, whole)
                if len(found) > MOST_RELATIONSHIPS:
                    raise SheetRefused("bomb")

        self.parse_small(rels, start)
        return found

    def parse(
        self, part: str, handler: PartHandler, seen: Callable[[expat.XMLParserType], None]
    ) -> Iterator[None]:
        """Parse a part piece by piece, and yield after each, so that rows can be handed on.

        `seen` gets the parser first, so that a handler can leave out what it does not look for.

        :raises SheetRefused: "bomb" for one that unpacks too far or declares entities; "broken".
        """
        info = self._parts.get(_key(part))
        if info is None:
            raise SheetRefused("broken")
        is_too_dense = info.file_size > info.compress_size * MOST_DENSE
        if info.file_size > MOST_BYTES or (info.file_size > SMALL and is_too_dense):
            raise SheetRefused("bomb")
        parser = _parser()
        parser.StartElementHandler = handler.start
        parser.EndElementHandler = handler.end
        parser.CharacterDataHandler = handler.text
        seen(parser)
        try:
            with self.archive.open(info) as source:
                yield from _parse(parser, source)
        except SheetRefused:
            raise
        except (*DAMAGED, ValueError):
            raise SheetRefused("broken") from None
        except RuntimeError:  # what zipfile raises for an encrypted part
            raise SheetRefused("protected") from None

    def parse_small(self, part: str, start: Callable[[tuple[str, ...], Attributes], None]) -> None:
        """Parse a small part whole; `start` gets each element with the names of its parents."""
        for _piece in self.parse(part, _Paths(start), lambda _parser: None):
            pass

    def content(self, part: str, *, most: int) -> bytes | None:
        """Return a part as it stands, or None where it is missing or larger than `most` bytes."""
        info = self._parts.get(_key(part))
        if info is None or info.file_size > most:
            return None
        try:
            return self.archive.read(info)
        except (*DAMAGED, ValueError, RuntimeError):
            return None


class _Paths:
    """Hands on the elements of a part with where they stand."""

    def __init__(self, start: Callable[[tuple[str, ...], Attributes], None]) -> None:
        self.path: tuple[str, ...] = ()
        self.started = start

    def start(self, name: str, attributes: Attributes) -> None:
        if len(self.path) > _DEEPEST:
            raise SheetRefused("bomb")
        self.path = (*self.path, name)
        self.started(self.path, attributes)

    def end(self, _name: str) -> None:
        self.path = self.path[:-1]

    def text(self, data: str) -> None:
        pass


# Parts of a workbook nest some ten deep: more is made to exhaust the reader.
_DEEPEST = 200


def _key(name: str) -> str:
    return posixpath.normpath("/" + unquote(name.replace("\\", "/"))).lstrip("/").casefold()


def _relationship_kind(type_uri: str) -> str:
    for office in _OFFICE:
        if type_uri.startswith(office + "/"):
            return type_uri[len(office) + 1 :]
    return type_uri


def _parser() -> expat.XMLParserType:
    """Return a parser that names the elements of a spreadsheet without their namespace.

    Elements of any other namespace keep it before their name, so that none is taken for one of
    the spreadsheet: extension lists repeat names such as workbookPr. The table of interned names
    does it within the parser: what stands there for a name is what handlers are given, at no cost
    for each cell.
    """
    parser = expat.ParserCreate(None, _SEPARATOR, dict(_SHORT))
    parser.buffer_text = True
    parser.buffer_size = PIECE
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


_NAMES = [
    "workbook",
    "workbookPr",
    "sheets",
    "sheet",
    "worksheet",
    "sheetData",
    "row",
    "c",
    "v",
    "f",
    "is",
    "t",
    "r",
    "sst",
    "si",
    "styleSheet",
    "numFmts",
    "numFmt",
    "cellXfs",
    "xf",
    "cols",
    "col",
    "autoFilter",
    "sheetViews",
    "sheetView",
    "pane",
    "sheetFormatPr",
    "mergeCells",
    "mergeCell",
]
_SHORT = {
    **{f"{space}{_SEPARATOR}{name}": name for space in MAIN_SPACES for name in _NAMES},
    **{f"{space}{_SEPARATOR}id": "r:id" for space in _OFFICE},
    **{f"{_PACKAGE}{_SEPARATOR}{name}": name for name in ("Relationships", "Relationship")},
}


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


def _refuse_doctype(*_declaration: Any) -> None:
    raise SheetRefused("bomb")


def unescaped(text: str) -> str:
    """Return a string of a part as it was written: _x000D_ is the end of a line."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
        # A letter beyond the first 65,536 comes as two escapes.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return clean(text)
