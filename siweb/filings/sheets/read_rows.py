"""Read a filer's sheet: its rows as the form for one person gives them, and what is unclear."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

from siweb.documents.spreadsheets.reading.cell import UNRECKONED, Cell, CellKind, RawRow
from siweb.documents.spreadsheets.reading.read_cells import read_raw
from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from siweb.filings.fields.choices import CHOICES
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.finding import ERROR, INFO, WARNING, Finding, finding
from siweb.filings.fields.yearly_base import average_wage
from siweb.filings.sheets import values
from siweb.filings.sheets.columns import Column
from siweb.filings.sheets.header import Header, find_header
from siweb.filings.sheets.values import Unreadable
from siweb.rules.errors import NumberRefused
from siweb.rules.identifiers.identity_number import Sex, parse_identity_number
from siweb.rules.identifiers.typed_number import NUMBER_LENGTH

LOOKED_AT = 40
EXAMPLES = ("(示例)", "(example)")
# What stands first in a total, and in the lines below a list.
_NOBODY = re.compile(
    r"合计|总计|小计|共计|人数合计|总人数|total|共\d+人|制表人|填表人|(审核|复核)[人员]?([:(]|$)"
    r"|(制表|填表|填报人?|经办人?|审批人?|(单位)?负责人|联系人|备注|说明|注)[:(]"
)
# Most of a number at least, or one that a spreadsheet wrote short.
_NUMBER = re.compile(r"\D?\d[\s\dXx×]{8,}(\.0)?|\d(\.\d+)?[eE]\+?\d+")
_LONGEST_NAME = 100
_SHOWN = 40
KNOWN = 5_000
"""So many values of a column are read once: days, months and words repeat."""
_TOLD = frozenset({CellKind.FORMULA, CellKind.ERROR})
_BRACKETS = frozenset({"(", "（"})
_NOTHING = Cell(CellKind.TEXT, "")
MOST_MONTHS = 12


@dataclass(slots=True)
class SheetRow:
    """One row: its number in the sheet, what it gives, and what could not be read in it."""

    number: int
    given: dict[str, Any]
    findings: list[Finding]


def read_rows(
    file: Path, kind: FilingKind, *, defaults: Mapping[str, Any] | None = None
) -> Iterator[SheetRow]:
    """Yield the rows of a file, XLSX, XLS, ODS or CSV by its content.

    `defaults` are the answers for columns that the sheet has not, such as the first month. Titles
    above the headings, totals, empty and example rows are left out.

    :raises SheetRefused: when the file as a whole cannot be read; also later, while reading.
    """
    sheet = read_raw(file)
    first = list(islice(sheet.rows, LOOKED_AT))
    if not first:
        raise SheetRefused("empty")
    header = find_header(kind, first)
    if header is None:
        raise SheetRefused("no_columns")
    given = dict(defaults or {})
    missing = header.missing(kind, given)
    if missing:
        raise SheetRefused("columns_missing", columns=[one.headings[0] for one in missing])
    reader = RowReader(kind, header, given, begins_1904=sheet.begins_1904)
    last = header.number
    for row in chain((row for row in first if row.number > header.number), sheet.rows):
        if row.number <= last:
            raise SheetRefused("broken")
        last = row.number
        if read := reader.read(row):
            yield read


class RowReader:
    """Reads rows by the headings that were found."""

    def __init__(
        self, kind: FilingKind, header: Header, defaults: dict[str, Any], *, begins_1904: bool
    ) -> None:
        self.kind = kind
        self.header = header
        # Only for columns that the sheet has not: an empty cell is for its filer to fill.
        self.defaults = {name: said for name, said in defaults.items() if name not in header.fields}
        self.columns = [
            (place, column, partial(column.read, begins_1904=begins_1904), dict[Cell, Any]())
            for place, column in header.columns.items()
        ]
        self.employer = ""
        self.needed = [one.field for one in header.needed(kind)]
        places = {column.field: place for place, column in header.columns.items()}
        self.has_category = "retirement_category" in header.fields
        self.id_place, self.name_place = places["id_number"], places.get("name")

    def read(self, row: RawRow) -> SheetRow | None:
        """Return what a row gives, or None for one that is no row of anybody."""
        return None if self._is_aside(row.cells) else self.read_cells(row)

    def read_cells(self, row: RawRow) -> SheetRow:
        """Return what the cells of somebody's row give."""
        findings = list[Finding]()
        if row.is_hidden:
            findings.append(finding("cell_hidden", WARNING))
        if self.header.employer is not None:
            self._hold_employer(row.cells, findings)
        given = self._values(row.cells, findings)
        if self.header.insurances:
            self._take_ticks(row.cells, given, findings)
        if not self._is_complete(given):
            self._name_missing(given, findings)
        if self.kind is FilingKind.BASE:
            _add_average(given, findings)
        if self.has_category and (findings or "retirement_category" in given):
            _drop_category_of_men(given, findings)
        return SheetRow(row.number, given, findings)

    def _values(self, cells: dict[int, Cell], findings: list[Finding]) -> dict[str, Any]:
        given = dict(self.defaults)
        for place, column, read, known in self.columns:
            cell = cells.get(place)
            if cell is None:
                continue
            value = known.get(cell)
            if value is None:
                value = _value(column, cell, read, findings)
                if column.repeats and len(known) < KNOWN and cell.kind not in _TOLD:
                    known[cell] = value
            if value is not None:
                given[column.field] = value
        return given

    def _hold_employer(self, cells: dict[int, Cell], findings: list[Finding]) -> None:
        """Refuse rows of another employer than the first one's: a list is of one employer."""
        said = _said(cells.get(self.header.employer or 0))
        self.employer = self.employer or said
        if said and said != self.employer:
            findings.append(finding("cell_other_employer", ERROR, text=said, first=self.employer))

    def _is_complete(self, given: dict[str, Any]) -> bool:
        return all(field in given for field in self.needed) and given.get("insurances") != []

    def _name_missing(self, given: dict[str, Any], findings: list[Finding]) -> None:
        unread = {one.facts.get("field") for one in findings if one.level == ERROR}
        findings.extend(
            finding("cell_missing", ERROR, field=field)
            for field in self.needed
            if given.get(field) in (None, "", []) and field not in unread
        )

    def _is_aside(self, cells: dict[int, Cell]) -> bool:
        """Tell a total, an example, or a note below the table from a row of somebody."""
        name = cells.get(self.name_place, _NOTHING) if self.name_place is not None else _NOTHING
        if name.text[:1] in _BRACKETS and values.plain(name.text).casefold().startswith(EXAMPLES):
            return True
        number = cells.get(self.id_place)
        said = number.text if number is not None else ""
        if (len(said) == NUMBER_LENGTH and said[:-1].isdigit()) or _NUMBER.fullmatch(said):
            return False
        if _says_nobody(cells[min(cells)]) or _says_nobody(name):
            return True
        if number is not None and (number == UNRECKONED or any(map(str.isdigit, number.text))):
            return False
        # Formulas that were filled down beyond the list make nobody.
        there = {place for place, cell in cells.items() if cell != UNRECKONED}
        places = {*self.header.columns, *self.header.insurances}
        return self.name_place not in cells and not there & places

    def _take_ticks(
        self, cells: dict[int, Cell], given: dict[str, Any], findings: list[Finding]
    ) -> None:
        ticked = []
        for place, code in self.header.insurances.items():
            cell = cells.get(place)
            if cell == UNRECKONED:
                findings.append(finding("cell_formula_empty", ERROR, field="insurances"))
                return
            try:
                if cell is not None and values.ticked(cell):
                    ticked.append(code)
            except Unreadable as unreadable:
                findings.append(
                    finding(unreadable.code, ERROR, field="insurances", text=_said(cell))
                )
                return
        given["insurances"] = [one for one in CHOICES["insurance"] if one in ticked]


def _says_nobody(cell: Cell) -> bool:
    said = "".join(values.plain(cell.text).split()).casefold()
    return _NOBODY.match(said) is not None


def _value(column: Column, cell: Cell, read: Any, findings: list[Finding]) -> Any:
    """Return what a cell says, or None with a finding that says why it says nothing."""
    field = column.field
    if cell.kind is CellKind.ERROR:
        findings.append(finding("cell_error", ERROR, field=field, text=_said(cell)))
        return None
    if cell == UNRECKONED:
        findings.append(finding("cell_formula_empty", ERROR, field=field))
        return None
    if cell.kind is CellKind.FORMULA:
        findings.append(finding("cell_formula", INFO, field=field))
    try:
        value = read(cell)
    except Unreadable as unreadable:
        findings.append(finding(unreadable.code, ERROR, field=field, text=_said(cell)))
        return None
    if field in {"name", "new_name"} and len(value) > _LONGEST_NAME:
        findings.append(finding("name_too_long", ERROR, field=field))
        return None
    return value


def _said(cell: Cell | None) -> str:
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
    """Take out what the column of a woman's post says about a man, known word or not."""
    try:
        is_man = parse_identity_number(given.get("id_number", "")).sex is Sex.MALE
    except NumberRefused:
        return
    if is_man:
        given.pop("retirement_category", None)
        findings[:] = [one for one in findings if one.facts.get("field") != "retirement_category"]
