"""Find the row of headings, and for each field the column that says it best."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from siweb.documents.spreadsheets.reading.cell import RawRow
from siweb.filings.fields.choices import CHOICES
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.sheets import values
from siweb.filings.sheets.columns import AVERAGE, ID_NUMBER, Column, columns_of, columns_read

# Whatever stands in brackets, stars for what is needed, and signs do not make another heading.
_ASIDE = re.compile(r"[（(\[【].*?[)）\]】]|[*＊:：\s_/\\-]")
_EMPLOYER = frozenset({"统一社会信用代码", "单位编号", "单位名称", "用人单位", "用人单位名称"})
_LOOKED_AT = 40
_ENOUGH = 2


@dataclass(slots=True)
class Header:
    """Where the columns stand: by place their column, or the insurance that is ticked there."""

    number: int
    columns: dict[int, Column]
    insurances: dict[int, str]
    # Where the rows name their employer, if they do.
    employer: int | None = None

    @property
    def fields(self) -> set[str]:
        """Return what the sheet has columns for."""
        there = {column.field for column in self.columns.values()}
        return there | {"insurances"} if self.insurances else there

    def needed(self, kind: FilingKind) -> list[Column]:
        """Return the columns that every row needs."""
        return [one for one in columns_read(kind, self.fields) if one.is_needed]

    def missing(self, kind: FilingKind, defaults: Mapping[str, Any]) -> list[Column]:
        """Return the needed columns that neither the sheet nor the form has."""
        there = self.fields | set(defaults)
        return [one for one in self.needed(kind) if one.field not in there]


def find_header(kind: FilingKind, rows: list[RawRow]) -> Header | None:
    """Return the heading row among the first rows: the one that names most columns.

    Where a heading spans others in the row below, both rows are the headings.
    """
    best: Header | None = None
    place = 0
    for number, row in enumerate(rows[:_LOOKED_AT]):
        header = _header(kind, row.number, _folded_row(row))
        is_one = ID_NUMBER in header.columns.values() and _known_in(header) >= _ENOUGH
        if is_one and (best is None or _known_in(header) > _known_in(best)):
            best, place = header, number
    below = rows[place + 1 : place + 2]
    if best is None or not below or not _is_lower(kind, best, below[0]):
        return best
    known = _columns_by_heading(kind).keys() | _insurances_by_heading(kind).keys()
    lower = {place: said for place, said in _folded_row(below[0]).items() if said in known}
    return _header(kind, below[0].number, _folded_row(rows[place]) | lower)


def _is_lower(kind: FilingKind, upper: Header, row: RawRow) -> bool:
    """Tell whether the row below the headings goes on with them: it names nobody."""
    known, lower = _columns_by_heading(kind), _folded_row(row)
    for place, column in upper.columns.items():
        is_of_person = column.field in {"id_number", "name"} and place in lower
        if is_of_person and known.get(lower[place], (0, None))[1] is not column:
            return False
    has_heading = any(one in known or one in _insurances_by_heading(kind) for one in lower.values())
    has_digit = any(letter.isdigit() for one in lower.values() for letter in one)
    return has_heading and not has_digit and row.number == upper.number + 1


def _known_in(header: Header) -> int:
    return len(header.columns) + len(header.insurances)


def _header(kind: FilingKind, number: int, headings: Mapping[int, str]) -> Header:
    """Return the columns that headings name, the best one for each field."""
    known, ticks = _columns_by_heading(kind), _insurances_by_heading(kind)
    found: dict[str, tuple[int, int, Column]] = {}
    insurances: dict[int, str] = {}
    for place, heading in sorted(headings.items()):
        if heading in known:
            rank, column = known[heading]
            if column.field not in found or rank < found[column.field][0]:
                found[column.field] = rank, place, column
        elif heading in ticks:
            insurances[place] = ticks[heading]
    read = columns_read(kind, found)
    columns = {place: column for _rank, place, column in found.values() if column in read}
    employer = next((place for place, one in sorted(headings.items()) if one in _EMPLOYER), None)
    return Header(number, dict(sorted(columns.items())), insurances, employer)


def _folded_row(row: RawRow) -> dict[int, str]:
    return {place: _folded(cell.text) for place, cell in row.cells.items()}


@lru_cache(maxsize=len(FilingKind))
def _columns_by_heading(kind: FilingKind) -> Mapping[str, tuple[int, Column]]:
    """Return by heading its column, and how good a heading it is: the lower the better."""
    columns = [*columns_of(kind), *([AVERAGE] if kind is FilingKind.BASE else [])]
    return {
        _folded(heading): (rank, column)
        for column in reversed(columns)
        for rank, heading in reversed([*enumerate((*column.headings, column.field))])
    }


@lru_cache(maxsize=len(FilingKind))
def _insurances_by_heading(kind: FilingKind) -> Mapping[str, str]:
    if kind is not FilingKind.HIRE:
        return {}
    return {
        _folded(word): code
        for code, words in CHOICES["insurance"].items()
        for word in (code, *words)
    }


def _folded(heading: str) -> str:
    return _ASIDE.sub("", values.plain(heading)).casefold()
