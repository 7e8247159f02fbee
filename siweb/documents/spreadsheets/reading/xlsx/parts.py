"""The small parts of an XLSX file: its sheets by name, what is a day, the shared strings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from siweb.documents.spreadsheets.reading.cell import LONGEST_CELL
from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from siweb.documents.spreadsheets.reading.workbook import Tab
from siweb.documents.spreadsheets.reading.xlsx.package import Attributes, Package, unescaped
from siweb.documents.spreadsheets.reading.xlsx.skipping import Skipping

# Each is kept; a file of 500,000 rows with 6 different texts a row is the largest seen.
MOST_STRINGS = 3_000_000
# All shared strings together; they are kept while rows are read.
MOST_LETTERS = 100_000_000
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


@dataclass(frozen=True, slots=True)
class WorkbookParts:
    """Where the parts of a workbook stand: its sheets with their names, and what they share."""

    sheets: tuple[tuple[Tab, str], ...]
    begins_1904: bool
    strings: str | None
    styles: str | None


def find_workbook(package: Package) -> str:
    """Return the name of the main part: as the package says, else where programs put it.

    :raises SheetRefused: "not_a_sheet".
    """
    main = [part for kind, part in package.relationships("").values() if kind == "officeDocument"]
    for part in (*main, _USUAL_WORKBOOK):
        if package.has(part):
            return part
    raise SheetRefused("not_a_sheet")


def find_parts(package: Package, workbook: str) -> WorkbookParts:
    """Return the parts that a workbook leads to.

    :raises SheetRefused: "not_a_sheet" for a text or slides, or "broken".
    """
    named: list[tuple[str, str, str]] = []
    root, begins_1904 = "", False

    def start(path: tuple[str, ...], attributes: Attributes) -> None:
        nonlocal root, begins_1904
        root = root or path[0]
        if path == ("workbook", "sheets", "sheet"):
            state = attributes.get("state", "visible")
            named.append((attributes.get("r:id", ""), attributes.get("name", ""), state))
        elif path == ("workbook", "workbookPr"):
            # Only here: an extension list may hold a workbookPr of another namespace.
            begins_1904 = attributes.get("date1904", "0") in _TRUE

    package.parse_small(workbook, start)
    if root != "workbook":
        raise SheetRefused("not_a_sheet")
    targets = package.relationships(workbook)
    sheets = tuple(
        (Tab(name, state == "visible"), targets[key].part)
        for key, name, state in named
        if key in targets and targets[key].kind == "worksheet" and package.has(targets[key].part)
    )
    shared = {kind: part for kind, part in targets.values() if package.has(part)}
    return WorkbookParts(
        sheets,
        begins_1904,
        shared.get("sharedStrings") or _usual(package, workbook, "sharedStrings.xml"),
        shared.get("styles") or _usual(package, workbook, "styles.xml"),
    )


def _usual(package: Package, workbook: str, name: str) -> str | None:
    """Return a part beside the workbook that no relationship names, as careless programs do."""
    part = f"{workbook.rpartition('/')[0]}/{name}"
    return part if package.has(part) else None


def day_styles(package: Package, styles: str | None) -> frozenset[str]:
    """Return the numbers of the cell styles that show a number as a day."""
    if styles is None:
        return frozenset()
    custom: dict[str, bool] = {}
    formats: list[str] = []

    def start(path: tuple[str, ...], attributes: Attributes) -> None:
        # With their parents: differential formats (dxfs) have numFmt and other lists xf as well.
        if path == ("styleSheet", "numFmts", "numFmt"):
            code = _LITERAL.sub("", attributes.get("formatCode", ""))
            custom[attributes.get("numFmtId", "0")] = bool(_DAY_LETTERS.search(code))
        elif path == ("styleSheet", "cellXfs", "xf"):
            formats.append(attributes.get("numFmtId", "0"))

    package.parse_small(styles, start)
    return frozenset(
        str(number)
        for number, form in enumerate(formats)
        if custom.get(form, form.isdigit() and int(form) in _DAY_FORMATS)
    )


def shared_strings(package: Package, part: str | None) -> Iterator[str]:
    """Yield the strings that cells refer to by number."""
    if part is None:
        return
    strings, count = _Strings(), 0
    for _piece in package.parse(part, strings, strings.begin):
        count += len(strings.ready)
        if count > MOST_STRINGS:
            raise SheetRefused("bomb")
        yield from strings.ready
        strings.ready.clear()


class _Strings(Skipping):
    """The shared strings as they are parsed; how they sound (rPh) is no part of them."""

    __slots__ = ("is_text", "letters", "parts", "ready", "size")

    def __init__(self) -> None:
        self.ready: list[str] = []
        self.parts: list[str] = []
        self.is_text = False
        self.size = 0
        self.letters = 0

    def start(self, name: str, _attributes: Attributes) -> None:
        if name == "si":
            self.parts.clear()
            self.size = 0
        elif name == "t":
            self.is_text = True
        elif name not in {"r", "sst"}:
            self.skip()

    def end(self, name: str) -> None:
        if name == "si":
            self.ready.append(unescaped("".join(self.parts)))
        elif name == "t":
            self.is_text = False

    def text(self, data: str) -> None:
        if self.is_text:
            self.parts.append(data)
            self.size += len(data)
            self.letters += len(data)
            if self.size > LONGEST_CELL or self.letters > MOST_LETTERS:
                raise SheetRefused("bomb")
