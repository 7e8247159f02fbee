"""What the desk does about arrears: tell the payer, or defer where a law allows it."""

from datetime import date, datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.collection.arrears.daily import ArrearsRefused, deadline, end_deferrals
from siweb.collection.tables.arrears import Arrears, ArrearsState, Deferral
from siweb.collection.tables.instalment import Instalment
from siweb.rules.parameters.pack_set import PackSet


def serve_notice(
    session: Session,
    arrears: Arrears,
    received_on: date,
    *,
    packs: PackSet,
    actor: Actor,
    at: datetime,
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
        arrears.pay_by = deadline(packs, arrears.region_code, "arrears_payment", received_on)
        arrears.state = ArrearsState.NOTICED
        _note(session, "arrears.noticed", arrears, actor, at)
    return arrears


def defer(
    session: Session,
    arrears: Arrears,
    days: tuple[date, date],
    legal_basis: str,
    *,
    actor: Actor,
    at: datetime,
) -> Arrears:
    """Defer arrears from a day to a day, both in it; premiums wait only where a law says so.

    No late fee is added on these days (SIL 60, 63; Order 13 Art. 21, 22); the day after the last
    it goes on.

    :raises ArrearsRefused: "paid", "no_legal_basis", "until_past" for an end before the arrears,
        or "day_order".
    """
    from_on, until = days
    if arrears.state is ArrearsState.PAID:
        raise ArrearsRefused("paid")
    if not legal_basis.strip():
        raise ArrearsRefused("no_legal_basis")
    if until <= arrears.found_on:
        raise ArrearsRefused("until_past")
    if until < from_on:
        raise ArrearsRefused("day_order")
    # What was agreed on before does not hold any more.
    session.execute(delete(Instalment).where(Instalment.arrears_id == arrears.id))
    end_deferrals(session, arrears.id, from_on - timedelta(days=1))
    arrears.state = ArrearsState.DEFERRED
    arrears.deferred_until = until
    arrears.legal_basis = legal_basis.strip()[:200]
    session.add(
        Deferral(
            arrears_id=arrears.id,
            from_on=from_on,
            until=until,
            legal_basis=arrears.legal_basis,
            approved_at=at,
        )
    )
    _note(session, "arrears.deferred", arrears, actor, at)
    return arrears


def _note(session: Session, action: str, arrears: Arrears, actor: Actor, at: datetime) -> None:
    arrears.changed_at = at
    days = {"pay_by": arrears.pay_by, "deferred_until": arrears.deferred_until}
    record_activity(
        session,
        action,
        actor=actor,
        at=at,
        subject=("arrears", arrears.id),
        facts={name: day.isoformat() for name, day in days.items() if day},
    )
