"""Read a filer's sheet: its rows as the form for one person gives them, and what is unclear."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from siweb.documents.spreadsheets.reading.cell import NOT_CALCULATED, Cell, CellKind, RawRow
from siweb.documents.spreadsheets.reading.read_cells import open_workbook
from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from siweb.documents.spreadsheets.reading.workbook import Workbook
from siweb.filings.fields.choices import CHOICES
from siweb.filings.fields.field import Field, FieldType
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.finding import ERROR, INFO, WARNING, Finding, finding
from siweb.filings.fields.yearly_base import average_wage
from siweb.filings.sheets import values
from siweb.filings.sheets.asides import Asides
from siweb.filings.sheets.columns import reader_of
from siweb.filings.sheets.doubts import Doubts
from siweb.filings.sheets.find_list import FoundList, find_list
from siweb.filings.sheets.headings import Header
from siweb.filings.sheets.layout import FOUND, Layout
from siweb.filings.sheets.values import Unreadable
from siweb.rules.errors import NumberRefused
from siweb.rules.identifiers.identity_number import Sex, parse_identity_number

# As long as the register's column; a longer text is a note in the wrong place.
_LONGEST_NAME = 100
# Of a wrong value so much is quoted back: enough to find it in the sheet.
_SHOWN = 40
# What a program showed instead of a value, where the file does not say that it is an error.
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})
_NARROW = re.compile("#{3,}")
# What stands for a letter that the encoding of a file could not hold.
_LOST_LETTER, _LOST_IN_NAMES = "\ufffd", frozenset("?？")
REMEMBERED = 5_000
"""So many values of a column are read once: days, months and words repeat."""
_WITH_FINDING = frozenset({CellKind.FORMULA, CellKind.ERROR})
MOST_MONTHS = 12


@dataclass(slots=True)
class SheetRow:
    """One row: its number in the sheet, what it gives, and what could not be read in it."""

    number: int
    given: dict[str, Any]
    findings: list[Finding]


def read_rows(
    file: Path,
    kind: FilingKind,
    *,
    defaults: Mapping[str, Any] | None = None,
    layout: Layout = FOUND,
) -> Iterator[SheetRow]:
    """Yield the rows of a file by its content, whatever it is called.

    `defaults` are the answers for columns that the sheet has not, such as the first month. Titles
    above the headings, totals, notes, empty and example rows are left out.

    :raises SheetRefused: when the file as a whole cannot be read; also later, while reading.
    """
    with open_workbook(file) as workbook:
        found = find_list(workbook, kind, defaults or {}, layout)
        yield from list_rows(workbook, found, kind, defaults or {})


def list_rows(
    workbook: Workbook, found: FoundList, kind: FilingKind, defaults: Mapping[str, Any]
) -> Iterator[SheetRow]:
    """Yield the rows of the list that was found in a workbook.

    :raises SheetRefused: while reading, "broken" where numbers of rows do not rise, and
        "no_people" where there is none.
    """
    reader = RowReader(kind, found.header, dict(defaults), begins_1904=workbook.begins_1904)
    last, is_anybody = 0, False
    for row in workbook.rows(found.place):
        # Findings and corrections go by the number:
        # two rows under one would be taken for each other.
        if row.number <= last:
            raise SheetRefused("broken")
        last = row.number
        if row.number > found.header.number and (read := reader.read(row)):
            is_anybody = True
            yield read
    # A list of nobody would be kept as a filing with nothing to send.
    if not is_anybody:
        raise SheetRefused("no_people")


class RowReader:
    """Reads rows by the headings that were found."""

    def __init__(
        self, kind: FilingKind, header: Header, defaults: dict[str, Any], *, begins_1904: bool
    ) -> None:
        self.kind = kind
        self.header = header
        # Only for columns that the sheet has not: an empty cell is for its filer to fill.
        self.defaults = {
            name: value for name, value in defaults.items() if name not in header.fields
        }
        self.columns = [
            _ColumnReader(place, column, begins_1904=begins_1904)
            for place, column in header.columns.items()
        ]
        self.employer = ""
        self.order = tuple(column.name for column in header.needed(kind))
        self.needed = frozenset(self.order)
        self.doubts = Doubts(header)
        self.has_category = "retirement_category" in header.fields
        self.asides = Asides(header)

    def read(self, row: RawRow) -> SheetRow | None:
        """Return what a row gives, or None for one that is no row of anybody."""
        return None if self.asides.has(row.cells) else self.read_cells(row)

    def read_cells(self, row: RawRow) -> SheetRow:
        """Return what the cells of somebody's row give."""
        findings: list[Finding] = []
        if row.is_hidden:
            findings.append(finding("cell_hidden", WARNING))
        if self.header.employer is not None:
            self._hold_employer(row.cells, findings)
        given = self._values(row.cells, findings)
        if self.doubts.has_any:
            self.doubts.hold(row.cells, given, findings)
        if self.header.insurances:
            self._read_ticks(row.cells, given, findings)
        if not self._is_complete(given):
            self._name_missing(given, findings)
        if self.kind is FilingKind.BASE:
            _add_average(given, findings)
        if self.has_category and (findings or "retirement_category" in given):
            _drop_category_of_men(given, findings)
        return SheetRow(row.number, given, findings)

    def _values(self, cells: dict[int, Cell], findings: list[Finding]) -> dict[str, Any]:
        given = dict(self.defaults)
        for column in self.columns:
            cell = cells.get(column.place)
            if cell is not None and (value := column.value(cell, findings)) is not None:
                given[column.field] = value
        return given

    def _hold_employer(self, cells: dict[int, Cell], findings: list[Finding]) -> None:
        """Refuse rows of another employer than the first one's: a list is of one employer."""
        named = _shown(cells.get(self.header.employer or 0))
        self.employer = self.employer or named
        if named and named != self.employer:
            findings.append(finding("cell_other_employer", ERROR, text=named, first=self.employer))

    def _is_complete(self, given: dict[str, Any]) -> bool:
        return self.needed <= given.keys() and given.get("insurances") != []

    def _name_missing(self, given: dict[str, Any], findings: list[Finding]) -> None:
        unread = {found.facts.get("field") for found in findings if found.level == ERROR}
        findings.extend(
            finding("cell_missing", ERROR, field=field)
            for field in self.order
            if given.get(field) in (None, "", []) and field not in unread
        )

    def _read_ticks(
        self, cells: dict[int, Cell], given: dict[str, Any], findings: list[Finding]
    ) -> None:
        ticked = []
        for place, code in self.header.insurances.items():
            cell = cells.get(place)
            if cell == NOT_CALCULATED:
                findings.append(finding("cell_formula_empty", ERROR, field="insurances"))
                return
            try:
                if cell is not None and values.ticked(cell):
                    ticked.append(code)
            except Unreadable as unreadable:
                findings.append(
                    finding(unreadable.code, ERROR, field="insurances", text=_shown(cell))
                )
                return
        given["insurances"] = [code for code in CHOICES["insurance"] if code in ticked]


class _ColumnReader:
    """Reads the cells of one column; what does not change from cell to cell is found once."""

    __slots__ = ("before", "field", "is_name", "place", "read", "repeats")

    def __init__(self, place: int, field: Field, *, begins_1904: bool) -> None:
        self.place, self.field = place, field.name
        self.read = partial(reader_of(field), begins_1904=begins_1904)
        self.is_name = field.type is FieldType.NAME
        self.repeats = field.repeats
        self.before: dict[Cell, Any] = {}

    def value(self, cell: Cell, findings: list[Finding]) -> Any:
        """Return what a cell says, or None with a finding that says why it says nothing."""
        if not self.repeats:
            return self._value(cell, findings)
        # None is never remembered as an answer: what does not read is named in every row anew.
        value = self.before.get(cell)
        if value is None:
            value = self._value(cell, findings)
            if len(self.before) < REMEMBERED and cell.kind not in _WITH_FINDING:
                self.before[cell] = value
        return value

    def _value(self, cell: Cell, findings: list[Finding]) -> Any:
        kind, text = cell
        if kind in _WITH_FINDING or text[:1] == "#":
            if code := _says_nothing(cell):
                return self._refuse(code, cell, findings)
            if kind is CellKind.FORMULA:
                findings.append(finding("cell_formula", INFO, field=self.field))
        if _LOST_LETTER in text or (self.is_name and not _LOST_IN_NAMES.isdisjoint(text)):
            return self._refuse("cell_letters", cell, findings)
        try:
            value = self.read(cell)
        except Unreadable as unreadable:
            return self._refuse(unreadable.code, cell, findings)
        if self.is_name and len(value) > _LONGEST_NAME:
            findings.append(finding("name_too_long", ERROR, field=self.field))
            return None
        return value

    def _refuse(self, code: str, cell: Cell, findings: list[Finding]) -> None:
        facts = {} if cell == NOT_CALCULATED else {"text": _shown(cell)}
        findings.append(finding(code, ERROR, field=self.field, **facts))


def _says_nothing(cell: Cell) -> str:
    """Return the code of what a program showed where there was no value, else ""."""
    if cell.kind is CellKind.ERROR or cell.text in _ERRORS or _NARROW.fullmatch(cell.text):
        return "cell_error"
    return "cell_formula_empty" if cell == NOT_CALCULATED else ""


def _shown(cell: Cell | None) -> str:
    return "" if cell is None else values.plain(cell.text)[:_SHOWN]


def _add_average(given: dict[str, Any], findings: list[Finding]) -> None:
    total, months = given.get("total_wage_fen"), given.get("months")
    if total is None or months is None:
        return
    if not 1 <= months <= MOST_MONTHS:
        findings.append(finding("number_range", ERROR, field="months"))
        return
    given["wage_fen"] = average_wage(total, months)


def _drop_category_of_men(given: dict[str, Any], findings: list[Finding]) -> None:
    """Take out what the column of a woman's post has for a man, whether it reads or not."""
    try:
        is_man = parse_identity_number(given.get("id_number", "")).sex is Sex.MALE
    except NumberRefused:
        return
    if is_man:
        given.pop("retirement_category", None)
        findings[:] = [
            found for found in findings if found.facts.get("field") != "retirement_category"
        ]
