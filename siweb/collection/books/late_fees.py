"""What late fees go by: the months of a bill, and the deferrals of its arrears."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from siweb.collection.books.imbalance import MOST, Imbalance, Scope
from siweb.collection.tables.arrears import Arrears, ArrearsState, Deferral
from siweb.collection.tables.bill import Bill, BillMonth


def month_imbalances(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield bills whose months do not add up to them, or lie outside their months."""
    found = func.sum(BillMonth.amount_fen)
    query = (
        select(Bill.id, Bill.total_fen, found)
        .join(BillMonth, BillMonth.bill_id == Bill.id)
        .where(scope.bills())
        .group_by(Bill.id, Bill.total_fen)
        .having(found != Bill.total_fen)
    )
    for bill_id, total, months in session.execute(query.order_by(Bill.id).limit(MOST)):
        yield Imbalance("its months", f"bill {bill_id}", total, int(months))
    outside = (
        select(BillMonth.id, BillMonth.amount_fen)
        .join(Bill, Bill.id == BillMonth.bill_id)
        .where(
            scope.bills(),
            or_(
                BillMonth.contribution_month < Bill.contribution_month,
                BillMonth.contribution_month > Bill.through_month,
            ),
        )
    )
    for month_id, fen in session.execute(outside.limit(MOST)):
        yield Imbalance("is no month of its bill", f"bill_month {month_id}", 0, fen)


def deferral_imbalances(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield deferrals that pause more than was approved, twice, or more than the bill."""
    own, other = Deferral, aliased(Deferral)
    last = func.coalesce(own.ended_on, own.until)
    of_scope = (scope.bills(), Arrears.id == own.arrears_id)
    longer = _deferrals(*of_scope, own.ended_on > own.until)
    twice = _deferrals(
        *of_scope,
        _lasts(own),
        select(other.id)
        .where(
            other.arrears_id == own.arrears_id,
            # Each pair once.
            other.id > own.id,
            _lasts(other),
            other.from_on <= last,
            func.coalesce(other.ended_on, other.until) >= own.from_on,
        )
        .exists(),
    )
    more = _deferrals(*of_scope, own.deferred_fen > Bill.total_fen)
    for what, query in (
        ("lasts longer than was approved", longer),
        ("pauses days that another one pauses", twice),
        ("waits for more than the bill", more),
    ):
        for deferral_id in session.scalars(query.order_by(own.id).limit(MOST)):
            yield Imbalance(f"{what} (a count)", f"deferral {deferral_id}", 0, 1)
    yield from _without_deferral(session, scope)


def _without_deferral(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield arrears that say they wait, until a day that their last deferral does not name."""
    latest = select(func.max(Deferral.id)).where(Deferral.arrears_id == Arrears.id)
    query = (
        select(Arrears.id)
        .join(Bill, Bill.id == Arrears.bill_id)
        .outerjoin(Deferral, Deferral.id == latest.correlate(Arrears).scalar_subquery())
        .where(
            scope.bills(),
            Arrears.state == ArrearsState.DEFERRED,
            or_(
                Deferral.id.is_(None),
                Deferral.until != Arrears.deferred_until,
                Deferral.legal_basis != Arrears.legal_basis,
            ),
        )
    )
    for arrears_id in session.scalars(query.order_by(Arrears.id).limit(MOST)):
        yield Imbalance("waits as no deferral says (a count)", f"arrears {arrears_id}", 0, 1)


def _deferrals(*conditions: ColumnElement[bool]) -> Select[Any]:
    return (
        select(Deferral.id)
        .join(Arrears, Arrears.id == Deferral.arrears_id)
        .join(Bill, Bill.id == Arrears.bill_id)
        .where(and_(*conditions))
    )


def _lasts(deferral: Any) -> ColumnElement[bool]:
    """Return the condition that a deferral pauses a day at least: one replaced whole does not."""
    lasts: ColumnElement[bool] = (
        func.coalesce(deferral.ended_on, deferral.until) >= deferral.from_on
    )
    return lasts
