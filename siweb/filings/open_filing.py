"""Open a filing and add rows to it: each is checked at once and keeps what was found."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.db.reference_code import new_reference
from siweb.filings.check import ERROR, Terms, check_row, finding, is_late, row_key
from siweb.filings.filing import Filing, FilingKind
from siweb.filings.filing_row import FilingRow, RowState
from siweb.filings.known import known_people
from siweb.registry.employer import Employer
from siweb.registry.packs_in_force import packs_in_force


def open_filing(
    session: Session,
    employer_id: int,
    kind: FilingKind,
    *,
    origin: str,
    actor: Actor,
    at: datetime,
) -> Filing:
    """Return a new draft."""
    filing = Filing(
        reference=new_reference(12),
        employer_id=employer_id,
        kind=kind,
        origin=origin,
        opened_at=at,
        opened_by_account_id=actor.account_id,
    )
    session.add(filing)
    session.flush()
    record_activity(session, "filing.opened", actor=actor, at=at, subject=("filing", filing.id))
    return filing


def add_rows(
    session: Session, filing: Filing, rows: Sequence[Mapping[str, Any]], *, on: date
) -> list[FilingRow]:
    """Add rows, checked against the register as of a day."""
    terms = filing_terms(session, filing, on)
    known = known_people(
        session,
        filing.employer_id,
        terms.region_code,
        [str(row.get("id_number", "")) for row in rows],
    )
    keys = [row_key(filing.employer_id, filing.kind, row) for row in rows]
    applied = set(
        session.scalars(
            select(FilingRow.row_key).where(
                FilingRow.row_key.in_(keys), FilingRow.state == RowState.APPLIED
            )
        )
    )
    first = session.scalar(select(func.count()).where(FilingRow.filing_id == filing.id))
    made, seen = [], set()
    for position, (row, key) in enumerate(zip(rows, keys, strict=True), int(first or 0) + 1):
        person = known.get(str(row.get("id_number", "")))
        found = check_row(filing.kind, row, person, terms)
        if key in applied:
            found = [finding("applied_before", ERROR)]
        elif key in seen:
            found.append(finding("twice_in_filing", ERROR))
        seen.add(key)
        is_good = not any(one.level == ERROR for one in found)
        made.append(
            FilingRow(
                filing_id=filing.id,
                position=position,
                person_id=person.person.id if person else None,
                given=dict(row),
                findings=[asdict(one) for one in found],
                state=RowState.GOOD if is_good else RowState.REFUSED,
                is_late=is_good and is_late(filing.kind, row, terms),
                row_key=key,
            )
        )
    session.add_all(made)
    session.flush()
    return made


def filing_terms(session: Session, filing: Filing, on: date) -> Terms:
    """Return what the rows of a filing are checked by."""
    employer = session.get_one(Employer, filing.employer_id)
    packs = packs_in_force(session)
    return Terms(employer.id, employer.region_code, employer.status, packs, on)
