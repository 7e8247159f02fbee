"""Read an XLSX file row by row: memory does not grow with the rows, and every digit is seen.

An own reader, since those there are load a sheet whole, lose the last digits of an ID number that
was saved as a number, or do not say that a cell is a formula.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from siweb.documents.spreadsheets.reading.cell import RawRow
from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from siweb.documents.spreadsheets.reading.workbook import Tab, Workbook
from siweb.documents.spreadsheets.reading.xlsx.package import Package
from siweb.documents.spreadsheets.reading.xlsx.rows import SheetHandler, rows_of, shared_strings

# The numbers of built-in formats that show a day (ECMA-376 part 1, 18.8.30; 27 to 58 are of
# Chinese, Japanese and Korean versions).
_DAY_FORMATS = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
# What a format shows as it stands: quoted text, colours and conditions, escaped or spaced letters.
# Chinese versions escape with an exclamation mark.
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|[\\_*!].')
# Not 年月日: 0000年00月 shows the number 202611, a day has letters for its digits beside them.
_DAY_LETTERS = re.compile(r"[ymdhs]", re.IGNORECASE)
_TRUE = frozenset({"1", "true"})
_USUAL_WORKBOOK = "xl/workbook.xml"
_WORKBOOK = ("workbook",)
_PROPERTIES, _SHEET = (*_WORKBOOK, "workbookPr"), (*_WORKBOOK, "sheets", "sheet")
_FORMAT, _STYLE = ("styleSheet", "numFmts", "numFmt"), ("styleSheet", "cellXfs", "xf")


@dataclass(frozen=True, slots=True)
class WorkbookParts:
    """Where the parts of a workbook stand: its sheets with their names, and what they share."""

    sheets: tuple[tuple[Tab, str], ...]
    begins_1904: bool
    strings: str | None
    styles: str | None


class XlsxWorkbook(Workbook):
    """An XLSX file; also one with macros, of which only the values are read."""

    def __init__(self, package: Package, workbook: str) -> None:
        self.package = package
        self.parts = _find_parts(package, workbook)
        self.tabs = [tab for tab, _part in self.parts.sheets]
        self.begins_1904 = self.parts.begins_1904

    def rows(self, place: int) -> Iterator[RawRow]:
        """Yield the filled rows of a sheet."""
        return self.read(place, SheetHandler(self.strings, self.day_styles))

    def read(self, place: int, sheet: "SheetHandler") -> Iterator[RawRow]:
        """Yield the filled rows of a sheet as a handler makes them."""
        return rows_of(self.package, self.parts.sheets[place][1], sheet)

    @cached_property
    def strings(self) -> Sequence[str]:
        """The strings that all sheets share."""
        part = self.parts.strings
        return [] if part is None else shared_strings(self.package, part)

    @cached_property
    def day_styles(self) -> frozenset[str]:
        """The numbers of the styles that show a day."""
        part = self.parts.styles
        return frozenset() if part is None else _day_styles(self.package, part)

    def close(self) -> None:
        """Close the archive."""
        self.package.archive.close()


def find_workbook(package: Package) -> str:
    """Return the name of the main part: as the package says, else where programs put it.

    :raises SheetRefused: "not_a_sheet".
    """
    main = [part for kind, part in package.relationships("").values() if kind == "officeDocument"]
    for part in (*main, _USUAL_WORKBOOK):
        if package.has(part):
            return part
    raise SheetRefused("not_a_sheet")


def _find_parts(package: Package, workbook: str) -> WorkbookParts:
    """Return the parts that a workbook leads to.

    :raises SheetRefused: "not_a_sheet" for a text or slides, or "broken".
    """
    # Only in these places: an extension list may hold a workbookPr of another namespace.
    found = package.elements(workbook, _WORKBOOK, _PROPERTIES, _SHEET)
    if not found:
        raise SheetRefused("not_a_sheet")
    targets = package.relationships(workbook)
    sheets = []
    begins_1904 = False
    for place, attributes in found:
        target = targets.get(attributes.get("r:id", ""))
        if place == _PROPERTIES:
            begins_1904 = attributes.get("date1904", "0") in _TRUE
        elif place == _SHEET and target and target.kind == "worksheet" and package.has(target.part):
            is_visible = attributes.get("state", "visible") == "visible"
            sheets.append((Tab(attributes.get("name", ""), is_visible), target.part))
    shared = {kind: part for kind, part in targets.values() if package.has(part)}
    return WorkbookParts(
        tuple(sheets),
        begins_1904,
        shared.get("sharedStrings") or _usual(package, workbook, "sharedStrings.xml"),
        shared.get("styles") or _usual(package, workbook, "styles.xml"),
    )


def _usual(package: Package, workbook: str, name: str) -> str | None:
    """Return a part beside the workbook that no relationship names, as careless programs do."""
    part = f"{workbook.rpartition('/')[0]}/{name}"
    return part if package.has(part) else None


def _day_styles(package: Package, styles: str) -> frozenset[str]:
    """Return the numbers of the cell styles that show a number as a day."""
    custom: dict[str, bool] = {}
    formats: list[str] = []
    # By their places: differential formats (dxfs) have numFmt and other lists xf as well.
    for place, attributes in package.elements(styles, _FORMAT, _STYLE):
        if place == _FORMAT:
            code = _LITERAL.sub("", attributes.get("formatCode", ""))
            custom[attributes.get("numFmtId", "0")] = bool(_DAY_LETTERS.search(code))
        else:
            formats.append(attributes.get("numFmtId", "0"))
    return frozenset(
        str(number)
        for number, form in enumerate(formats)
        if custom.get(form, form.isdigit() and int(form) in _DAY_FORMATS)
    )
