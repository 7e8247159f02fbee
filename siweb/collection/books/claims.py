"""Claims and what they claim: none without its row, and no row without its claim."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from siweb.collection.books.imbalance import MOST, Imbalance, Scope
from siweb.collection.tables.bank_account import EntryClaim
from siweb.collection.tables.bank_statement import BankStatement
from siweb.collection.tables.held_entry import HeldEntry, HeldReason, HeldState
from siweb.collection.tables.payment import Payment
from siweb.registry.claim_enrolments import (
    is_without_claim,
    is_without_enrolment,
)
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.enrolment_claim import EnrolmentClaim


def claim_imbalances(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield open enrolments and bank entries that are claimed wrongly; they are of no month."""
    if scope.month is not None:
        return
    yield from _enrolments(session, scope)
    yield from _entries(session, scope)
    yield from _statements(session, scope)


def _enrolments(session: Session, scope: Scope) -> Iterator[Imbalance]:
    rows = (
        select(
            Enrolment.region_code,
            Enrolment.person_id,
            Enrolment.insurance,
            Enrolment.insuring_employer_id,
        )
        .where(
            scope.region(Enrolment.region_code),
            Enrolment.to_month.is_(None),
            *is_without_claim(),
        )
        .order_by(Enrolment.person_id, Enrolment.insurance)
    )
    for row in session.execute(rows.limit(MOST)):
        yield Imbalance("no claim stands for it (a count)", f"enrolment {_name(*row)}", 1, 0)
    claims = (
        select(
            EnrolmentClaim.region_code,
            EnrolmentClaim.person_id,
            EnrolmentClaim.insurance,
            EnrolmentClaim.employer_id,
        )
        .where(scope.region(EnrolmentClaim.region_code), *is_without_enrolment())
        .order_by(EnrolmentClaim.person_id, EnrolmentClaim.insurance)
    )
    for row in session.execute(claims.limit(MOST)):
        subject = f"claim of an enrolment {_name(*row)}"
        yield Imbalance("nothing open stands behind it (a count)", subject, 0, 1)


def _name(region: str, person_id: int, insurance: Any, employer_id: int) -> str:
    return f"{region} {person_id} {insurance.value} {employer_id or '-'}"


def _entries(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield claims of entries that became neither a payment nor a case for a person."""
    held = exists().where(
        HeldEntry.statement_id == EntryClaim.statement_id,
        # What was held before claims were noted there has none.
        or_(HeldEntry.identity == EntryClaim.identity, HeldEntry.identity == ""),
    )
    query = (
        select(EntryClaim.statement_id, EntryClaim.identity)
        .join(BankStatement, BankStatement.id == EntryClaim.statement_id)
        .where(scope.region(BankStatement.region_code), EntryClaim.payment_id.is_(None), ~held)
        .order_by(EntryClaim.statement_id, EntryClaim.identity)
    )
    for statement_id, identity in session.execute(query.limit(MOST)):
        subject = f"claim of an entry of statement {statement_id}: {identity}"
        yield Imbalance("neither booked nor held (a count)", subject, 1, 0)


def _statements(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield statements with other payments than their claims and a person's bookings say."""
    claimed = _per_statement(
        EntryClaim.statement_id,
        func.sum(EntryClaim.payment_count),
        EntryClaim.payment_id.is_not(None),
        name="claimed",
    )
    booked = _per_statement(
        HeldEntry.statement_id,
        func.count(),
        and_(HeldEntry.state == HeldState.BOOKED, HeldEntry.reason != HeldReason.DETAILS),
        name="booked",
    )
    paid = _per_statement(
        Payment.statement_id, func.count(), Payment.origin_payment_id.is_(None), name="paid"
    )
    expected = func.coalesce(claimed.c.rows, 0) + func.coalesce(booked.c.rows, 0)
    found = func.coalesce(paid.c.rows, 0)
    query = (
        select(BankStatement.id, expected, found)
        .outerjoin(claimed, claimed.c.id == BankStatement.id)
        .outerjoin(booked, booked.c.id == BankStatement.id)
        .outerjoin(paid, paid.c.id == BankStatement.id)
        .where(
            scope.region(BankStatement.region_code),
            # A statement that was taken back gave its claims up, and one of before had none.
            BankStatement.withdrawn_at.is_(None),
            BankStatement.control.is_not(None),
            expected != found,
        )
        .order_by(BankStatement.id)
    )
    for statement_id, due, rows in session.execute(query.limit(MOST)):
        subject = f"statement {statement_id}"
        yield Imbalance("payments of its entries (a count)", subject, int(due), int(rows))


def _per_statement(
    statement_id: Any, rows: ColumnElement[int], which: ColumnElement[bool], *, name: str
) -> Any:
    return (
        select(statement_id.label("id"), rows.label("rows"))
        .where(which)
        .group_by(statement_id)
        .cte(name)
        .prefix_with("MATERIALIZED")
    )
