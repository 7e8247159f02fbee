"""A payer's bills with what is to be paid on a day, late fee included."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from siweb.collection.levy.provisional import Facts, figures_by_month, figures_of
from siweb.collection.payments.late_fee import (
    FeeFacts,
    late_fee_asked,
    late_fee_terms,
    late_since,
    load_fee_facts,
)
from siweb.collection.payments.match import paid_together
from siweb.collection.payments.tax_collection import TAX_OFFICE
from siweb.collection.tables.bill import Bill, BillLine
from siweb.collection.tables.levy_run import LevyKind, LevyRun, LevyState
from siweb.collection.tables.payment import Allocation, AllocationKind, Payment, PaymentKind
from siweb.registry.codes import Insurance
from siweb.registry.person_keys import is_of
from siweb.rules.calendar.months import months_through
from siweb.rules.contributions.late_fee import LateFeeTerms
from siweb.rules.insurances import insurance_order
from siweb.rules.parameters.pack_set import PackSet

PAGE = 25


class BillState(StrEnum):
    """How a bill stands on a day."""

    OPEN = "open"
    PART_PAID = "part_paid"
    OVERDUE = "overdue"
    # Past its last day, of a person who pays alone: an unpaid month, nothing is owed.
    NOT_PAID = "not_paid"
    # The law lets it wait, and no late fee is added.
    DEFERRED = "deferred"
    # The premium is paid, its late fee is not.
    LATE_FEE = "late_fee"
    PAID = "paid"
    # Nobody is left to ask: nothing is to be paid, and nothing of the rest was.
    WRITTEN_OFF = "written_off"
    # An adjustment in the payer's favour.
    CREDIT = "credit"


class Payer(NamedTuple):
    """Whose bills: one of the two is set."""

    employer_id: int | None = None
    person_id: int | None = None

    def owes(self) -> ColumnElement[bool]:
        """Return the condition that an issued bill is this payer's."""
        mine = (
            Bill.employer_id == self.employer_id
            if self.employer_id is not None
            else is_of(Bill.person_id, self.person_id)
        )
        return mine & Bill.issued_at.is_not(None)


@dataclass(frozen=True, slots=True)
class BillOn:
    """A bill as it stands on a day."""

    bill: Bill
    on: date
    late_fee_fen: int
    # The last day of the deferral that the day lies in.
    deferred_until: date | None = None
    written_off_on: date | None = None

    @property
    def outstanding_fen(self) -> int:
        """Return what of the premium is to be paid; nothing of a bill in the payer's favour."""
        return 0 if self.written_off_on else max(0, self.bill.outstanding_fen)

    @property
    def written_off_fen(self) -> int:
        """Return what of the premium was neither paid nor is asked for: it is counted apart."""
        return max(0, self.bill.outstanding_fen) if self.written_off_on else 0

    @property
    def to_pay_fen(self) -> int:
        """Return what settles the bill on the day: premium and late fee."""
        return self.outstanding_fen + self.late_fee_fen

    @property
    def state(self) -> BillState:
        """Return how the bill stands."""
        # Below zero the office owes the payer: an adjustment that takes back more than it asks for.
        if self.bill.total_fen < 0:
            return BillState.CREDIT
        if self.written_off_on is not None:
            return BillState.WRITTEN_OFF
        if not self.outstanding_fen:
            return BillState.LATE_FEE if self.late_fee_fen else BillState.PAID
        if self.deferred_until is not None:
            return BillState.DEFERRED
        if self.on > late_since(self.bill):
            # A person who pays alone may pay and need not (SIL 10, 23, 60): nothing is overdue.
            return BillState.OVERDUE if self.bill.employer_id else BillState.NOT_PAID
        return BillState.PART_PAID if self.bill.paid_fen else BillState.OPEN


class UsedPayment(NamedTuple):
    """What of one payment was used for a bill, and for what."""

    received_on: date
    kind: PaymentKind
    premium_fen: int
    late_fee_fen: int

    @property
    def total_fen(self) -> int:
        """Return what was used in all."""
        return self.premium_fen + self.late_fee_fen


@dataclass(frozen=True, slots=True)
class WholeBill:
    """A bill with its lines, what was paid on it, and why it was made if it is an adjustment."""

    now: BillOn
    lines: list[BillLine]
    payments: list[UsedPayment]
    facts: FeeFacts
    terms: LateFeeTerms
    reason: str | None
    # What of it the tax office collects: that is paid there.
    by_tax_office: list[Insurance]
    # Figures whose notice is missing, until an adjustment followed (`levy.provisional`).
    provisional: Facts
    # It and the payer's others of the same closing day, in the order in which they are paid.
    together: list[Bill] = field(default_factory=list)

    @property
    def bill(self) -> Bill:
        """Return the bill itself."""
        return self.now.bill

    @property
    def also_fen(self) -> int:
        """Return what is to be paid of the others of the same closing day."""
        return sum(max(0, bill.outstanding_fen) for bill in self.together if bill is not self.bill)

    def on(self, day: date) -> BillOn:
        """Return how the bill would stand on another day if nothing more were paid until then."""
        return _bill_on(self.bill, self.facts, day, self.terms)


def load_bills(
    session: Session, payer: Payer, *, packs: PackSet, on: date, page: int = 1
) -> tuple[list[BillOn], bool]:
    """Return a page of a payer's bills, the newest first, and whether there are more.

    Three statements, however many bills.
    """
    found = list(
        session.scalars(
            select(Bill)
            .where(payer.owes())
            .order_by(Bill.contribution_month.desc(), Bill.id.desc())
            .limit(PAGE + 1)
            .offset((page - 1) * PAGE)
        )
    )
    shown = found[:PAGE]
    facts = load_fee_facts(session, shown)
    rows = [_bill_on(bill, facts[bill.id], on, late_fee_terms(packs, bill)) for bill in shown]
    return rows, len(found) > PAGE


def find_bill(session: Session, payer: Payer, reference: int) -> Bill | None:
    """Return a payer's issued bill by its bank reference; None for others' and for none."""
    # By payer and reference in one: others' bills and none look the same, and cannot be probed.
    return session.scalar(select(Bill).where(payer.owes(), Bill.bank_reference == reference))


def load_bill(session: Session, bill: Bill, *, packs: PackSet, on: date) -> WholeBill:
    """Return a bill with all that its page shows; five statements, one more of a person's."""
    lines = session.scalars(select(BillLine).where(BillLine.bill_id == bill.id)).all()
    payments = _payments(session, bill)
    parameters = packs.parameters(bill.region_code, bill.contribution_month)
    terms = parameters.late_fee_terms()
    reason, provisional = _about_run(session, bill)
    in_order = sorted(lines, key=lambda line: insurance_order(line.insurance))
    facts = load_fee_facts(session, [bill])[bill.id]
    now = _bill_on(bill, facts, on, terms)
    by_tax = [
        line.insurance
        for line in in_order
        if line.total_fen and parameters.collecting_body(line.insurance) == TAX_OFFICE
    ]
    together = paid_together(session, bill)
    return WholeBill(now, in_order, payments, facts, terms, reason, by_tax, provisional, together)


def _about_run(session: Session, bill: Bill) -> tuple[str | None, Facts]:
    """Return why a bill adjusts, and which of its figures are still provisional."""
    run, later = LevyRun, aliased(LevyRun)
    adjusted = and_(
        later.region_code == run.region_code,
        later.kind == LevyKind.ADJUSTMENT,
        # Of one person's: only that person's bills, which no other run is about.
        later.person_id.is_(None),
        later.state.in_((LevyState.ISSUED, LevyState.CANCELLED)),
        later.id > run.id,
        later.contribution_month <= run.through_month,
        later.through_month >= run.contribution_month,
    )
    rows = session.execute(
        select(run, later)
        .outerjoin(later, adjusted)
        .where(run.id == bill.levy_run_id)
        .order_by(later.id)
    ).all()
    if not rows:
        return None, []
    looked = [adjustment for _, adjustment in rows if adjustment is not None]
    return rows[0][0].reason, _still_provisional(rows[0][0], looked)


def _still_provisional(run: LevyRun, adjustments: Sequence[LevyRun]) -> Facts:
    """Return the figures of a run whose notice no adjustment after it had either."""
    if not adjustments:
        return run.provisional
    months = {}
    for month in months_through(run.contribution_month, run.through_month):
        covering = [
            later
            for later in adjustments
            if later.contribution_month <= month <= later.through_month
        ]
        # The last adjustment has the last word, also where it was provisional itself.
        months[month] = figures_of(covering[-1] if covering else run, month)
    return figures_by_month(months)


def _payments(session: Session, bill: Bill) -> list[UsedPayment]:
    """Return the payments a bill was paid with, less what was taken back of them."""
    is_premium = Allocation.kind == AllocationKind.PREMIUM
    fen = Allocation.amount_fen
    rows = session.execute(
        select(
            Allocation.paid_on,
            Payment.kind,
            func.sum(case((is_premium, fen), else_=0)),
            func.sum(case((is_premium, 0), else_=fen)),
        )
        .join(Payment, Payment.id == Allocation.payment_id)
        .where(Allocation.bill_id == bill.id)
        .group_by(Payment.id, Payment.kind, Allocation.paid_on)
        .order_by(Allocation.paid_on, Payment.id)
    )
    return [UsedPayment(on, kind, int(premium), int(fee)) for on, kind, premium, fee in rows]


def _bill_on(bill: Bill, facts: FeeFacts, on: date, terms: LateFeeTerms) -> BillOn:
    if facts.written_off_on is not None:
        return BillOn(bill, on, 0, written_off_on=facts.written_off_on)
    # A bill of which more is open than what waits is not deferred: the rest is overdue.
    waits = [
        pause.last
        for pause in facts.pauses
        if pause.first <= on <= pause.last
        and (pause.fen is None or bill.outstanding_fen <= pause.fen)
    ]
    fee = late_fee_asked(bill, facts, on, terms)
    return BillOn(bill, on, fee, max(waits, default=None))
