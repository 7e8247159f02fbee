"""What somebody who pays by the quarter or the year pays ahead is kept for their next bills."""

from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.collection.payments.keep_credit import keep_credit
from siweb.collection.payments.rhythm.choice import rhythm_of
from siweb.collection.payments.take_back import waiting_refund_fen
from siweb.collection.tables.payment import Payment
from siweb.registry.codes import Scheme
from siweb.registry.person_keys import is_of
from siweb.registry.tables.enrolment import Enrolment
from siweb.rules.calendar.pay_periods import Every


def keep_for_months_to_come(
    session: Session, payment: Payment, *, actor: Actor, at: datetime
) -> bool:
    """Keep what somebody paid ahead by the quarter or the year, for the bills of these months.

    Whoever pays by the month did not mean to: that money waits for a look. So does what comes from
    somebody who stopped: there are no months to come.
    """
    if payment.person_id is None or payment.kept_at is not None or payment.unallocated_fen <= 0:
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


def kept_for(session: Session, person_id: int) -> int:
    """Return how much in fen is kept for somebody's bills to come."""
    kept = select(func.coalesce(func.sum(Payment.unallocated_fen), 0)).where(
        is_of(Payment.person_id, person_id),
        Payment.kept_at.is_not(None),
        Payment.unallocated_fen > 0,
    )
    return int(session.scalar(kept) or 0)
