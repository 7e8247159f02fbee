"""Withdraw a benefit that was not due, in effect once served; let it begin again.

A pension wrongly approved, or a benefit that an earlier system drew for the wrong person. Nothing
is written over: what was paid for these months is named among what was paid too much, and comes
back as a difference in the paying side's list (经办条例 46).
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from siweb.audit.actor import SYSTEM, Actor
from siweb.audit.record import record_activity
from siweb.documents.revoke import revoke_papers
from siweb.documents.tables.document import Document, DocumentKind
from siweb.ledgers.benefits.withdrawn import standing_withdrawal
from siweb.messages.kinds.registration import BENEFIT_BEGINS_AGAIN, BENEFIT_WITHDRAWN
from siweb.messages.notify import notify, subject_of
from siweb.messages.served import is_served
from siweb.pensions.paper import issue_decision
from siweb.pensions.tables.pension_application import PensionApplication
from siweb.registry.person_keys import is_of
from siweb.registry.tables.benefit import (
    Benefit,
    BenefitKind,
    BenefitState,
    BenefitWithdrawal,
)
from siweb.registry.tables.person import Person
from siweb.reviews.tables.sign import Sign
from siweb.rules.calendar.months import add_months, month_of
from siweb.rules.errors import Refusal

SUBJECT = "benefit_withdrawal"


class WithdrawalRefused(Refusal):
    """When a benefit cannot be withdrawn, or begin again, so; `code` says why."""


def require_withdrawable(session: Session, benefit: Benefit, from_month: str, on: date) -> None:
    """Hold a benefit until commit, if it can be withdrawn from a month on.

    :raises WithdrawalRefused: "withdrawn_already"; "before_begin" of a month before its first;
        "after_next_month" of one later than the next.
    """
    _hold(session, benefit)
    if standing_withdrawal(session, benefit.id) is not None:
        raise WithdrawalRefused("withdrawn_already")
    if from_month < benefit.from_month:
        raise WithdrawalRefused("before_begin")
    if from_month > add_months(month_of(on), 1):
        raise WithdrawalRefused("after_next_month")


def require_withdrawn(
    session: Session, benefit: Benefit, from_month: str, on: date
) -> BenefitWithdrawal:
    """Return the withdrawal that stands, if its benefit can begin again with a month.

    :raises WithdrawalRefused: "not_withdrawn"; "before_withdrawal" of a month before it;
        "after_next_month".
    """
    _hold(session, benefit)
    withdrawal = standing_withdrawal(session, benefit.id)
    if withdrawal is None:
        raise WithdrawalRefused("not_withdrawn")
    if from_month < withdrawal.from_month:
        raise WithdrawalRefused("before_withdrawal")
    if from_month > add_months(month_of(on), 1):
        raise WithdrawalRefused("after_next_month")
    return withdrawal


def withdraw(
    session: Session,
    benefit: Benefit,
    from_month: str,
    *,
    task_id: int,
    on: date,
    actor: Actor,
    at: datetime,
) -> BenefitWithdrawal:
    """Decide that a benefit is not due from a month on; nothing ends by this alone.

    :raises WithdrawalRefused: as `require_withdrawable` does.
    """
    require_withdrawable(session, benefit, from_month, on)
    withdrawal = BenefitWithdrawal(
        benefit_id=benefit.id, from_month=from_month, decided_at=at, task_id=task_id
    )
    session.add(withdrawal)
    session.flush()
    _note(session, "benefit.withdrawn", benefit, from_month, actor, at)
    notify(
        session,
        BENEFIT_WITHDRAWN,
        benefit.person_id,
        region_code=benefit.region_code,
        subject=(SUBJECT, withdrawal.id),
        at=at,
    )
    _end_of_dead(session, on=on, at=at)
    return withdrawal


def end_withdrawn(session: Session, *, on: date, at: datetime) -> int:
    """End the benefits whose withdrawal was served; return how many. The caller commits."""
    served = is_served(
        BENEFIT_WITHDRAWN, Benefit.region_code, subject_of(SUBJECT, BenefitWithdrawal.id), on
    )
    return _end(session, or_(served, Person.died_on.is_not(None)), on=on, at=at)


def _end_of_dead(session: Session, *, on: date, at: datetime) -> None:
    # Nothing is served on the dead, and no month after the death is due anyway.
    _end(session, Person.died_on.is_not(None), on=on, at=at)


def _end(session: Session, which: ColumnElement[bool], *, on: date, at: datetime) -> int:
    rows = session.execute(
        select(BenefitWithdrawal, Benefit)
        .join(Benefit, Benefit.id == BenefitWithdrawal.benefit_id)
        .join(Person, Person.id == Benefit.person_id)
        .where(
            BenefitWithdrawal.stopped_on.is_(None),
            BenefitWithdrawal.resumed_at.is_(None),
            which,
        )
        .order_by(BenefitWithdrawal.id)
    ).all()
    for withdrawal, benefit in rows:
        withdrawal.state_before, withdrawal.stopped_on = benefit.state, on
        benefit.state = BenefitState.TERMINATED
        if benefit.kind is BenefitKind.PENSION:
            revoke_papers(session, _papers(session, benefit), at=at)
        _note(session, "benefit.withdrawn_ended", benefit, withdrawal.from_month, SYSTEM, at)
    return len(rows)


def begin_again(
    session: Session,
    benefit: Benefit,
    from_month: str,
    monthly_fen: int | None,
    *,
    task_id: int,
    on: date,
    actor: Actor,
    at: datetime,
    secret: str,
) -> BenefitWithdrawal:
    """Let a withdrawn benefit be due again from a month on, with another amount if one is given.

    From the month of the withdrawal itself on, no month was drawn wrongly. The months that were
    not paid meanwhile are paid by the paying side, whose list brings them.

    :raises WithdrawalRefused: as `require_withdrawn` does.
    """
    withdrawal = require_withdrawn(session, benefit, from_month, on)
    withdrawal.resumed_from_month, withdrawal.resumed_at = from_month, at
    withdrawal.resuming_task_id = task_id
    if monthly_fen is not None:
        benefit.monthly_fen = monthly_fen
    if withdrawal.state_before is not None:
        _resume(session, benefit, withdrawal.state_before)
        if from_month == withdrawal.from_month:
            _issue_again(session, benefit, on=on, actor=actor, at=at, secret=secret)
    session.flush()
    _note(session, "benefit.begins_again", benefit, from_month, actor, at)
    notify(
        session,
        BENEFIT_BEGINS_AGAIN,
        benefit.person_id,
        region_code=benefit.region_code,
        subject=(SUBJECT, withdrawal.id),
        at=at,
    )
    return withdrawal


def _resume(session: Session, benefit: Benefit, before: BenefitState) -> None:
    if session.get_one(Person, benefit.person_id).died_on is not None:
        return
    sign = session.get(Sign, benefit.stop_sign_id) if benefit.stop_sign_id else None
    if sign is not None and sign.resumed_from_month is not None:
        # Meanwhile the sentence was served: it stops nothing any more.
        benefit.stop_sign_id, benefit.suspended_from_month = None, None
        before = BenefitState.ACTIVE
    benefit.state = before


def _hold(session: Session, benefit: Benefit) -> None:
    # The person first, as whoever registers a death does.
    session.get_one(Person, benefit.person_id, with_for_update={"of": Person})
    session.refresh(benefit, with_for_update=True)


def _papers(session: Session, benefit: Benefit) -> Sequence[Document]:
    """Return the decision on a pension, and the certificates that say it is drawn."""
    decision = select(PensionApplication.document_id).where(
        PensionApplication.benefit_id == benefit.id
    )
    return session.scalars(
        select(Document).where(
            is_of(Document.person_id, benefit.person_id),
            Document.revoked_at.is_(None),
            or_(
                Document.id.in_(decision),
                Document.kind == DocumentKind.PENSION_CERTIFICATE,
            ),
        )
    ).all()


def _issue_again(
    session: Session, benefit: Benefit, *, on: date, actor: Actor, at: datetime, secret: str
) -> None:
    """Issue the decision anew, where a pension was approved here: its paper was revoked."""
    application = session.scalar(
        select(PensionApplication).where(PensionApplication.benefit_id == benefit.id)
    )
    if application is None:
        return
    person = session.get_one(Person, application.person_id)
    issue_decision(session, application, person, on=on, actor=actor, at=at, secret=secret)


def _note(
    session: Session, action: str, benefit: Benefit, month: str, actor: Actor, at: datetime
) -> None:
    session.flush()
    record_activity(
        session,
        action,
        actor=actor,
        at=at,
        subject=("benefit", benefit.id),
        person_id=benefit.person_id,
        facts={"from_month": month},
    )
