"""The archive of an XLSX file: its parts by name, and the relationships that lead to them.

ECMA-376 part 2 (OPC): a workbook may stand under any name; programs write its usual place, others
do not. Names of parts do not differ by case, and targets are relative to the part that names them.
"""

import lzma
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote
from xml.parsers import expat

from siweb.documents.spreadsheets.reading.refusal import SheetRefused

PIECE = 1 << 16
# What one part may come to when it is unpacked: a million full rows stay below.
MOST_BYTES = 1 << 30
# Sheets unpack to some 10 to 40 times their size; a small part may do as it likes.
SMALL, MOST_DENSE = 64 << 20, 200
MOST_PARTS = 2_000
# Of a small part: more than the 65,490 styles that a workbook may have.
MOST_ELEMENTS = 100_000
_ENCRYPTED = 1
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
Attributes = dict[str, str]
Place = tuple[str, ...]
"""Where an element stands: the names of those around it, and its own."""


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
        for _place, attributes in self.elements(rels, ("Relationships", "Relationship")):
            if attributes.get("TargetMode", "Internal") != "External":
                target = attributes.get("Target", "").replace("\\", "/")
                whole = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                kind = _relationship_kind(attributes.get("Type", ""))
                found[attributes.get("Id", "")] = Relationship(kind, whole)
        return found

    def pieces(self, part: str, parser: expat.XMLParserType) -> Iterator[bytes]:
        """Yield the bytes of a part for a parser, nothing at its end.

        :raises SheetRefused: "bomb" for a part that unpacks too far, or whose tag does not end;
            "protected"; "broken" where there is none.
        """
        info = self._parts.get(_key(part))
        if info is None:
            raise SheetRefused("broken")
        is_too_dense = info.file_size > info.compress_size * MOST_DENSE
        if info.file_size > MOST_BYTES or (info.file_size > SMALL and is_too_dense):
            raise SheetRefused("bomb")
        if info.flag_bits & _ENCRYPTED:
            raise SheetRefused("protected")
        fed = 0
        with self.archive.open(info) as source:
            while piece := source.read(PIECE):
                yield piece
                fed += len(piece)
                if fed - parser.CurrentByteIndex > LONGEST_TAG:
                    raise SheetRefused("bomb")
        yield b""

    def elements(self, part: str, *places: Place) -> list[tuple[Place, Attributes]]:
        """Return the elements of a small part that stand in one of some places, in their order.

        :raises SheetRefused: as `pieces` does, and "broken".
        """
        found = _Elements(frozenset(places))
        parser = make_parser()
        parser.StartElementHandler, parser.EndElementHandler = found.start, found.end
        with damage_refused():
            for piece in self.pieces(part, parser):
                parser.Parse(piece, not piece)
        return found.found

    def content(self, part: str, *, most: int) -> bytes | None:
        """Return a part as it stands, or None where it is missing or larger than `most` bytes."""
        info = self._parts.get(_key(part))
        if info is None or info.file_size > most:
            return None
        try:
            return self.archive.read(info)
        except (*DAMAGED, ValueError, RuntimeError):
            return None


class _Elements:
    """Keeps the elements of a part that stand in one of some places."""

    def __init__(self, places: frozenset[Place]) -> None:
        self.sought = places
        self.place: Place = ()
        self.found: list[tuple[Place, Attributes]] = []

    def start(self, name: str, attributes: Attributes) -> None:
        if len(self.place) > _DEEPEST or len(self.found) > MOST_ELEMENTS:
            raise SheetRefused("bomb")
        self.place = (*self.place, name)
        if self.place in self.sought:
            self.found.append((self.place, attributes))

    def end(self, _name: str) -> None:
        self.place = self.place[:-1]


# Parts of a workbook nest some ten deep: more is made to exhaust the reader.
_DEEPEST = 200


def _key(name: str) -> str:
    return posixpath.normpath("/" + unquote(name.replace("\\", "/"))).lstrip("/").casefold()


def _relationship_kind(type_uri: str) -> str:
    for office in _OFFICE:
        if type_uri.startswith(office + "/"):
            return type_uri[len(office) + 1 :]
    return type_uri


def make_parser() -> expat.XMLParserType:
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
    "workbook", "workbookPr", "sheets", "sheet", "worksheet", "sheetData", "row", "c", "v", "f",
    "is", "t", "r", "sst", "si", "styleSheet", "numFmts", "numFmt", "cellXfs", "xf", "cols", "col",
    "autoFilter", "sheetViews", "sheetView", "pane", "sheetFormatPr", "mergeCells", "mergeCell",
]  # fmt: skip
_SHORT = {
    **{f"{space}{_SEPARATOR}{name}": name for space in MAIN_SPACES for name in _NAMES},
    **{f"{space}{_SEPARATOR}id": "r:id" for space in _OFFICE},
    **{f"{_PACKAGE}{_SEPARATOR}{name}": name for name in ("Relationships", "Relationship")},
}


@contextmanager
def damage_refused() -> Iterator[None]:
    """Refuse as "broken" what is raised where a part is damaged, or is not what it must be."""
    try:
        yield
    except SheetRefused:
        raise
    except (*DAMAGED, ValueError):
        raise SheetRefused("broken") from None


def _refuse_doctype(*_declaration: Any) -> None:
    raise SheetRefused("bomb")
