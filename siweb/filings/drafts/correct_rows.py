"""The rows of a sheet's filing: filtered, page by page; one of them corrected in place."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, cast, select, true
from sqlalchemy.orm import Session

from siweb.documents.spreadsheets.reading.cell import Cell, CellKind, RawRow
from siweb.filings.drafts.import_sheet import answers_of, codes_of
from siweb.filings.drafts.totals import totals_of
from siweb.filings.fields.field import Field
from siweb.filings.fields.finding import ERROR, finding
from siweb.filings.fields.own_bases import OWN_BASE_NAMES
from siweb.filings.sheets.cell_texts import text_of
from siweb.filings.sheets.columns import columns_read
from siweb.filings.sheets.headings import Header
from siweb.filings.sheets.read_rows import RowReader
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow, RowState
from siweb.filings.validation.terms import Terms
from siweb.filings.validation.validate_rows import ReadRow, as_kept, validate_rows

PAGE = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """What of the rows is on the screen: those of a state, and with a code."""

    state: RowState | None = None
    code: str = ""

    def holds(self) -> ColumnElement[bool]:
        """Return the condition that a row is shown."""
        found = true() if self.state is None else FilingRow.state == self.state
        if self.code:
            found &= cast(FilingRow.findings, String).contains(f'"{self.code}"')
        return found


def rows_shown(
    session: Session, filing_id: int, shown: Shown, *, page: int
) -> tuple[list[FilingRow], bool]:
    """Return a page of the rows, as they stand in the sheet, and whether more follow."""
    found = session.scalars(
        select(FilingRow)
        .where(FilingRow.filing_id == filing_id, shown.holds())
        .order_by(FilingRow.position)
        .limit(PAGE + 1)
        .offset((page - 1) * PAGE)
    ).all()
    return list(found[:PAGE]), len(found) > PAGE


def find_row(session: Session, filing: Filing, position: int) -> FilingRow | None:
    """Return a row of a draft by where it stands in the sheet."""
    return session.scalar(
        select(FilingRow).where(
            FilingRow.filing_id == filing.id,
            FilingRow.position == position,
            FilingRow.state != RowState.APPLIED,
        )
    )


def refused_rows(
    session: Session, filing_id: int
) -> Iterator[tuple[int, Mapping[str, Any], list[dict[str, Any]]]]:
    """Yield where each refused row stands in the sheet, what it gives, and what was found in it."""
    rows = session.execute(
        select(FilingRow.position, FilingRow.row_values, FilingRow.findings).where(
            FilingRow.filing_id == filing_id, FilingRow.state == RowState.REFUSED
        )
    )
    for row in rows:
        yield row.position, row.row_values, row.findings


def row_columns(filing: Filing, row: FilingRow) -> tuple[Field, ...]:
    """Return the columns of one row: of a yearly base that came as an average, the average."""
    names = {*row.row_values, *(found["facts"].get("field") for found in row.findings)}
    # Bases of single insurances are offered where the row has some: few regions take them.
    read = columns_read(filing.kind, names)
    return tuple(each for each in read if each.name not in OWN_BASE_NAMES or each.name in names)


def texts_of(filing: Filing, row: FilingRow) -> dict[str, str]:
    """Return by field what a row says, as its filer would write it; what was unreadable too."""
    unread = {
        found["facts"]["field"]: found["facts"].get("text", "")
        for found in row.findings
        if "field" in found["facts"]
    }
    return {
        column.name: text_of(column, row.row_values.get(column.name)) or unread.get(column.name, "")
        for column in row_columns(filing, row)
    }


def correct_row(
    session: Session,
    filing: Filing,
    row: FilingRow,
    typed: Mapping[str, str],
    terms: Terms,
) -> list[dict[str, Any]]:
    """Read a row anew from what was typed, and replace it when it is good; see `replace_row`."""
    read = read_typed(filing, row_columns(filing, row), typed)
    sent = ReadRow(row.position, read.given, read.findings)
    return replace_row(session, filing, row, sent, terms)


def replace_row(
    session: Session, filing: Filing, row: FilingRow, typed: ReadRow, terms: Terms
) -> list[dict[str, Any]]:
    """Check what a row of a draft is to be instead; keep it when it is good.

    Returns what was found, empty or without errors when it was kept. The caller commits.
    """
    (checked,) = validate_rows(session, filing.kind, [typed], terms)
    found: list[dict[str, Any]] = checked["findings"]
    if checked["state"] is not RowState.GOOD:
        return found
    # A filing does one thing with a person: the other row would be refused instead of this one.
    other = _good_row_of(session, filing, row, checked["number_digest"])
    if other is not None:
        return [*found, *as_kept([finding("twice_in_filing", ERROR, row=other)])]
    _keep(session, filing, row, checked, terms)
    return found


def _good_row_of(session: Session, filing: Filing, row: FilingRow, digest: str) -> int | None:
    """Return the position of another good row of the filing about a person."""
    return session.scalar(
        select(FilingRow.position)
        .where(
            FilingRow.filing_id == filing.id,
            FilingRow.position != row.position,
            FilingRow.state == RowState.GOOD,
            FilingRow.number_digest == digest,
        )
        .order_by(FilingRow.position)
        .limit(1)
    )


def _keep(
    session: Session, filing: Filing, row: FilingRow, checked: dict[str, Any], terms: Terms
) -> None:
    counts = Counter(codes_of(filing))
    # By what this row changes: a list of a hundred thousand is not counted anew for one.
    counts.subtract([row.state.value, *(found["code"] for found in row.findings)])
    counts.update([checked["state"].value, *(found["code"] for found in checked["findings"])])
    for name, value in checked.items():
        setattr(row, name, value)
    session.flush()
    filing.totals = {
        "codes": {code: count for code, count in counts.items() if count > 0},
        **totals_of(session, filing, packs=terms.packs, on=terms.on),
    }
    session.flush()


def read_typed(filing: Filing, asked: Sequence[Field], typed: Mapping[str, str]) -> Any:
    """Return what was typed for the columns of one row, read as a sheet's cells are."""
    columns = dict(enumerate(asked))
    answers = answers_of(filing)
    reader = RowReader(filing.kind, Header(0, columns, {}), answers, begins_1904=False)
    cells = {
        place: Cell(CellKind.TEXT, typed[column.name])
        for place, column in columns.items()
        if typed.get(column.name, "").strip()
    }
    return reader.read_cells(RawRow(1, cells))
