"""Find the list in a workbook: the sheet that has the headings, whichever it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from siweb.documents.spreadsheets.reading.cell import RawRow
from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from siweb.documents.spreadsheets.reading.workbook import Workbook
from siweb.filings.fields.field import Field
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.sheets.asides import Asides
from siweb.filings.sheets.headings import Header, find_header
from siweb.filings.sheets.layout import FOUND, Layout

# Titles, notes and signatures stand above the headings; nobody begins a list further down.
FIRST_ROWS = 40
"""So many filled rows of a sheet are searched for the headings."""


@dataclass(frozen=True, slots=True)
class FoundList:
    """The sheet with the list, where its columns stand, and which other sheets are not read."""

    place: int
    name: str
    header: Header
    unread: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    place: int
    header: Header
    missing: list[Field]
    has_people: bool


def find_list(
    workbook: Workbook,
    kind: FilingKind,
    defaults: Mapping[str, Any],
    layout: Layout = FOUND,
) -> FoundList:
    """Return the list of a workbook.

    Several sheets with a list are never read in part in silence: which one is meant is asked,
    since a workbook may have a sheet for each month.

    :raises SheetRefused: "no_sheet", "empty", "no_columns", "columns_missing", "several_lists".
    """
    beginnings = workbook.beginnings(FIRST_ROWS)
    places = [place for place, tab in enumerate(workbook.tabs) if tab.is_visible]
    if not places:
        raise SheetRefused("no_sheet")
    filled = [place for place in places if beginnings[place]]
    if not filled:
        # Shown sheets may be empty where the list is on a hidden one.
        raise SheetRefused("no_sheet" if any(beginnings) else "empty")
    asked = [place for place in filled if workbook.tabs[place].name == layout.sheet] or filled
    found = [
        candidate
        for place in asked
        if (candidate := _candidate(kind, place, beginnings[place], defaults, layout))
    ]
    if not found:
        raise SheetRefused("no_columns")
    chosen = _chosen(workbook, found)
    if chosen.missing:
        raise SheetRefused(
            "columns_missing",
            columns=[column.headings[0] for column in chosen.missing],
            fields=[column.name for column in chosen.missing],
        )
    hidden_lists = [
        place
        for place, tab in enumerate(workbook.tabs)
        if not tab.is_visible
        and (candidate := _candidate(kind, place, beginnings[place], defaults, FOUND))
        and candidate.has_people
    ]
    unread = [place for place in sorted([*filled, *hidden_lists]) if place != chosen.place]
    return FoundList(
        chosen.place,
        workbook.tabs[chosen.place].name,
        chosen.header,
        tuple(workbook.tabs[place].name for place in unread),
    )


def _chosen(workbook: Workbook, found: Sequence[_Candidate]) -> _Candidate:
    """Return the only complete list, or the one that lacks least.

    :raises SheetRefused: "several_lists".
    """
    complete = [candidate for candidate in found if candidate.has_people and not candidate.missing]
    if len(complete) > 1:
        names = [workbook.tabs[candidate.place].name for candidate in complete]
        raise SheetRefused("several_lists", sheets=names)
    return min(
        complete or found,
        key=lambda candidate: (len(candidate.missing), not candidate.has_people, candidate.place),
    )


def _candidate(
    kind: FilingKind,
    place: int,
    rows: list[RawRow],
    defaults: Mapping[str, Any],
    layout: Layout,
) -> _Candidate | None:
    header = find_header(kind, rows, layout)
    if header is None:
        return None
    asides = Asides(header)
    has_people = any(row.number > header.number and not asides.has(row.cells) for row in rows)
    return _Candidate(place, header, header.missing(kind, defaults), has_people)
