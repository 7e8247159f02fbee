"""What the desk does about arrears: tell the payer, or defer where a law allows it."""

from datetime import date, datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.collection.arrears.daily import ArrearsRefused, deadline
from siweb.collection.tables.arrears import Arrears, ArrearsState
from siweb.collection.tables.instalment import Instalment


def serve_notice(
    session: Session, arrears: Arrears, received_on: date, *, actor: Actor, at: datetime
) -> Arrears:
    """Note that the payer received the notice on a day; from then on the days to pay run.

    Telling again does not prolong them.

    :raises ArrearsRefused: "paid", or "before_found" for a day before there were arrears.
    """
    if arrears.state is ArrearsState.PAID:
        raise ArrearsRefused("paid")
    if received_on < arrears.found_on:
        raise ArrearsRefused("before_found")
    if arrears.noticed_on is None:
        arrears.noticed_on = received_on
        arrears.pay_by = deadline(session, arrears.region_code, "arrears_payment", received_on)
        arrears.state = ArrearsState.NOTICED
        _note(session, "arrears.noticed", arrears, actor, at)
    return arrears


def defer(
    session: Session, arrears: Arrears, until: date, legal_basis: str, *, actor: Actor, at: datetime
) -> Arrears:
    """Defer arrears to a day; premiums wait only where a law says so (SIL 60, 63).

    :raises ArrearsRefused: "paid", "no_legal_basis", or "until_past".
    """
    if arrears.state is ArrearsState.PAID:
        raise ArrearsRefused("paid")
    if not legal_basis.strip():
        raise ArrearsRefused("no_legal_basis")
    if until <= arrears.found_on:
        raise ArrearsRefused("until_past")
    # What was agreed on before does not hold any more.
    session.execute(delete(Instalment).where(Instalment.arrears_id == arrears.id))
    arrears.state = ArrearsState.DEFERRED
    arrears.deferred_until = until
    arrears.legal_basis = legal_basis.strip()[:200]
    _note(session, "arrears.deferred", arrears, actor, at)
    return arrears


def _note(session: Session, deed: str, arrears: Arrears, actor: Actor, at: datetime) -> None:
    arrears.changed_at = at
    days = {"pay_by": arrears.pay_by, "deferred_until": arrears.deferred_until}
    record_activity(
        session,
        deed,
        actor=actor,
        at=at,
        subject=("arrears", arrears.id),
        facts={name: day.isoformat() for name, day in days.items() if day},
    )
