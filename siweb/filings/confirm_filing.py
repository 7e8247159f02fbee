"""Confirm a filing: its good rows are applied in one transaction, once, and a receipt is given."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.clock import office_day
from siweb.documents.document import DocumentKind
from siweb.documents.issue import issue_document
from siweb.documents.payload import in_both_languages, receipt_payload
from siweb.filings.apply import Register
from siweb.filings.check import ERROR, Terms, check_row
from siweb.filings.filing import Filing, FilingState
from siweb.filings.filing_row import FilingRow, RowState
from siweb.filings.known import KnownPerson, known_people
from siweb.filings.open_filing import filing_terms
from siweb.filings.words import KINDS, RECEIPT
from siweb.registry.employer import Employer


class Confirmed(NamedTuple):
    """What came of it; `is_first` is False when it was confirmed before."""

    applied: int
    refused: int
    is_first: bool


def confirm_filing(
    session: Session, filing: Filing, *, actor: Actor, on: date, at: datetime, secret: str
) -> Confirmed:
    """Apply the good rows of a draft; refused rows stay as they are. Twice is once.

    Every row is checked again, since the register may have changed since the draft was made.
    """
    if not _take(session, filing, actor, at):
        before = _rows(session, filing)
        number = sum(row.state is RowState.APPLIED for row in before)
        return Confirmed(number, len(before) - number, is_first=False)
    rows, terms = _rows(session, filing), filing_terms(session, filing, on)
    known = known_people(
        session, filing.employer_id, terms.region_code, [row.given["id_number"] for row in rows]
    )
    register = Register(session, filing.employer_id, terms.region_code, at=at)
    for row in rows:
        _apply(row, filing, known.get(row.given["id_number"]), terms, register)
    session.flush()
    applied = [row for row in rows if row.state is RowState.APPLIED]
    record_activity(
        session,
        "filing.confirmed",
        actor=actor,
        at=at,
        subject=("filing", filing.id),
        facts={"applied": len(applied), "refused": len(rows) - len(applied)},
    )
    if applied:
        _give_receipt(session, filing, applied, actor, at, secret)
    return Confirmed(len(applied), len(rows) - len(applied), is_first=True)


def _take(session: Session, filing: Filing, actor: Actor, at: datetime) -> bool:
    result = session.execute(
        update(Filing)
        .where(Filing.id == filing.id, Filing.state == FilingState.DRAFT)
        .values(
            state=FilingState.CONFIRMED,
            confirmed_at=at,
            confirmed_by_account_id=actor.account_id,
        )
    )
    session.refresh(filing)
    return bool(result.rowcount)  # type: ignore[attr-defined]


def _rows(session: Session, filing: Filing) -> Sequence[FilingRow]:
    found = select(FilingRow).where(FilingRow.filing_id == filing.id).order_by(FilingRow.position)
    return session.scalars(found).all()


def _apply(
    row: FilingRow,
    filing: Filing,
    known: KnownPerson | None,
    terms: Terms,
    register: Register,
) -> None:
    if row.state is not RowState.GOOD:
        return
    found = check_row(filing.kind, row.given, known, terms)
    row.findings = [asdict(one) for one in found]
    if any(one.level == ERROR for one in found):
        row.state = RowState.REFUSED
        return
    row.person_id = register.apply(filing.kind, row.given, known)
    row.state = RowState.APPLIED


def _give_receipt(
    session: Session,
    filing: Filing,
    applied: Sequence[FilingRow],
    actor: Actor,
    at: datetime,
    secret: str,
) -> None:
    assert actor.person_id is not None
    employer = session.get_one(Employer, filing.employer_id)
    payload = receipt_payload(
        name=employer.name,
        id_number=employer.uscc,
        matter=in_both_languages(KINDS[filing.kind]),
        outcome=in_both_languages(RECEIPT["accepted"]),
        outcome_code="accepted",
        decided_on=office_day(at),
        facts=[
            (in_both_languages(RECEIPT["number"]), filing.reference),
            (in_both_languages(RECEIPT["rows"]), str(len(applied))),
            (in_both_languages(RECEIPT["late"]), str(sum(row.is_late for row in applied))),
        ],
        next_steps=[in_both_languages(RECEIPT["next"])],
    )
    issued = issue_document(
        session,
        kind=DocumentKind.FILING_RECEIPT,
        subject=("filing", filing.id),
        person_id=actor.person_id,
        region_code=employer.region_code,
        payload=payload,
        secret=secret,
        at=at,
        actor=actor,
    )
    filing.document_id = issued.document_id
    session.flush()
