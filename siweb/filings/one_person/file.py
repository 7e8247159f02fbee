"""File for one person: a filing with one row, checked and applied as a sheet's rows are."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.auth.acting import Acting
from siweb.filings.drafts.open import add_rows, open_filing
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow
from siweb.rules.parameters.pack_set import PackSet

# What of an earlier filing belongs to its person alone.
_OWN = ("id_number", "name", "mobile", "retirement_category")


def file_one(
    session: Session,
    employer: Acting,
    kind: FilingKind,
    row: Mapping[str, Any],
    *,
    packs: PackSet,
    actor: Actor,
    on: date,
    at: datetime,
) -> Filing:
    """Return a draft with one checked row."""
    filing = open_filing(session, employer.employer_id, kind, origin="form", actor=actor, at=at)
    add_rows(session, filing, [row], packs=packs, on=on)
    return filing


def copied_row(session: Session, employer_id: int, reference: str) -> dict[str, Any]:
    """Return what a new employee's form takes over from an earlier filing of the employer."""
    values = session.scalar(
        select(FilingRow.row_values)
        .join(Filing, Filing.id == FilingRow.filing_id)
        .where(
            Filing.reference == reference,
            Filing.employer_id == employer_id,
            Filing.kind == FilingKind.HIRE,
        )
        .order_by(FilingRow.position)
        .limit(1)
    )
    return {name: value for name, value in (values or {}).items() if name not in _OWN}
