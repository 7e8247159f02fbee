"""What the bank did with a transaction: paid, or not, and then its payout waits again."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.collection.tables.payout import (
    LineState,
    PaymentFile,
    PaymentFileLine,
    Payout,
    PayoutKind,
    PayoutState,
)
from siweb.ledgers.tables.benefit_entry import BenefitEntry, BenefitEntryKind
from siweb.messages.kinds.benefits import BACK_PAY_RETURNED
from siweb.messages.kinds.bills import EMPLOYER_REFUND_RETURNED, REFUND_RETURNED
from siweb.messages.notify import notify
from siweb.registry.person_keys import is_of
from siweb.registry.tables.person import Person

_RETURNED = {PayoutKind.BENEFIT: BACK_PAY_RETURNED, PayoutKind.REFUND: REFUND_RETURNED}


def find_line(
    session: Session, end_to_end: str, *, region_code: str | None = None
) -> PaymentFileLine | None:
    """Return the transaction of a name, held until commit; of another region it is none."""
    query = (
        select(PaymentFileLine)
        .join(PaymentFile, PaymentFile.id == PaymentFileLine.payment_file_id)
        .where(PaymentFileLine.end_to_end == end_to_end)
        .with_for_update(of=PaymentFileLine)
    )
    if region_code is not None:
        query = query.where(PaymentFile.region_code == region_code)
    return session.scalars(query).first()


def note_paid(
    session: Session, line: PaymentFileLine, on: date, *, actor: Actor, at: datetime
) -> bool:
    """Note that the bank paid a transaction; False where that is known."""
    if line.state is not LineState.SENT:
        return False
    payout = session.get_one(Payout, line.payout_id, with_for_update={"of": Payout})
    line.state, line.answered_at = LineState.PAID, at
    payout.state, payout.paid_on, payout.reason = PayoutState.PAID, on, ""
    _date_back_pay(session, payout, on)
    _note(session, payout, line, "payout.paid", actor, at, {"paid_on": on.isoformat()})
    return True


def note_rejected(
    session: Session, line: PaymentFileLine, reason: str, *, actor: Actor, at: datetime
) -> bool:
    """Note that the bank did not pay, or that the money came back; False where that is known.

    The payout waits with the reason, and goes into another file once its account was named anew.
    """
    # Not only what is SENT: a bank may pay, and send the money back days later.
    if line.state is LineState.REJECTED:
        return False
    payout = session.get_one(Payout, line.payout_id, with_for_update={"of": Payout})
    line.state, line.reason, line.answered_at = LineState.REJECTED, reason[:200], at
    payout.state, payout.reason, payout.paid_on = PayoutState.REJECTED, reason[:200], None
    _date_back_pay(session, payout, None)
    _note(session, payout, line, "payout.rejected", actor, at, {"reason": reason[:200]})
    _tell_of_return(session, payout, line, at)
    return True


def _tell_of_return(session: Session, payout: Payout, line: PaymentFileLine, at: datetime) -> None:
    """Tell whose money did not reach them, at once or days later.

    Heirs are written to by the desk.
    """
    about: dict[str, Any] = {
        "region_code": payout.region_code,
        "subject": ("payout", line.end_to_end),
    }
    if payout.employer_id is not None:
        notify(session, EMPLOYER_REFUND_RETURNED, payout.employer_id, **about, at=at)
        return
    kind = _RETURNED.get(payout.kind)
    if kind is None or payout.person_id is None:
        return
    if session.get_one(Person, payout.person_id).died_on is None:
        notify(session, kind, payout.person_id, **about, at=at)


def _date_back_pay(session: Session, payout: Payout, on: date | None) -> None:
    """Let the months of a benefit that a payout pays say when: they were decided at its instant."""
    if payout.kind is not PayoutKind.BENEFIT:
        return
    months = session.scalars(
        select(BenefitEntry).where(
            is_of(BenefitEntry.person_id, payout.person_id),
            BenefitEntry.region_code == payout.region_code,
            BenefitEntry.kind == BenefitEntryKind.BACK_PAY,
            BenefitEntry.recorded_at == payout.ordered_at,
        )
    )
    for entry in months:
        entry.paid_on = on


def _note(
    session: Session,
    payout: Payout,
    line: PaymentFileLine,
    action: str,
    actor: Actor,
    at: datetime,
    facts: dict[str, str],
) -> None:
    session.flush()
    record_activity(
        session,
        action,
        actor=actor,
        at=at,
        subject=("payout", payout.id),
        person_id=payout.person_id,
        facts={"end_to_end": line.end_to_end, **facts},
    )
