"""Leave what is left of a payment as its payer's credit, for bills to come."""

from datetime import datetime

from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.collection.payments.allocate import PaymentRefused, are_one_payers, hold_money
from siweb.collection.payments.match import bill_named
from siweb.collection.tables.payment import MatchedBy, Payment


def keep_credit(
    session: Session, payment: Payment, reference: int | None, *, actor: Actor, at: datetime
) -> None:
    """Keep what is left for the payer; of a stranger's money any bill's reference names the payer.

    :raises PaymentRefused: "nothing_left", "no_payer" while the payer has not been named,
        what `bill_named` refuses, or "two_payers" for somebody else's bill.
    """
    hold_money(session, payment.region_code)
    # Read anew: what was left may have been used while we waited.
    session.refresh(payment, with_for_update=True)
    if payment.unallocated_fen <= 0:
        raise PaymentRefused("nothing_left")
    if reference is not None:
        _name_payer(session, payment, reference)
    if payment.employer_id is None and payment.person_id is None:
        raise PaymentRefused("no_payer")
    # Kept since the first time: the day says for how long the office has had the money.
    payment.kept_at = payment.kept_at or at
    session.flush()
    record_activity(
        session,
        "payment.kept",
        actor=actor,
        at=at,
        subject=("payment", payment.id),
        facts={"amount_fen": payment.unallocated_fen},
    )


def _name_payer(session: Session, payment: Payment, reference: int) -> None:
    bill = bill_named(session, payment.region_code, reference)
    if not are_one_payers(session, (payment, bill)):
        raise PaymentRefused("two_payers")
    payment.employer_id, payment.person_id = bill.employer_id, bill.person_id
    payment.matched_by = payment.matched_by or MatchedBy.STAFF
