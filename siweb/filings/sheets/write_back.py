"""Give a filer's own sheet back: the same cells, one more column that says what is wrong, marks.

Values are kept as they stand, formulas as what they came to; of XLSX also widths, number formats,
styles, frozen panes and the filter. The column is no column of any filing, so the corrected sheet
can be uploaded as it is.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import IO, Any

from siweb.documents.spreadsheets.reading.cell import Cell, CellKind, RawRow, spelled_out
from siweb.documents.spreadsheets.reading.read_cells import open_workbook
from siweb.documents.spreadsheets.reading.workbook import Workbook
from siweb.documents.spreadsheets.reading.xlsx.appearance import Appearance, AppearanceHandler
from siweb.documents.spreadsheets.reading.xlsx.read_xlsx import XlsxWorkbook
from siweb.documents.spreadsheets.sheet import neutral
from siweb.documents.spreadsheets.sheet_copy import Written, column_letters, write_copy
from siweb.documents.spreadsheets.style_sheet import (
    DAY_FORMAT,
    MOMENT_FORMAT,
    MOST_BYTES,
    TEXT_FORMAT,
    StyleSheet,
)
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.sheets.find_list import FoundList, find_list
from siweb.filings.sheets.layout import FOUND, Layout

Marks = Mapping[int, tuple[list[str], set[str]]]
"""By row of the sheet: the sentences about it, and the fields whose cells are marked."""
# A program keeps so many digits of a number; more before the point stay text.
_LONGEST_NUMBER = 15
_WIDTH, _WIDE = "18", "60"
_TITLE = "核对"


def write_back(
    source: Path,
    kind: FilingKind,
    target: IO[bytes],
    marks: Marks,
    *,
    heading: str,
    defaults: Mapping[str, Any] | None = None,
    layout: Layout = FOUND,
    only_marked: bool = False,
) -> None:
    """Write the marked sheet as XLSX, row by row; or its headings and the marked rows alone.

    :raises SheetRefused: when the file cannot be read any more.
    """
    with open_workbook(source) as workbook:
        found = find_list(workbook, kind, defaults or {}, layout)
        copy = _Copy(workbook, found, marks, heading, only_marked=only_marked)
        write_copy(
            target,
            found.name or _TITLE,
            copy.rows(),
            copy.appearance,
            copy.styles,
            begins_1904=workbook.begins_1904,
        )


@dataclass(slots=True)
class _Source:
    """The rows of the sheet that came in, and how it looks."""

    rows: Callable[[], Iterator[RawRow]]
    appearance: Appearance
    styles: StyleSheet
    filled: set[int]


def _read_source(workbook: Workbook, place: int) -> _Source:
    """Read the sheet once for its look and its columns: the column that is added must be free."""
    filled: set[int] = set()
    if not isinstance(workbook, XlsxWorkbook):
        for row in workbook.rows(place):
            filled.update(row.cells)
        widths = [(column + 1, column + 1, {"width": _WIDTH}) for column in sorted(filled)]
        return _Source(
            lambda: workbook.rows(place), Appearance(columns=widths), StyleSheet(None), filled
        )
    handler = AppearanceHandler(workbook)
    for row in workbook.read(place, handler):
        filled.update(row.cells)
    part = workbook.parts.styles or ""
    styles = StyleSheet(workbook.package.content(part, most=MOST_BYTES))
    return _Source(
        lambda: workbook.read(place, AppearanceHandler(workbook)),
        handler.appearance,
        styles,
        filled,
    )


class _Copy:
    """The rows of the sheet as they are written."""

    def __init__(
        self,
        workbook: Workbook,
        found: FoundList,
        marks: Marks,
        heading: str,
        *,
        only_marked: bool,
    ) -> None:
        header = found.header
        self.source = _read_source(workbook, found.place)
        self.appearance, self.styles = self.source.appearance, self.source.styles
        self.marks, self.heading, self.only_marked = marks, heading, only_marked
        self.last_heading = header.number
        self.fields = {place: column.name for place, column in header.columns.items()}
        self.fields |= dict.fromkeys(header.insurances, "insurances")
        self.id_place = next(p for p, field in self.fields.items() if field == "id_number")
        last = max(self.fields)
        # A stray cell far to the right does not take the sentences with it.
        self.added = next(place for place in count(last + 1) if place not in self.source.filled)
        self._set_columns()
        self._keep_ranges()

    def rows(self) -> Iterator[tuple[int, list[Written]]]:
        """Yield the rows under their numbers; marked rows alone follow each other."""
        number = 0
        for row in self.source.rows():
            is_above = row.number <= self.last_heading
            if is_above or not self.only_marked:
                number = row.number
            elif row.number in self.marks:
                number = max(number, self.last_heading) + 1
            else:
                continue
            yield number, self._cells(row)

    def _cells(self, row: RawRow) -> list[Written]:
        sentences, fields = self.marks.get(row.number, ([], set()))
        cells = [
            self._cell(row, place, cell, is_marked=self.fields.get(place) in fields)
            for place, cell in sorted(row.cells.items())
        ]
        if row.number == self.last_heading:
            heading = max((place for place in row.cells if place < self.added), default=0)
            cells.append((self.added, neutral(self.heading), False, self._base(row, heading)))
        elif sentences:
            style = self.styles.variant(0, is_marked=True, wraps=True)
            cells.append((self.added, neutral("；".join(sentences)), False, style))
        return sorted(cells)

    def _cell(self, row: RawRow, place: int, cell: Cell, *, is_marked: bool) -> Written:
        base = self._base(row, place)
        text, is_number = _written(cell)
        number_format = ""
        if place == self.id_place and row.number > self.last_heading:
            # As text, so that a spreadsheet does not cut the number when it is corrected.
            text, is_number, number_format = spelled_out(cell.text), False, TEXT_FORMAT
        elif cell.kind is CellKind.DAY and not self.styles.is_taken_over:
            number_format = MOMENT_FORMAT if "." in cell.text else DAY_FORMAT
        style = self.styles.variant(base, number_format=number_format, is_marked=is_marked)
        return place, text if is_number else neutral(text), is_number, style

    def _base(self, row: RawRow, place: int) -> int:
        if row.styles is None or not self.styles.is_taken_over:
            return 0
        return self.styles.style(row.styles.get(place, "0"))

    def _set_columns(self) -> None:
        """Keep the widths, make the column of ID numbers text, and the added one wide."""
        columns = self.appearance.columns
        for column in columns:
            style = column[2].pop("style", None)
            if style is not None and self.styles.is_taken_over:
                column[2]["style"] = str(self.styles.style(style))
        before = next((c[2] for c in columns if c[0] <= self.id_place + 1 <= c[1]), {})
        text_style = self.styles.variant(int(before.get("style", "0")), number_format=TEXT_FORMAT)
        id_column = {"width": _WIDTH, "customWidth": "1"} | before | {"style": str(text_style)}
        columns = _replaced(columns, self.id_place + 1, id_column)
        added = {"width": _WIDE, "customWidth": "1"}
        self.appearance.columns = _replaced(columns, self.added + 1, added)

    def _keep_ranges(self) -> None:
        """Keep merged cells where the same rows are under the same numbers, and the filter."""
        appearance, letters = self.appearance, column_letters(self.added)
        last = self.last_heading if self.only_marked else None
        appearance.merged = [
            merged
            for merged in appearance.merged
            if (last is None or merged[3] <= last) and not _spans(merged, letters)
        ]
        if appearance.filter is not None and self.only_marked:
            left, first, right, end = appearance.filter
            appearance.filter = left, min(first, self.last_heading), right, end


def _replaced(
    columns: list[tuple[int, int, dict[str, str]]], number: int, attributes: dict[str, str]
) -> list[tuple[int, int, dict[str, str]]]:
    """Return the columns with other attributes for one of them, counted from 1."""
    found = [(number, number, attributes)]
    for first, last, before in columns:
        if first <= number <= last:
            found += [(first, number - 1, before)] if first < number else []
            found += [(number + 1, last, before)] if number < last else []
        else:
            found.append((first, last, before))
    return sorted(found, key=lambda column: column[0])


def _spans(merged: tuple[str, int, str, int], letters: str) -> bool:
    def order(name: str) -> tuple[int, str]:
        return len(name), name

    return order(merged[0]) <= order(letters) <= order(merged[2])


def _written(cell: Cell) -> tuple[str, bool]:
    """Return the text of a cell, and whether it is written as a number, digit by digit."""
    if cell.kind not in {CellKind.NUMBER, CellKind.DAY}:
        return cell.text, False
    number = spelled_out(cell.text)
    # Behind the point more digits than a number keeps are noise.
    is_short = len(number.partition(".")[0].removeprefix("-")) <= _LONGEST_NUMBER
    is_plain = number.replace(".", "", 1).removeprefix("-")
    return number, is_short and is_plain.isascii() and is_plain.isdigit()
