"""Find the bills that a payment is for: by one reference, or by two signs that agree.

A name alone, an amount alone and several references are no certainty: two firms share a name's
beginning, two bills an amount. What is not certain stays in the queue with its suggestions:
money on the wrong bill costs two people an apology.
"""

import re
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from siweb.collection.payments.allocate import (
    PaymentRefused,
    is_any_written_off,
    open_bills,
)
from siweb.collection.payments.bank_reference import references_in
from siweb.collection.payments.late_fee import late_fee_due
from siweb.collection.tables.arrears import is_written_off
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.payment import MatchedBy, Payment
from siweb.registry.person_keys import is_of
from siweb.registry.tables.employer import Employer
from siweb.rules.identifiers.typed_text import unicode_form
from siweb.rules.parameters.pack_set import PackSet

_MOST = 200


@dataclass(frozen=True, slots=True)
class Match:
    """The bills that a payment is for, all of one payer; `named` is the one it refers to."""

    matched_by: MatchedBy
    bills: tuple[Bill, ...]
    named: Bill | None = None


@dataclass(frozen=True, slots=True)
class Payers:
    """Who may have paid, from the name and the account that the bank states."""

    employer_ids: frozenset[int]
    # The employer that both the name and the account are of.
    certain_employer_id: int | None = None

    def may_owe(self, bill: Bill) -> bool:
        """Tell whether a bill is one of these employers'."""
        return bill.employer_id in self.employer_ids


def find_match(session: Session, payment: Payment, *, packs: PackSet) -> Match | None:
    """Return what a payment is for, or None when a person has to say.

    One reference is certain. Without any, two signs must agree: the payer's name or account with
    the amount of exactly one bill, or name and account with one another. Names of people are too
    common to count: a person's bill is found by its reference.
    """
    # The reference before all else: its check digits make it certain, also of a stranger's money.
    named = bills_named(session, payment.region_code, payment.remittance)
    if len(named) == 1 and not is_any_written_off(session, named):
        together = tuple(paid_together(session, named[0]))
        # What is due with it is paid in the order of its months, whichever of them is named.
        return Match(MatchedBy.REFERENCE, together, named[0] if len(together) == 1 else None)
    if named:
        # Several bills in one transfer: the desk is offered the split. Of what was written off
        # the payer pays after all: two people take the claim up first.
        return None
    payers = payers_of(session, payment)
    if not payers.employer_ids:
        return None
    of_amount = [
        bill
        for bill in bills_of_amount(session, payment, packs=packs)
        if bill.employer_id in payers.employer_ids
    ]
    # Two bills of one amount are a guess.
    if len(of_amount) == 1:
        return Match(MatchedBy.AMOUNT, (of_amount[0],), of_amount[0])
    if payers.certain_employer_id is None:
        return None
    bills = [
        bill
        for bill in open_bills(session, payers.certain_employer_id, None, packs=packs)
        if bill.region_code == payment.region_code
    ]
    return Match(MatchedBy.PAYER, tuple(bills)) if bills else None


def paid_together(session: Session, bill: Bill) -> list[Bill]:
    """Return a bill with its payer's others of the same closing day, in the order of their months.

    An employer's bill, and one that is due alone, stands alone.
    """
    if bill.person_id is None:
        return [bill]
    others = session.scalars(
        select(Bill)
        .where(
            is_of(Bill.person_id, bill.person_id),
            Bill.region_code == bill.region_code,
            Bill.due_on == bill.due_on,
            Bill.issued_at.is_not(None),
            Bill.paid_fen < Bill.total_fen,
            Bill.id != bill.id,
        )
        .order_by(Bill.id)
    )
    return sorted([bill, *others], key=lambda each: (each.contribution_month, each.id))


def bill_named(session: Session, region_code: str, reference: int) -> Bill:
    """Return the bill that a person names, of the region whose money is used.

    :raises PaymentRefused: "no_such_bill", or "other_region" with the code of its region.
    """
    bill = session.scalar(select(Bill).where(Bill.bank_reference == reference))
    if bill is None:
        raise PaymentRefused("no_such_bill")
    if bill.region_code != region_code:
        raise PaymentRefused("other_region", region=bill.region_code)
    return bill


def bills_named(session: Session, region_code: str, text: str) -> list[Bill]:
    """Return the issued bills whose reference stands in a text, in the order of their due days."""
    references = list(dict.fromkeys(references_in(text)))
    if not references:
        return []
    return list(
        session.scalars(
            select(Bill)
            .where(
                Bill.bank_reference.in_(references),
                Bill.region_code == region_code,
                Bill.issued_at.is_not(None),
            )
            .order_by(Bill.due_on, Bill.id)
        )
    )


def bills_of_amount(session: Session, payment: Payment, *, packs: PackSet) -> list[Bill]:
    """Return the open bills that a payment would settle exactly, its late fee with it or not."""
    outstanding = Bill.total_fen - Bill.paid_fen
    is_open = and_(
        Bill.region_code == payment.region_code,
        Bill.issued_at.is_not(None),
        outstanding > 0,
        ~is_written_off(),
    )
    exact = select(Bill).where(is_open, outstanding == payment.amount_fen)
    found = list(session.scalars(exact.order_by(Bill.due_on, Bill.id).limit(_MOST)))
    # With the fee is asked only then: an amount that is exactly a bill's is likelier that bill's
    # than another one's with its fee.
    if found:
        return found
    late = select(Bill).where(is_open, with_late_fee(payment.amount_fen, payment.received_on))
    candidates = list(session.scalars(late.order_by(Bill.due_on, Bill.id).limit(_MOST + 1)))
    if len(candidates) > _MOST:
        # Too many to be sure that one of them is the only one.
        return []
    on = payment.received_on
    return [
        bill
        for bill in candidates
        if bill.outstanding_fen + late_fee_due(session, bill, on, packs=packs) == payment.amount_fen
    ]


def payers_of(session: Session, payment: Payment) -> Payers:
    """Return the employers that have the payer's account or exact name."""
    name = unicode_form("NFKC", payment.payer_name).strip()
    account = re.sub(r"\D", "", payment.payer_account)
    names = {name, payment.payer_name.strip()} - {""}
    signs: list[ColumnElement[bool]] = []
    if names:
        signs.append(Employer.name.in_(names))
    if account:
        signs.append(Employer.bank_account == account)
    employers = (
        session.execute(
            select(Employer.id, Employer.name, Employer.bank_account).where(
                Employer.region_code == payment.region_code, or_(*signs)
            )
        ).all()
        if signs
        else []
    )
    both = [
        employer_id
        for employer_id, registered, number in employers
        if registered in names and account and number == account
    ]
    return Payers(
        frozenset(employer_id for employer_id, _name, _number in employers),
        # Another employer with the same name or account makes it a question again.
        both[0] if len(both) == 1 and len(employers) == 1 else None,
    )


def with_late_fee(amount_fen: int, on: date) -> ColumnElement[bool]:
    """Return a coarse condition: the amount is above what is left, and not twice as much."""
    outstanding = Bill.total_fen - Bill.paid_fen
    # At 0.05 % a day a fee takes more than five years to double a bill; uncapped and older than
    # that it is for a person.
    return and_(Bill.due_on < on, outstanding < amount_fen, outstanding * 2 > amount_fen)
