"""Assign the columns of a list whose headings nobody knows: what the page offers, and reads."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from siweb.documents.spreadsheets.reading.cell import Cell, CellKind, RawRow
from siweb.documents.spreadsheets.reading.preview import Preview, TabPreview
from siweb.documents.spreadsheets.sheet_copy import column_letters
from siweb.filings.fields.field import Field
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.finding import ERROR, finding
from siweb.filings.sheets import values
from siweb.filings.sheets.cell_texts import text_of, words_of
from siweb.filings.sheets.columns import reader_of
from siweb.filings.sheets.headings import (
    Header,
    columns_by_field,
    find_header,
    folded,
    header_at,
)
from siweb.filings.sheets.layout import NO_COLUMN, Layout
from siweb.filings.validation.validate_rows import as_kept

_SAMPLES, _LONGEST_SAMPLE, _LONGEST_TYPED = 3, 24, 100
MOST_ROWS_OFFERED = 15


@dataclass(frozen=True, slots=True)
class Offered:
    """A column of the list: its letters, its heading, and what stands in its first rows."""

    place: int
    heading: str
    samples: tuple[str, ...]

    @property
    def letters(self) -> str:
        """What the column is called in a spreadsheet program."""
        return column_letters(self.place)


@dataclass(slots=True)
class FieldChoice:
    """A field of the kind: which column it is, or one value for the whole list."""

    column: Field
    place: int
    typed: str = ""
    error: dict[str, Any] | None = None

    @property
    def name(self) -> str:
        return self.column.name

    @property
    def words(self) -> list[str]:
        return words_of(self.column)

    @property
    def takes_value(self) -> bool:
        """Whether many people can share it: nobody shares a number or a name."""
        return self.column.repeats


@dataclass(slots=True)
class Assignment:
    """What the page shows: sheets, rows that may have the headings, columns, fields."""

    kind: FilingKind
    tabs: list[str]
    tab: str
    heading_row: int
    heading_rows: list[tuple[int, str]]
    offered: list[Offered]
    fields: list[FieldChoice]
    ticks: list[str]
    rows: list[RawRow] = field(default_factory=list)

    @property
    def has_errors(self) -> bool:
        return any(choice.error for choice in self.fields)

    def layout(self) -> Layout:
        """Return what was chosen."""
        columns = {
            choice.name: choice.place
            for choice in self.fields
            # Columns that are ticked for each insurance stand for the one that lists them.
            if not (choice.name == "insurances" and self.ticks and self._is_unanswered(choice))
        }
        return Layout(self.tab, self.heading_row, columns)

    def values(self) -> dict[str, Any]:
        """Return the values for the whole list; call `read` first."""
        found = {}
        for choice in self.fields:
            if choice.place == NO_COLUMN and choice.typed and choice.takes_value:
                found[choice.name] = reader_of(choice.column)(Cell(CellKind.TEXT, choice.typed))
        return found

    def answers(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """Return what counts for the whole list; what was answered before and cleared is gone."""
        shown = {choice.name for choice in self.fields}
        return {name: value for name, value in before.items() if name not in shown} | self.values()

    def headings(self) -> dict[str, str]:
        """Return what the headings of the chosen columns mean, to be remembered."""
        by_place = {column.place: folded(column.heading) for column in self.offered}
        return {
            by_place[choice.place]: choice.name
            for choice in self.fields
            if by_place.get(choice.place)
        }

    def read(self, typed: Mapping[str, str]) -> None:
        """Take what was chosen; what is wrong stands with its field afterwards."""
        places = {column.place for column in self.offered}
        used: set[int] = set()
        for choice in self.fields:
            place = typed.get(f"column-{choice.name}", "")
            # The last column that Excel has is number 16,383, counted from 0.
            is_place = place.isascii() and place.isdigit() and len(place) <= 5  # noqa: PLR2004
            choice.place = int(place) if is_place and int(place) in places else NO_COLUMN
            choice.typed = typed.get(f"value-{choice.name}", "").strip()[:_LONGEST_TYPED]
            choice.error = self._wrong(choice, used)
            used.add(choice.place)
        # Only then: a field that was chosen wrongly would be called missing as well.
        if not self.has_errors:
            self._find_missing()

    def _wrong(self, choice: FieldChoice, used: set[int]) -> dict[str, Any] | None:
        if choice.place in used and choice.place != NO_COLUMN:
            return _error("column_used_twice", choice)
        if choice.place == NO_COLUMN and choice.typed and choice.takes_value:
            try:
                reader_of(choice.column)(Cell(CellKind.TEXT, choice.typed))
            except values.Unreadable as unreadable:
                return _error(unreadable.code, choice)
        return None

    def _find_missing(self) -> None:
        header = header_at(self.kind, self.rows, self.layout())
        missing = {column.name for column in header.missing(self.kind, self.values())}
        for choice in self.fields:
            if choice.name in missing:
                code = "value_missing" if choice.takes_value else "column_missing"
                choice.error = _error(code, choice)

    @staticmethod
    def _is_unanswered(choice: FieldChoice) -> bool:
        return choice.place == NO_COLUMN and not choice.typed


def assignment(
    kind: FilingKind,
    shown: Preview,
    layout: Layout,
    defaults: Mapping[str, Any],
    *,
    tab: str | None = None,
    heading_row: int | None = None,
    without: Collection[str] = (),
) -> Assignment:
    """Return what the page begins with: what is found by itself, and what was answered before.

    Fields in `without` are asked for only where a column of the list names them.
    """
    chosen = _chosen_tab(kind, shown, layout, tab)
    if heading_row is not None or tab is not None:
        # Another sheet or row was asked for: columns of before are not of this one.
        layout = Layout(headings=layout.headings)
    row = layout.heading_row if heading_row is None else heading_row
    row = _likely_row(kind, chosen.rows, layout) if row is None else row
    here = replace(layout, heading_row=row)
    header = find_header(kind, chosen.rows, here) or header_at(kind, chosen.rows, here)
    places = {column.name: place for place, column in header.columns.items()}
    return Assignment(
        kind=kind,
        tabs=[other.name for other in shown.tabs if other.rows],
        tab=chosen.name,
        heading_row=row,
        heading_rows=[
            (raw.number, _shortened("、".join(cell.text for cell in raw.cells.values())))
            for raw in chosen.rows[:MOST_ROWS_OFFERED]
        ],
        offered=offered_columns(chosen.rows, row, begins_1904=shown.begins_1904),
        fields=[
            FieldChoice(column, places.get(name, NO_COLUMN), text_of(column, defaults.get(name)))
            for name, column in columns_by_field(kind).items()
            if name not in without or name in places
        ],
        ticks=list(header.insurances.values()),
        rows=chosen.rows,
    )


def _chosen_tab(kind: FilingKind, shown: Preview, layout: Layout, asked: str | None) -> TabPreview:
    """Return the sheet that was asked for, else the first with headings, else the first filled."""
    filled = [tab for tab in shown.tabs if tab.rows]
    wanted = asked if asked is not None else layout.sheet
    named = [tab for tab in filled if tab.name == wanted]
    visible = [tab for tab in filled if tab.is_visible]
    listed = [tab for tab in visible if find_header(kind, tab.rows, layout)]
    return next(iter([*named, *listed, *visible, *filled]), TabPreview("", True, []))


def _likely_row(kind: FilingKind, rows: list[RawRow], layout: Layout) -> int:
    """Return the row that most likely has the headings: the first of those with most texts."""
    header: Header | None = find_header(kind, rows, layout)
    if header is not None:
        return header.number
    best = max(
        rows[:MOST_ROWS_OFFERED],
        key=lambda row: sum(not _has_digit(cell.text) for cell in row.cells.values()),
        default=None,
    )
    return 0 if best is None else best.number


def offered_columns(rows: list[RawRow], heading_row: int, *, begins_1904: bool) -> list[Offered]:
    """Return the columns that a list has, with their headings and first cells."""
    below = [row for row in rows if row.number > heading_row]
    heads = {row.number: row.cells for row in rows if row.number <= heading_row}
    places = sorted(
        {place for row in below for place in row.cells} | set(heads.get(heading_row, {}))
    )
    found = []
    for place in places:
        samples = [
            _shown(row.cells[place], begins_1904=begins_1904) for row in below if place in row.cells
        ]
        # A heading that spans others stands in the row above.
        heading = next(
            (
                heads[number][place].text
                for number in (heading_row, heading_row - 1, heading_row - 2)
                if place in heads.get(number, {})
            ),
            "",
        )
        found.append(Offered(place, heading, tuple(dict.fromkeys(samples))[:_SAMPLES]))
    return found


def _shown(cell: Cell, *, begins_1904: bool) -> str:
    if cell.kind is CellKind.DAY:
        try:
            return values.day(cell, begins_1904=begins_1904)
        except values.Unreadable:
            return cell.text
    return _shortened(values.plain(cell.text))


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_SAMPLE else text[:_LONGEST_SAMPLE] + "…"


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def _error(code: str, choice: FieldChoice) -> dict[str, Any]:
    (kept,) = as_kept(
        [finding(code, ERROR, field=choice.name, text=choice.typed[:_LONGEST_SAMPLE])]
    )
    return kept
