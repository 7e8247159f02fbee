"""Use a payment for bills: premium and late fee, line by line, in the order the office set."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.collection.payments.allocation_order import IN_ORDER_OF_LAW, AllocationOrder
from siweb.collection.payments.late_fee import late_fee_due, late_fees_due, late_since
from siweb.collection.payments.tax_collection import INSURANCE_NAMES, collected_by_tax_office
from siweb.collection.posting.post_paid import post_late_fee, post_paid_lines
from siweb.collection.tables.arrears import is_in_arrears, is_written_off
from siweb.collection.tables.bill import Bill, BillLine
from siweb.collection.tables.payment import (
    Allocation,
    AllocationKind,
    MatchedBy,
    Payment,
    PaymentKind,
)
from siweb.registry.person_keys import is_of
from siweb.registry.tables.person_alias import PersonAlias
from siweb.registry.tables.region import Region
from siweb.rules.errors import Refusal
from siweb.rules.parameters.pack_set import PackSet


class PaymentRefused(Refusal):
    """When a payment cannot be used as asked; `code` says why."""


def hold_money(session: Session, region_code: str) -> None:
    """Wait until nobody else uses or takes back money of a region; held until the commit.

    An import locks the bills of many payers one after another, and so does a split at the desk:
    without this two of them could each wait for the other. Called before a payment or a bill is
    locked. Rows that name the region are written all the same. SQLite has one writer anyway.
    """
    query = select(Region.code).where(Region.code == region_code)
    # The weak lock: bills and payments name the region, and PostgreSQL would have each of them
    # wait for the strong one.
    session.execute(query.with_for_update(key_share=True))


def allocate(
    session: Session,
    payment: Payment,
    bills: Sequence[Bill],
    *,
    packs: PackSet,
    matched_by: MatchedBy,
    actor: Actor,
    at: datetime,
    order: AllocationOrder = IN_ORDER_OF_LAW,
    named: Bill | None = None,
    kept_fen: int = 0,
) -> list[Allocation]:
    """Use what is left of a payment for one payer's bills; the rest stays unallocated.

    `kept_fen` of it is for something else: a refund that waits for its second person.
    The order is the office's: entry points read it from the settings and pass it down.
    What is fully paid thereby becomes paid in the records and is credited to the accounts.

    :raises PaymentRefused: "two_payers", "not_issued", "written_off" for what two people have to
        take up again first, or "no_money" for what only names another.
    """
    _refuse(session, payment, bills)
    hold_money(session, payment.region_code)
    # The payment before the bills, here and wherever both are locked; read anew, since what was
    # left of it may have been used while we waited.
    session.refresh(payment, with_for_update=True)
    payment.employer_id, payment.person_id = bills[0].employer_id, bills[0].person_id
    payment.matched_by = matched_by
    made: list[Allocation] = []
    for bill in order.bills(bills, named):
        session.refresh(bill, with_for_update=True)
        made += pay_bill(
            session,
            payment,
            bill,
            order=order,
            actor=actor,
            at=at,
            kept_fen=kept_fen,
            packs=packs,
        )
    session.flush()
    return made


def is_closed(bill: Bill, on: date) -> bool:
    """Tell whether money of a day comes too late for a bill: a person's, after its closing day.

    Who pays alone owes nothing, and pays nothing back (人社部发〔2016〕132号); a notice that opens
    months again bills them with a day of its own. An employer's bill is owed until it is paid.
    """
    return bill.person_id is not None and on > late_since(bill)


def open_bills(
    session: Session, employer_id: int | None, person_id: int | None, *, packs: PackSet
) -> list[Bill]:
    """Return a payer's issued bills on which something is to be paid, the oldest first.

    That may be the late fee alone of a bill that was paid too late.
    """
    payer = Bill.employer_id == employer_id if employer_id else is_of(Bill.person_id, person_id)
    # A bill that is paid may still owe its late fee; only arrears do, and these are few.
    owing = and_(or_(Bill.paid_fen < Bill.total_fen, is_in_arrears()), ~is_written_off())
    found = session.scalars(
        select(Bill).where(payer, Bill.issued_at.is_not(None), owing).order_by(Bill.due_on, Bill.id)
    ).all()
    # Of a bill whose premium is paid the fee is the same on every day.
    fees = late_fees_due(
        session, [bill for bill in found if bill.outstanding_fen <= 0], date.max, packs=packs
    )
    # 1 stands for a bill of which premium is open: nobody need work its fee out to know that it is.
    return [bill for bill in found if fees.get(bill.id, 1) > 0]


def are_one_payers(session: Session, of: Iterable[Bill | Payment]) -> bool:
    """Return whether bills and payments are one payer's; of whom nobody knows counts for any."""
    # Both None: nobody has said yet whose money it is.
    payers = {(each.employer_id, each.person_id) for each in of} - {(None, None)}
    if len(payers) <= 1:
        return True
    employers = {employer_id for employer_id, _person_id in payers}
    people = [person_id for _employer_id, person_id in payers if person_id is not None]
    if employers != {None}:
        return False
    standing = dict(
        session.execute(
            select(PersonAlias.former_id, PersonAlias.person_id).where(
                PersonAlias.former_id.in_(people)
            )
        ).all()
    )
    return len({standing.get(person_id, person_id) for person_id in people}) == 1


def _refuse(session: Session, payment: Payment, bills: Sequence[Bill]) -> None:
    if not bills or not are_one_payers(session, (payment, *bills)):
        raise PaymentRefused("two_payers")
    if payment.origin_payment_id is not None:
        raise PaymentRefused("no_money")
    if any(bill.issued_at is None for bill in bills):
        raise PaymentRefused("not_issued")
    if is_any_written_off(session, bills):
        raise PaymentRefused("written_off")


def is_any_written_off(session: Session, bills: Iterable[Bill]) -> bool:
    """Return whether one of some bills is written off; nothing is asked where there are none."""
    ids = [bill.id for bill in bills]
    off = select(Bill.id).where(Bill.id.in_(ids), is_written_off()).limit(1)
    return bool(ids) and session.scalar(off) is not None


def pay_bill(
    session: Session,
    payment: Payment,
    bill: Bill,
    *,
    packs: PackSet,
    order: AllocationOrder,
    actor: Actor,
    at: datetime,
    kept_fen: int = 0,
) -> list[Allocation]:
    """Use a payment for one bill, both of them locked; `kept_fen` of it is for others."""
    if is_closed(bill, payment.received_on):
        return []
    lines = order.lines(session.scalars(select(BillLine).where(BillLine.bill_id == bill.id)))
    payable = _lines_for(payment, bill, lines, packs=packs)
    made: list[Allocation] = []
    # No law known to us says which of the two a part payment is for: an office sets it.
    kinds = [AllocationKind.PREMIUM, AllocationKind.LATE_FEE]
    for kind in reversed(kinds) if order.late_fee_first else kinds:
        if kind is AllocationKind.PREMIUM:
            # `count` takes each part off the payment, so that the second kind sees what is left.
            parts = _premium_parts(payment.unallocated_fen - kept_fen, payable)
        else:
            money = payment.unallocated_fen - kept_fen
            parts = _late_fee_parts(session, money, payment.received_on, bill, payable, packs=packs)
        for line, amount in parts:
            allocation = Allocation(
                payment_id=payment.id,
                bill_id=bill.id,
                region_code=bill.region_code,
                insurance=line.insurance,
                kind=kind,
                amount_fen=amount,
                paid_on=payment.received_on,
                allocated_at=at,
                allocated_by_account_id=actor.account_id,
            )
            count(session, allocation, payment, bill, line, packs=packs)
            made.append(allocation)
        session.flush()
    post_paid_lines(session, bill, lines, packs=packs)
    return made


def _lines_for(
    payment: Payment, bill: Bill, lines: list[BillLine], *, packs: PackSet
) -> list[BillLine]:
    """Return the lines of a bill that a payment may be used for.

    Money of the tax office is for what it collects, and of that for the insurances that its receipt
    names: what it collects for one fund never pays another agency's line.
    """
    if payment.kind is not PaymentKind.TAX:
        return lines
    collected = collected_by_tax_office(packs, bill.region_code, bill.contribution_month)
    named = [
        insurance for insurance in collected if INSURANCE_NAMES[insurance] in payment.remittance
    ]
    return [line for line in lines if line.insurance in (named or collected)]


def count(
    session: Session,
    allocation: Allocation,
    payment: Payment,
    bill: Bill,
    line: BillLine,
    *,
    packs: PackSet,
) -> None:
    """Add an allocation, also a negative one, to everything that it changes; the caller flushes."""
    session.add(allocation)
    payment.unallocated_fen -= allocation.amount_fen
    if allocation.kind is AllocationKind.PREMIUM:
        bill.paid_fen += allocation.amount_fen
        line.paid_fen += allocation.amount_fen
    else:
        bill.late_fee_paid_fen += allocation.amount_fen
        post_late_fee(session, bill, allocation, packs=packs)


def _premium_parts(money: int, lines: Iterable[BillLine]) -> list[tuple[BillLine, int]]:
    parts = []
    for line in lines:
        part = min(money, line.total_fen - line.paid_fen)
        if part > 0:
            parts.append((line, part))
            money -= part
    return parts


def _late_fee_parts(
    session: Session,
    available: int,
    on: date,
    bill: Bill,
    lines: Sequence[BillLine],
    *,
    packs: PackSet,
) -> list[tuple[BillLine, int]]:
    """Share a late fee out by what the lines ask for; the parts add up to the fen.

    A line in the payer's favour is late with nothing.
    """
    money = min(available, late_fee_due(session, bill, on, packs=packs))
    asked = sum(max(0, line.total_fen) for line in lines) if money > 0 else 0
    if asked == 0:
        return []
    parts, shared, passed = [], 0, 0
    for line in lines:
        # By running sums: what each part is rounded down by goes to a later one, none is lost.
        passed += max(0, line.total_fen)
        part = money * passed // asked - shared
        if part > 0:
            parts.append((line, part))
            shared += part
    return parts
