"""Find the row of headings, for each field the column that says it best, and in which unit."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as default_of
from functools import lru_cache
from typing import Any

from siweb.documents.spreadsheets.reading.cell import RawRow
from siweb.filings.fields.choices import CHOICES
from siweb.filings.fields.field import Field, FieldType
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.sheets import values
from siweb.filings.sheets.columns import AVERAGE, ID_NUMBER, columns_of, columns_read
from siweb.filings.sheets.layout import FOUND, Layout

# Whatever stands in brackets, stars for what is needed, and signs do not make another heading.
_ASIDE = re.compile(r"[（(\[【].*?[)）\]】]|[*＊:：\s_/\\-]")
_EMPLOYER = frozenset(
    {"统一社会信用代码", "单位编号", "单位名称", "用人单位", "用人单位名称", "公司名称", "单位全称"}
)
# Letterheads, instructions and signatures stand above many lists; a whole file is not searched.
_LOOKED_AT = 40
# One known word may stand in any sentence; two in one row make headings.
_ENOUGH = 2
# Headings that span others stand in up to so many rows above and below each other.
_MOST_ABOVE = _MOST_BELOW = 2
_AVERAGES = re.compile(r"平均|均工资|均收入|average", re.IGNORECASE)
# What a heading says of its unit: in brackets, or behind a stroke; a line above the list, alone.
_BRACKETED = re.compile(r"[(\[【]([^)\]】]*)[)\]】]|/([^/]+)\Z")
_OTHER_MONEY = r"[万千百]元?|[美港欧日]元|美金|港币|日币|usd|hkd|us\$|\$|k"
_OTHER_UNIT = re.compile(
    rf"(?:(?:金额)?单位:?)?(?:人民币)?(?:{_OTHER_MONEY})(?:/.*)?"
    r"|元?/?[年天日时]薪?|元?/小时|每[年天日]|按[年天日]"
)
_UNIT_LINE = re.compile(rf".*单位:(?:人民币)?(?:{_OTHER_MONEY})\W*")


@dataclass(slots=True)
class Header:
    """Where the columns stand: by place their column, or the insurance that is ticked there."""

    number: int
    columns: dict[int, Field]
    insurances: dict[int, str]
    # Where the rows name their employer, if they do.
    employer: int | None = None
    # By place of a column where another one has the same heading: which one counts is not sure.
    doubles: dict[int, list[int]] = default_of(default_factory=dict)
    # By place of a column of amounts what its heading says of their unit, where it is not yuan.
    units: dict[int, str] = default_of(default_factory=dict)
    # Where an average stands that total and months are held against.
    average: int | None = None

    @property
    def width(self) -> int:
        """Return how many columns it names."""
        return len(self.columns) + len(self.insurances)

    @property
    def fields(self) -> set[str]:
        """Return what the sheet has columns for."""
        there = {column.name for column in self.columns.values()}
        return there | {"insurances"} if self.insurances else there

    def needed(self, kind: FilingKind) -> list[Field]:
        """Return the columns that every row needs."""
        return [column for column in columns_read(kind, self.fields) if column.is_needed]

    def missing(self, kind: FilingKind, defaults: Mapping[str, Any]) -> list[Field]:
        """Return the needed columns that neither the sheet nor the form has."""
        there = self.fields | set(defaults)
        return [column for column in self.needed(kind) if column.name not in there]


def find_header(kind: FilingKind, rows: list[RawRow], layout: Layout = FOUND) -> Header | None:
    """Return the heading row among the first rows: the one that names most columns.

    Where headings span others, the rows above and below belong to them. What the filer answered
    about the list goes before what its headings say.
    """
    best: Header | None = None
    upper: Mapping[int, str] = {}
    for number, headings in _heading_rows(rows, layout):
        header = _header(kind, number, headings, layout)
        is_complete = ID_NUMBER in header.columns.values() and header.width >= _ENOUGH
        # Strictly more: of two equal rows the upper one has the headings,
        # the lower may repeat them.
        if is_complete and (best is None or header.width > best.width):
            best, upper = header, headings
    if best is None or not best.number:
        return best
    by_number = {row.number: row for row in rows}
    named = _columns_by_heading(kind).keys() | _insurances_by_heading(kind).keys()
    headings, first = dict(upper), best.number
    for number in range(best.number - 1, best.number - 1 - _MOST_ABOVE, -1):
        row = by_number.get(number)
        # Where the row below has a heading of its own, what stands above it is a group of them.
        found = {} if row is None else _recognised(row, named)
        if found:
            headings, first = found | headings, number
    last = best.number
    while (row := by_number.get(last + 1)) and last - best.number < _MOST_BELOW:
        if not _is_lower(kind, best, row):
            break
        headings, last = headings | _recognised(row, named), row.number
    header = _header(kind, last, headings, layout)
    amounts = [p for p, column in header.columns.items() if column.type is FieldType.MONEY]
    # Only now: the unit of an amount may stand in the lowest row of headings that span others.
    header.units = _other_units([row for row in rows if row.number <= last], amounts, first)
    return header


def _recognised(row: RawRow, named: Collection[str]) -> dict[int, str]:
    return {place: text for place, text in _folded_row(row).items() if text in named}


def header_at(kind: FilingKind, rows: list[RawRow], layout: Layout) -> Header:
    """Return what the row of headings of a layout names, though it may lack what a list needs."""
    number = layout.heading_row or 0
    headings = next((_folded_row(row) for row in rows if row.number == number), {})
    return _header(kind, number, headings, layout)


def _heading_rows(rows: list[RawRow], layout: Layout) -> Iterator[tuple[int, Mapping[int, str]]]:
    """Yield the rows that may have the headings; where the list has none, nothing for row 0."""
    if layout.heading_row == 0:
        yield 0, {}
    for row in rows[:_LOOKED_AT]:
        if layout.heading_row in {None, row.number}:
            yield row.number, _folded_row(row)


def _is_lower(kind: FilingKind, upper: Header, row: RawRow) -> bool:
    """Tell whether the row below the headings goes on with them: it names nobody."""
    columns, insurances = _columns_by_heading(kind), _insurances_by_heading(kind)
    lower = _folded_row(row)
    for place, column in upper.columns.items():
        is_of_person = column.name in {"id_number", "name"} and place in lower
        if is_of_person and columns.get(lower[place], (0, None))[1] is not column:
            return False
    has_heading = any(text in columns or text in insurances for text in lower.values())
    return has_heading and not any(letter.isdigit() for text in lower.values() for letter in text)


def _header(kind: FilingKind, number: int, headings: Mapping[int, str], layout: Layout) -> Header:
    """Return the columns that headings name, the best one for each field."""
    by_heading, ticks = _columns_by_heading(kind), _insurances_by_heading(kind)
    by_field = columns_by_field(kind)
    assigned = {field: place for field, place in layout.columns.items() if field in by_field}
    found: dict[str, tuple[int, int, Field]] = {}
    insurances: dict[int, str] = {}
    meant: dict[str, list[int]] = {}
    for place, heading in sorted(headings.items()):
        remembered = by_field.get(layout.headings.get(heading, ""))
        # What the filer assigned takes its column away from every heading that would claim it.
        if place in assigned.values():
            continue
        if remembered is not None or heading in by_heading:
            # Better than the best of a field's own headings: this employer once said what it means.
            rank, column = (-1, remembered) if remembered else by_heading[heading]
            if remembered is not None:
                meant.setdefault(column.name, []).append(place)
            if column.name not in found or rank < found[column.name][0]:
                found[column.name] = rank, place, column
        elif heading in ticks and "insurances" not in assigned:
            insurances[place] = ticks[heading]
    # After all own headings:
    # the day of leaving takes 减员日期 only where the stop month left it over.
    _find_spare(by_field, headings, found)
    for field, place in assigned.items():
        found.pop(field, None)
        if place >= 0:
            found[field] = -1, place, by_field[field]
    read = columns_read(kind, found)
    columns = {place: column for _rank, place, column in found.values() if column in read}
    employer = next((place for place, text in sorted(headings.items()) if text in _EMPLOYER), None)
    averages = {place for _rank, place, column in found.values() if column not in read}
    return Header(
        number,
        dict(sorted(columns.items())),
        insurances,
        employer,
        {
            place: others
            for place, column in columns.items()
            if column.name not in assigned
            and (others := _alike(headings, place, meant.get(column.name, [])))
        },
        average=next((p for p in averages if _AVERAGES.search(headings.get(p, ""))), None),
    )


def _alike(headings: Mapping[int, str], place: int, meant: Collection[int]) -> list[int]:
    """Return the other columns with the same heading, or with one that means the same since."""
    heading = headings.get(place)
    same = {other for other, text in headings.items() if text == heading}
    return sorted((same | {*meant}) - {place})


def _find_spare(
    by_field: Mapping[str, Field],
    headings: Mapping[int, str],
    found: dict[str, tuple[int, int, Field]],
) -> None:
    """Give columns that no field needs to fields that would take them."""
    used = {place for _rank, place, _column in found.values()}
    for field, column in by_field.items():
        spare = {_unsigned(heading) for heading in column.spare_headings}
        for place, heading in sorted(headings.items()):
            if field not in found and heading in spare and place not in used:
                found[field] = len(column.headings), place, column


def _folded_row(row: RawRow) -> dict[int, str]:
    return {place: folded(cell.text) for place, cell in row.cells.items()}


@lru_cache(maxsize=len(FilingKind))
def columns_by_field(kind: FilingKind) -> Mapping[str, Field]:
    """Return the columns of a kind by their fields, the average of a yearly base among them."""
    average = [AVERAGE] if kind is FilingKind.BASE else []
    return {column.name: column for column in (*columns_of(kind), *average)}


@lru_cache(maxsize=len(FilingKind))
def _columns_by_heading(kind: FilingKind) -> Mapping[str, tuple[int, Field]]:
    """Return by heading its column, and how good a heading it is: the lower the better."""
    return {
        _unsigned(heading): (rank, column)
        # Backwards, so that of one heading in two fields the first field and the best rank win.
        for column in reversed([*columns_by_field(kind).values()])
        for rank, heading in reversed([*enumerate((*column.headings, column.name))])
    }


@lru_cache(maxsize=len(FilingKind))
def _insurances_by_heading(kind: FilingKind) -> Mapping[str, str]:
    if kind is not FilingKind.HIRE:
        return {}
    return {
        _unsigned(word): code
        for code, words in CHOICES["insurance"].items()
        for word in (code, *words)
    }


def folded(heading: str) -> str:
    """Return a heading without what does not make it another one; 元 is what amounts are in."""
    return _unsigned(values.plain(heading))


def _unsigned(heading: str) -> str:
    """Return a heading in half-width letters, as the fields' own are, without its signs."""
    return _ASIDE.sub("", heading).casefold().removesuffix("元")


def _other_units(rows: list[RawRow], places: Collection[int], first: int) -> dict[int, str]:
    """Return by place of an amount what the headings say of its unit, where that is not yuan.

    `rows` go down to the last row of headings, `first` is the number of the first; a line above
    the headings speaks for all amounts.
    """
    found: dict[int, str] = {}
    for row in rows:
        for place, cell in row.cells.items():
            text = "".join(values.plain(cell.text).casefold().split())
            if row.number < first and _UNIT_LINE.fullmatch(text):
                found |= dict.fromkeys(places, text)
            elif row.number >= first and place in places and _says_other_unit(text):
                found[place] = text
    return found


def _says_other_unit(heading: str) -> bool:
    asides = (bracketed or behind for bracketed, behind in _BRACKETED.findall(heading))
    return any(_OTHER_UNIT.fullmatch(aside) for aside in asides)
