"""Stop a benefit while its recipient serves a sentence, after lawful service, and let it go on.

What is not paid meanwhile is not held back for later: it is not due (劳社厅函〔2001〕44号).
"""

from datetime import date, datetime

from sqlalchemy import func, literal, select, update
from sqlalchemy.orm import Session

from siweb.audit.actor import SYSTEM, Actor
from siweb.audit.record import record_activity
from siweb.messages.kinds.benefits import STOP_ANNOUNCED, STOP_ENDED
from siweb.messages.notify import notify, subject_of
from siweb.messages.tables.service import MessageService
from siweb.registry.person_keys import is_of
from siweb.registry.tables.benefit import Benefit, BenefitState
from siweb.reviews.tables.sign import Sign, SignKind, SignState
from siweb.rules.calendar.months import add_months, month_of
from siweb.signs.examine import ExaminationRefused, close_examination, hold_open


def announce_stop(session: Session, sign: Sign, *, words: str, actor: Actor, at: datetime) -> None:
    """Decide that a sentence stops the benefits, and tell the person; nothing stops by this alone.

    :raises ExaminationRefused: "sign_examined", or "sign_other_kind".
    """
    if sign.kind is not SignKind.PRISON:
        raise ExaminationRefused("sign_other_kind")
    hold_open(session, sign)
    close_examination(session, sign, is_so=True, words=words, actor=actor, at=at)
    notify(
        session,
        STOP_ANNOUNCED,
        sign.person_id,
        region_code=sign.region_code,
        subject=("sign", sign.id),
        at=at,
    )


def stop_served(session: Session, *, on: date, at: datetime) -> int:
    """Stop the benefits whose notice was served, with the first month after that; return how many.

    A month that had begun when it was served, or when the office knew of it, is paid.
    """
    rows = session.execute(
        select(Sign, func.max(MessageService.recorded_on), func.min(MessageService.served_on))
        .join(MessageService, MessageService.subject == subject_of("sign", Sign.id))
        .where(
            MessageService.kind == STOP_ANNOUNCED.name,
            MessageService.region_code == Sign.region_code,
            MessageService.served_on <= on,
            Sign.state == SignState.CONFIRMED,
            Sign.kind == SignKind.PRISON,
            Sign.stopped_from_month.is_(None),
            Sign.resumed_from_month.is_(None),
        )
        .group_by(Sign.id)
    ).all()
    stopped = 0
    for sign, recorded_on, served_on in rows:
        first = add_months(month_of(max(day for day in (recorded_on, served_on) if day)), 1)
        if first > month_of(on):
            continue
        sign.stopped_from_month = first
        stopped += _stop(session, sign, first)
        _note(session, sign, "sign.stopped", first, SYSTEM, at)
    return stopped


def resume(
    session: Session, sign: Sign, from_month: str, *, on: date, actor: Actor, at: datetime
) -> None:
    """Let the benefits go on from the month after the release.

    :raises ExaminationRefused: "sign_not_stopped", or "sign_before_stop" of a month before it.
    """
    session.refresh(sign, with_for_update=True)
    if sign.stopped_from_month is None or sign.resumed_from_month is not None:
        raise ExaminationRefused("sign_not_stopped")
    if from_month < sign.stopped_from_month:
        raise ExaminationRefused("sign_before_stop")
    sign.resumed_from_month = from_month
    session.execute(
        update(Benefit)
        .where(Benefit.stop_sign_id == sign.id, Benefit.state == BenefitState.SUSPENDED)
        .values(
            state=BenefitState.ACTIVE,
            suspended_from_month=None,
            stop_sign_id=None,
            # Whoever comes back from prison was seen alive: the period begins anew.
            certified_on=on,
        )
        .execution_options(synchronize_session=False)
    )
    notify(
        session,
        STOP_ENDED,
        sign.person_id,
        region_code=sign.region_code,
        subject=("sign", sign.id),
        at=at,
    )
    _note(session, sign, "sign.resumed", from_month, actor, at)


def _stop(session: Session, sign: Sign, first: str) -> int:
    result = session.execute(
        update(Benefit)
        .where(
            is_of(Benefit.person_id, sign.person_id),
            Benefit.region_code == sign.region_code,
            Benefit.state != BenefitState.TERMINATED,
            Benefit.stop_sign_id.is_(None),
        )
        .values(
            state=BenefitState.SUSPENDED,
            # Suspended before, for want of a certification, it stays so from that month on.
            suspended_from_month=func.coalesce(
                Benefit.suspended_from_month, literal(first, Benefit.suspended_from_month.type)
            ),
            stop_sign_id=sign.id,
        )
        .execution_options(synchronize_session=False)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def _note(
    session: Session, sign: Sign, action: str, month: str, actor: Actor, at: datetime
) -> None:
    session.flush()
    record_activity(
        session,
        action,
        actor=actor,
        at=at,
        subject=("sign", sign.id),
        person_id=sign.person_id,
        facts={"from_month": month},
    )
