"""Confirm a filing: its good rows are applied in one transaction, once, and a receipt is given."""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, case, func, select, true, update
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.clock import office_day
from siweb.documents.document import DocumentKind
from siweb.documents.issue import issue_document
from siweb.documents.payload import in_both_languages, receipt_payload
from siweb.filings.apply import apply_rows
from siweb.filings.check import Terms
from siweb.filings.check_rows import Given, applied_keys, as_kept, findings_of
from siweb.filings.filing import Filing, FilingState
from siweb.filings.filing_row import FilingRow, RowState
from siweb.filings.finding import ERROR, finding
from siweb.filings.known import known_people
from siweb.filings.leave_rest import leave_rest
from siweb.filings.may_differ import may_differ
from siweb.filings.open_filing import filing_terms
from siweb.filings.said import said_fen
from siweb.filings.words import KINDS, RECEIPT
from siweb.registry.employer import Employer
from siweb.registry.words import EmployerStatus
from siweb.rules.money import yuan_from_fen

_AT_A_TIME = 5_000


class Confirmed(NamedTuple):
    """What came of it; `is_first` is False when it was confirmed before."""

    applied: int
    refused: int
    is_first: bool


class NotRead(ValueError):
    """When a sheet is to be sent that is still being read."""


def confirm_filing(
    session: Session, filing: Filing, *, actor: Actor, on: date, at: datetime, secret: str
) -> Confirmed:
    """Apply the good rows of a draft; refused rows of a sheet become a draft of their own.

    Every row is checked again, since the register may have changed since the draft was made.
    Twice is once.

    :raises NotRead: while the sheet of the filing is being read.
    """
    if not filing.is_read:
        raise NotRead
    if not _take(session, filing, actor, at):
        return Confirmed(*_count(session, filing), is_first=False)
    terms = filing_terms(session, filing, on)
    _check_again(session, filing, terms)
    apply_rows(session, filing, terms.region_code, at=at)
    applied, refused = _count(session, filing)
    session.expire_all()
    record_activity(
        session,
        "filing.confirmed",
        actor=actor,
        at=at,
        subject=("filing", filing.id),
        facts={"applied": applied, "refused": refused},
    )
    if applied:
        _give_receipt(session, filing, (applied, refused), actor, at, secret)
        if refused and filing.origin != "form":
            leave_rest(session, filing, actor=actor, at=at)
        filing.totals = {"codes": {RowState.APPLIED.value: applied}}
        session.flush()
    return Confirmed(applied, refused, is_first=True)


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


def _count(session: Session, filing: Filing) -> tuple[int, int]:
    is_applied = FilingRow.state == RowState.APPLIED
    applied, rows = session.execute(
        select(func.coalesce(func.sum(case((is_applied, 1), else_=0)), 0), func.count()).where(
            FilingRow.filing_id == filing.id
        )
    ).one()
    return int(applied), int(rows - applied)


def _check_again(session: Session, filing: Filing, terms: Terms) -> None:
    """Check good rows again, some thousand at a time; what changed is written down."""
    if terms.status is not EmployerStatus.ACTIVE:
        differs: Any = true()
    else:
        differs = may_differ(filing, terms.region_code, on=terms.on)
    after = 0
    while True:
        rows = session.execute(
            select(FilingRow.id, FilingRow.position, FilingRow.given, FilingRow.row_key)
            .add_columns(FilingRow.findings, FilingRow.person_id)
            .where(
                FilingRow.filing_id == filing.id,
                FilingRow.state == RowState.GOOD,
                FilingRow.position > after,
                differs,
            )
            .order_by(FilingRow.position)
            .limit(_AT_A_TIME)
        ).all()
        if not rows:
            return
        after = rows[-1].position
        _write_changes(session, _changed(session, filing, rows, terms))


def _changed(session: Session, filing: Filing, rows: Any, terms: Terms) -> list[dict[str, Any]]:
    numbers = [row.given["id_number"] for row in rows]
    known = known_people(session, terms.employer_id, terms.region_code, numbers)
    applied = applied_keys(session, [row.row_key for row in rows])
    changed = []
    for row in rows:
        person = known.get(row.given["id_number"])
        person_id = person.id if person else None
        if row.row_key in applied:
            found = as_kept([finding("applied_before", ERROR)])
        else:
            given = Given(row.position, row.given)
            found = _told_by_sheet(row.findings) + as_kept(
                findings_of(filing.kind, given, person, terms)
            )
        if found != row.findings or person_id != row.person_id:
            is_good = not any(one["level"] == ERROR for one in found)
            changed.append(
                {
                    "row_id": row.id,
                    "new_findings": found,
                    "new_state": RowState.GOOD if is_good else RowState.REFUSED,
                    "new_person_id": person_id,
                }
            )
    return changed


def _told_by_sheet(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what was found while reading the sheet: no later check can find it again."""
    return [one for one in findings if one["code"].startswith("cell_")]


def _write_changes(session: Session, changed: list[dict[str, Any]]) -> None:
    if changed:
        rows: Any = FilingRow.__table__
        session.execute(
            update(rows)
            .where(rows.c.id == bindparam("row_id"))
            .values(
                findings=bindparam("new_findings"),
                state=bindparam("new_state"),
                person_id=bindparam("new_person_id"),
            ),
            changed,
        )


def _give_receipt(
    session: Session,
    filing: Filing,
    counts: tuple[int, int],
    actor: Actor,
    at: datetime,
    secret: str,
) -> None:
    applied, left = counts
    assert actor.person_id is not None
    employer = session.get_one(Employer, filing.employer_id)
    late, wages = session.execute(
        select(
            func.coalesce(func.sum(case((FilingRow.is_late, 1), else_=0)), 0),
            func.sum(said_fen("wage_fen")),
        ).where(FilingRow.filing_id == filing.id, FilingRow.state == RowState.APPLIED)
    ).one()
    facts = [
        (in_both_languages(RECEIPT["number"]), filing.reference),
        (in_both_languages(RECEIPT["rows"]), str(applied)),
        (in_both_languages(RECEIPT["late"]), str(late)),
    ]
    if wages is not None:
        facts.append((in_both_languages(RECEIPT["wages"]), yuan_from_fen(int(wages))))
    if left:
        facts.append((in_both_languages(RECEIPT["left"]), str(left)))
    payload = receipt_payload(
        name=employer.name,
        id_number=employer.uscc,
        matter=in_both_languages(KINDS[filing.kind]),
        outcome=in_both_languages(RECEIPT["accepted"]),
        outcome_code="accepted",
        decided_on=office_day(at),
        facts=facts,
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
