"""What was written off has its two people, and is what was open on that day."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from siweb.collection.books.imbalance import MOST, Imbalance, Scope
from siweb.collection.tables.arrears import Arrears, ArrearsState, WriteOff, WriteOffLine
from siweb.collection.tables.bill import Bill, BillLine
from siweb.collection.tables.payment import Allocation, AllocationKind, Payment, PaymentKind
from siweb.tasks.tables.task import Task, TaskState

# The words of the two deeds in `siweb.desk.arrears.write_off`, which this room does not know.
OFF, AGAIN = "arrears.write_off", "arrears.reinstate"


def write_off_imbalances(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield write-offs without their two people, of other amounts, or beside their arrears."""
    yield from _without_task(session, scope)
    yield from _beside_the_arrears(session, scope)
    yield from _other_sums(session, scope)
    yield from _other_lines(session, scope)
    yield from _used_meanwhile(session, scope)


def _without_task(session: Session, scope: Scope) -> Iterator[Imbalance]:
    for column, kind in ((WriteOff.task_id, OFF), (WriteOff.reinstating_task_id, AGAIN)):
        done = exists().where(
            Task.id == column,
            Task.kind == kind,
            Task.state == TaskState.DONE,
            Task.region_code == WriteOff.region_code,
        )
        query = _of(scope).where(column.is_not(None), ~done)
        for write_off_id, fen in session.execute(query.limit(MOST)):
            what = f"no two people decided it ({kind})"
            yield Imbalance(what, f"write_off {write_off_id}", 0, int(fen))


def _beside_the_arrears(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield arrears that say they are written off by nothing, and the other way round."""
    standing = exists().where(WriteOff.arrears_id == Arrears.id, WriteOff.reinstated_on.is_(None))
    is_off = Arrears.state == ArrearsState.WRITTEN_OFF
    query = (
        select(Arrears.id, is_off, Bill.total_fen - Bill.paid_fen)
        .join(Bill, Bill.id == Arrears.bill_id)
        .where(scope.bills(), or_(and_(is_off, ~standing), and_(~is_off, standing)))
    )
    for arrears_id, says_so, fen in session.execute(query.limit(MOST)):
        what = "written off by no row" if says_so else "has a write-off and does not say so"
        yield Imbalance(what, f"arrears {arrears_id}", 0, int(fen))


def _other_sums(session: Session, scope: Scope) -> Iterator[Imbalance]:
    lines = (
        select(func.coalesce(func.sum(WriteOffLine.premium_fen), 0))
        .where(WriteOffLine.write_off_id == WriteOff.id)
        .correlate(WriteOff)
        .scalar_subquery()
    )
    query = _of(scope, WriteOff.premium_fen, lines).where(WriteOff.premium_fen != lines)
    for write_off_id, _all, expected, found in session.execute(query.limit(MOST)):
        yield Imbalance("its lines", f"write_off {write_off_id}", int(expected), int(found))


def _other_lines(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield lines that are not what was open then: the bill's, less what was used until then."""
    until_then = (
        select(func.coalesce(func.sum(Allocation.amount_fen), 0))
        .where(
            Allocation.bill_id == BillLine.bill_id,
            Allocation.insurance == BillLine.insurance,
            Allocation.kind == AllocationKind.PREMIUM,
            Allocation.allocated_at <= WriteOff.written_off_at,
        )
        .correlate(BillLine, WriteOff)
        .scalar_subquery()
    )
    left = BillLine.employer_fen + BillLine.employee_fen - until_then
    # A line in the payer's favour asks for nothing, so nothing of it is written off.
    expected = case((left > 0, left), else_=0)
    found = func.coalesce(WriteOffLine.premium_fen, 0)
    query = (
        _of(scope, BillLine.insurance, expected, found)
        .join(BillLine, BillLine.bill_id == Bill.id)
        .outerjoin(
            WriteOffLine,
            and_(
                WriteOffLine.write_off_id == WriteOff.id,
                WriteOffLine.insurance == BillLine.insurance,
            ),
        )
        .where(expected != found)
    )
    for write_off_id, _all, insurance, due, fen in session.execute(query.limit(MOST)):
        subject = f"write_off {write_off_id}, {insurance.value}"
        yield Imbalance("is not what was open then", subject, int(due), int(fen))


def _used_meanwhile(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield money that was used for what was written off: only what was never owed comes off it."""
    payment = aliased(Payment)
    query = (
        select(WriteOff.id, func.sum(Allocation.amount_fen))
        .join(Arrears, Arrears.id == WriteOff.arrears_id)
        .join(Bill, Bill.id == Arrears.bill_id)
        .join(Allocation, Allocation.bill_id == Bill.id)
        .join(payment, payment.id == Allocation.payment_id)
        .where(
            scope.bills(),
            WriteOff.reinstated_on.is_(None),
            Allocation.amount_fen > 0,
            Allocation.allocated_at > WriteOff.written_off_at,
            payment.kind != PaymentKind.CREDIT,
        )
        .group_by(WriteOff.id)
    )
    for write_off_id, fen in session.execute(query.limit(MOST)):
        what = "money was used for it while it was written off"
        yield Imbalance(what, f"write_off {write_off_id}", 0, int(fen))


def _of(scope: Scope, *columns: Any) -> Select[Any]:
    return (
        select(WriteOff.id, WriteOff.premium_fen + WriteOff.late_fee_fen, *columns)
        .join(Arrears, Arrears.id == WriteOff.arrears_id)
        .join(Bill, Bill.id == Arrears.bill_id)
        .where(scope.bills())
        .order_by(WriteOff.id)
    )
