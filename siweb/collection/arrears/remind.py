"""Remind employers before what waits by a decision is to be paid: a deferral, an instalment."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from siweb.collection.tables.arrears import Arrears, ArrearsState, Deferral
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.instalment import Instalment
from siweb.messages.kinds.bills import DEFERRAL_ENDING, INSTALMENT_DUE
from siweb.messages.notify import subject_of
from siweb.messages.reminders import remind_of


def remind_of_deferrals(session: Session, *, on: date, at: datetime) -> int:
    """Remind of deferrals that end and of instalments; return how many. The caller commits."""
    # What is paid in instalments ends with the last of them, which has a reminder of its own.
    is_plan = exists().where(Instalment.arrears_id == Arrears.id)
    ends = _waiting(Arrears.deferred_until).where(~is_plan, Bill.paid_fen < Bill.total_fen)
    steps = (
        _waiting(Instalment.due_on)
        .join(Instalment, Instalment.arrears_id == Arrears.id)
        .where(Instalment.paid_by_then_fen > Bill.paid_fen)
    )
    return remind_of(session, DEFERRAL_ENDING, ends, on=on, at=at) + remind_of(
        session, INSTALMENT_DUE, steps, on=on, at=at
    )


def _waiting(last_day: Any) -> Select[Any]:
    # When it was approved last: the payer was told then.
    approved_at = (
        select(func.max(Deferral.approved_at))
        .where(Deferral.arrears_id == Arrears.id)
        .correlate(Arrears)
        .scalar_subquery()
    )
    return (
        select(
            Arrears.region_code.label("region"),
            subject_of("arrears", Arrears.id).label("subject"),
            Bill.employer_id.label("reader"),
            last_day.label("last_day"),
            approved_at.label("known_at"),
        )
        .join_from(Arrears, Bill, Bill.id == Arrears.bill_id)
        .where(Arrears.state == ArrearsState.DEFERRED)
    )
