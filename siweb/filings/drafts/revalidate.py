"""Validate rows that are kept once more: the register, the day or the law may have moved since."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select, update
from sqlalchemy.orm import Session

from siweb.filings.drafts.open import filing_terms, lock_draft, mark_doubles, note_totals
from siweb.filings.fields.finding import Finding
from siweb.filings.fields.values import RULE_CODES
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow, RowState
from siweb.filings.validation.terms import Terms
from siweb.filings.validation.validate_rows import ReadRow, validate_rows
from siweb.rules.parameters.pack_set import PackSet

# Portions bound the memory only: committed one by one they would show half a list.
_AT_A_TIME = 5_000
_WRITTEN = ("state", "findings", "person_id", "is_late", "row_values")
_BASE_SO_FAR = "present_fen"


def revalidate_refused(session: Session, filing: Filing, *, packs: PackSet, on: date) -> None:
    """Check what was not accepted of a draft once more: what stood against it may be over.

    What was sent, or is still being read, stays as it is.
    """
    if not lock_draft(session, filing):
        return
    terms = filing_terms(session, filing, packs, on)
    revalidate(session, filing, terms, FilingRow.state == RowState.REFUSED)
    mark_doubles(session, filing)
    note_totals(session, filing, packs=packs, on=on)


def revalidate(session: Session, filing: Filing, terms: Terms, chosen: ColumnElement[bool]) -> None:
    """Check the chosen rows of a draft, some thousand at a time; what changed is written down."""
    after = 0
    while True:
        rows = session.execute(
            select(FilingRow.position)
            .add_columns(*(getattr(FilingRow, name) for name in _WRITTEN))
            .where(FilingRow.filing_id == filing.id, FilingRow.position > after, chosen)
            .order_by(FilingRow.position)
            .limit(_AT_A_TIME)
        ).all()
        if not rows:
            return
        after = rows[-1].position
        checked = validate_rows(session, filing.kind, [_read_row(row) for row in rows], terms)
        _write(session, filing, [_changed(*pair) for pair in zip(rows, checked, strict=True)])


def _read_row(row: Any) -> ReadRow:
    codes = {found["code"] for found in row.findings}
    # Counted once: each comparison of a name with a number is a try, and somebody could guess.
    was_compared = row.person_id is not None or "name_disagrees" in codes
    # The base so far is the register's, and may be another since the row came: taken anew, or the
    # draft would say that a base goes up which goes down by now.
    return ReadRow(row.position, _as_sent(row), _found_while_reading(row.findings), was_compared)


def _as_sent(row: Any) -> dict[str, Any]:
    return {name: value for name, value in row.row_values.items() if name != _BASE_SO_FAR}


def _changed(row: Any, checked: dict[str, Any]) -> dict[str, Any] | None:
    # Of the values nothing else moves: the rest is what its filer wrote.
    now = {name: fen for name, fen in checked["row_values"].items() if name == _BASE_SO_FAR}
    checked = {**checked, "row_values": _as_sent(row) | now}
    if all(getattr(row, name) == checked[name] for name in _WRITTEN):
        return None
    return {"at": row.position} | {f"new_{name}": checked[name] for name in _WRITTEN}


def _found_while_reading(findings: list[dict[str, Any]]) -> list[Finding]:
    """Return what was found while reading the sheet: no later check can find it again."""
    return [
        Finding(found["code"], found["level"], found["facts"])
        for found in findings
        if found["code"] not in RULE_CODES
        and (found["code"].startswith("cell_") or "field" in found["facts"])
    ]


def _write(session: Session, filing: Filing, changed: list[dict[str, Any] | None]) -> None:
    values = [row for row in changed if row is not None]
    if values:
        rows: Any = FilingRow.__table__
        session.execute(
            update(rows)
            .where(rows.c.filing_id == filing.id, rows.c.position == bindparam("at"))
            .values({name: bindparam(f"new_{name}") for name in _WRITTEN}),
            values,
        )
