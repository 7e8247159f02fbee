"""Leave what is left of a payment as its payer's credit, for bills to come."""

from datetime import datetime

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.collection.payments.allocate import PaymentRefused, are_one_payers, hold_money
from siweb.collection.payments.match import bill_named
from siweb.collection.payments.rhythm import rhythm_of
from siweb.collection.payments.take_back import waiting_refund_fen
from siweb.collection.tables.payment import MatchedBy, Payment
from siweb.registry.codes import Scheme
from siweb.registry.person_keys import is_of
from siweb.registry.tables.enrolment import Enrolment
from siweb.rules.calendar.pay_periods import Every


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


def keep_for_months_to_come(
    session: Session, payment: Payment, *, actor: Actor, at: datetime
) -> bool:
    """Keep what somebody paid ahead by the quarter or the year, for the bills of these months.

    Whoever pays by the month did not mean to: that money waits for a look. So does what comes from
    somebody who stopped, since there are no months to come, and what came too late for its bills.
    """
    if payment.person_id is None or payment.kept_at is not None:
        return False
    if not 0 < payment.unallocated_fen < payment.amount_fen:
        return False
    if payment.unallocated_fen <= waiting_refund_fen(session, payment):
        return False
    goes_on = exists().where(
        is_of(Enrolment.person_id, payment.person_id),
        Enrolment.scheme == Scheme.FLEXIBLE,
        Enrolment.to_month.is_(None),
    )
    is_ahead = rhythm_of(session, payment.person_id) is not Every.MONTH
    if not is_ahead or not session.scalar(select(goes_on)):
        return False
    keep_credit(session, payment, None, actor=actor, at=at)
    return True


def kept_for(person_id: int) -> Select[int]:
    """Return the question how much in fen is kept for somebody's bills to come."""
    return select(func.coalesce(func.sum(Payment.unallocated_fen), 0)).where(
        is_of(Payment.person_id, person_id),
        Payment.kept_at.is_not(None),
        Payment.unallocated_fen > 0,
    )


def _name_payer(session: Session, payment: Payment, reference: int) -> None:
    bill = bill_named(session, payment.region_code, reference)
    if not are_one_payers(session, (payment, bill)):
        raise PaymentRefused("two_payers")
    payment.employer_id, payment.person_id = bill.employer_id, bill.person_id
    payment.matched_by = payment.matched_by or MatchedBy.STAFF
