"""Which bills a payment may be for, found together: a page costs the same for every payment."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, or_, select
from sqlalchemy.orm import Session

from siweb.collection.payments.allocate import is_closed
from siweb.collection.payments.bank_reference import references_in
from siweb.collection.payments.late_fee import late_fees_due
from siweb.collection.payments.match import payers_of, with_late_fee
from siweb.collection.tables.arrears import is_in_arrears
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.payment import Payment
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person
from siweb.rules.identifiers.typed_text import unicode_form
from siweb.rules.parameters.pack_set import PackSet

# More than five suggestions are no help: then the reference is asked for.
_MOST = 5
# A name like “公司” finds thousands; they are ranked in memory, so there is an end.
_CANDIDATES = 200
_LIKE = 4


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A bill that a payment may be for; the more of these are true, the likelier."""

    bill: Bill
    payer_name: str
    to_pay_fen: int
    by_reference: bool
    by_amount: bool
    by_payer: bool

    @property
    def rank(self) -> tuple[bool, int]:
        """Return what is compared: a reference counts for more than everything else."""
        return self.by_reference, self.by_amount + self.by_payer


def suggestions(session: Session, payment: Payment, *, packs: PackSet) -> list[Suggestion]:
    """Return the bills that a payment may be for, the likeliest first; four statements."""
    payers = payers_of(session, payment)
    outstanding = Bill.total_fen - Bill.paid_fen
    named = _is_named(payment)
    exact = outstanding == payment.amount_fen
    late = with_late_fee(payment.amount_fen, payment.received_on)
    name = unicode_form("NFKC", payment.payer_name).strip()
    mine = or_(Bill.employer_id.in_(sorted(payers.employer_ids)), _is_of_person(name))
    like = _is_similar(payment)
    rows = session.execute(
        select(Bill, Employer.name, Person.name)
        .outerjoin(Employer, Employer.id == Bill.employer_id)
        .outerjoin(Person, Person.id == Bill.person_id)
        .where(
            Bill.region_code == payment.region_code,
            Bill.issued_at.is_not(None),
            or_(outstanding > 0, is_in_arrears()),
            or_(named, exact, late, mine, like),
        )
        .order_by(
            # Ordered in the database as well: of thousands that a common name finds, the
            # likeliest are among the first two hundred.
            case((named, 0), (and_(exact, mine), 1), (mine, 2), (exact, 3), (like, 4), else_=5),
            Bill.due_on,
            Bill.id,
        )
        .limit(_CANDIDATES)
    ).all()
    fees = late_fees_due(session, [row[0] for row in rows], payment.received_on, packs=packs)
    numbers = set(references_in(payment.remittance))
    prefix = payment.payer_name.strip()[:_LIKE]
    found = []
    for bill, employer, person in rows:
        to_pay = 0 if is_closed(bill, payment.received_on) else bill.outstanding_fen + fees[bill.id]
        suggestion = Suggestion(
            bill,
            employer or person or "",
            to_pay,
            bill.bank_reference in numbers,
            payment.amount_fen in (bill.outstanding_fen, to_pay),
            payers.may_owe(bill) or (person is not None and person == name),
        )
        is_like = len(prefix) == _LIKE and suggestion.payer_name.startswith(prefix)
        is_signed = suggestion.by_reference or suggestion.by_amount or suggestion.by_payer
        if to_pay > 0 and (is_signed or is_like):
            found.append(suggestion)
    # Sorting is stable: among equals the oldest bill stays first.
    found.sort(key=lambda suggestion: (suggestion.bill.due_on, suggestion.bill.id))
    return sorted(found, key=lambda suggestion: suggestion.rank, reverse=True)[:_MOST]


def _is_of_person(name: str) -> ColumnElement[bool]:
    """Return the condition that a person of that name pays: enough to suggest a bill, no more."""
    return and_(Bill.person_id.is_not(None), Person.name == name) if name else false()


def _is_named(payment: Payment) -> ColumnElement[bool]:
    numbers = list(dict.fromkeys(references_in(payment.remittance)))
    return Bill.bank_reference.in_(numbers) if numbers else false()


def _is_similar(payment: Payment) -> Any:
    """Return the condition that an employer's name begins like the payer's."""
    name = payment.payer_name.strip()
    if len(name) < _LIKE:
        return false()
    return Employer.name.startswith(name[:_LIKE], autoescape=True)
