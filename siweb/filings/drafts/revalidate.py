"""Validate rows that are kept once more: the register, the day or the law may have moved since."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, select, true, update
from sqlalchemy.orm import Session, aliased

from siweb.clock import office_day
from siweb.filings.drafts.open import filing_terms, lock_draft, mark_doubles, note_totals
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.finding import Finding
from siweb.filings.fields.values import RULE_CODES
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow, RowState, row_month, within
from siweb.filings.validation.terms import Terms
from siweb.filings.validation.validate_rows import ReadRow, validate_rows
from siweb.queue.portions import Positions
from siweb.registry.codes import EmployerStatus
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.former_number import is_somebodys
from siweb.registry.tables.person import Person
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


def revalidate_stale(
    session: Session, filing: Filing, terms: Terms, positions: Positions | None = None
) -> None:
    """Check those good rows again that the register may see differently by now."""
    if terms.status is not EmployerStatus.ACTIVE:
        differs: Any = true()
    else:
        differs = _are_stale(filing, on=terms.on)
    good = FilingRow.state == RowState.GOOD
    revalidate(session, filing, terms, and_(good, within(positions), differs))


def _are_stale(filing: Filing, *, on: date) -> ColumnElement[bool]:
    """Return the condition that a good row has to be checked again before it is applied.

    A new employee of a sheet that was read today is judged as before unless somebody registered,
    enrolled or buried them meanwhile, or the same row was applied. Everything else, and every
    sheet of another day, is checked again whole.
    """
    read_today = filing.read_at is not None and office_day(filing.read_at) == on
    # Other kinds are about people of the employer, and what they are judged by may move any time.
    if filing.kind is not FilingKind.HIRE or not read_today:
        return true()
    other = aliased(FilingRow)
    return or_(
        FilingRow.person_id.is_(None) & is_somebodys(FilingRow.number_digest),
        exists().where(
            Enrolment.person_id == FilingRow.person_id,
            or_(Enrolment.to_month.is_(None), Enrolment.to_month >= row_month("start_month")),
        ),
        exists().where(Person.id == FilingRow.person_id, Person.died_on.is_not(None)),
        exists().where(other.row_key == FilingRow.row_key, other.state == RowState.APPLIED),
    )


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
