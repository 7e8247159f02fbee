"""What a day changes in the arrears: bills found unpaid, notices that ran out, bills paid since.

The agency tells the payer within five working days, the payer pays within five working days of
receiving it (Order 20 Art. 16); after that the desk decides what follows (SIL 63, 86). Only
employers have arrears: a person who pays alone may pay, and an unpaid month is just that.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from siweb.collection.payments.late_fee import late_fees_due, may_be_paid_late
from siweb.collection.tables.arrears import Arrears, ArrearsState, Deferral
from siweb.collection.tables.assessment import Assessment
from siweb.collection.tables.bill import Bill, BillKind
from siweb.collection.tables.instalment import Instalment
from siweb.messages.kinds.assessments import ASSESSMENT_DECIDED
from siweb.messages.kinds.bills import BILL_OVERDUE, INSTALMENTS_ENDED
from siweb.messages.notify import day_of, notify_each, subject_of
from siweb.messages.served import is_served
from siweb.rules.calendar.deadlines import compute_deadline
from siweb.rules.errors import Refusal
from siweb.rules.parameters.pack_set import PackSet

# Bills whose late fees are computed together: what one statement reads stays small.
_AT_A_TIME = 500
# Money that came a little too late is told at most a few weeks later.
_LOOKED_BACK = timedelta(days=60)
_OWING = and_(
    Bill.issued_at.is_not(None), Bill.paid_fen < Bill.total_fen, Bill.employer_id.is_not(None)
)
# What was written off stays so, whatever is taken back of its bill: only two people take it up.
_OVER = (ArrearsState.PAID, ArrearsState.WRITTEN_OFF)


class ArrearsRefused(Refusal):
    """When arrears cannot be changed in this way; `code` says why."""


@dataclass(frozen=True, slots=True)
class ArrearsDay:
    """How many arrears were found, ran out and were paid."""

    found: int
    overdue: int
    paid: int


def count_arrears_day(session: Session, *, packs: PackSet, on: date, at: datetime) -> ArrearsDay:
    """Bring the arrears to a day, for every region; the same day twice changes nothing more."""
    # Paid ones end before unpaid ones are found, and what ran out comes last: a bill that was
    # paid this morning is not told that its days are over.
    paid = _close_paid(session, at, packs)
    _open_again(session, at)
    found = sum(
        _find(session, region_code, packs, on, at)
        for region_code in session.scalars(
            select(Bill.region_code).where(_OWING, Bill.due_on < on).distinct()
        ).all()
    )
    found += _find_fees(session, packs, on, at)
    return ArrearsDay(found, _run_out(session, on, at), paid)


def _find(session: Session, region_code: str, packs: PackSet, on: date, at: datetime) -> int:
    late = and_(
        _OWING,
        Bill.region_code == region_code,
        Bill.due_on < on,
        or_(Bill.late_fee_waived_until.is_(None), Bill.late_fee_waived_until < on),
        # Once for each bill: what was paid and bounced is opened again, with its notice and days.
        ~exists().where(Arrears.bill_id == Bill.id),
        _may_be_asked_for(on),
    )
    count = session.scalar(select(func.count()).select_from(Bill).where(late)) or 0
    if count:
        session.execute(
            insert(Arrears).from_select(
                [
                    Arrears.bill_id,
                    Arrears.region_code,
                    Arrears.state,
                    Arrears.found_on,
                    Arrears.notice_by,
                    Arrears.changed_at,
                ],
                select(
                    Bill.id,
                    Bill.region_code,
                    literal(ArrearsState.FOUND.value),
                    literal(on),
                    literal(deadline(packs, region_code, "arrears_notice", on)),
                    literal(at, Arrears.changed_at.type),
                )
                .where(late)
                .order_by(Bill.id),
                include_defaults=False,
            )
        )
        _tell(session, region_code, on, at)
    return count


def _may_be_asked_for(on: date) -> ColumnElement[bool]:
    """Return that a bill is to be paid by a day: what was assessed only once that was served.

    Its late fee runs by law meanwhile (SIL 86); that nobody paid is no arrears yet.
    """
    return or_(
        Bill.kind != BillKind.ASSESSMENT,
        exists().where(
            Assessment.id == Bill.assessment_id,
            is_served(
                ASSESSMENT_DECIDED,
                Assessment.region_code,
                subject_of("assessment", Assessment.reference),
                on,
            ),
        ),
    )


def _tell(session: Session, region_code: str, on: date, at: datetime) -> None:
    """Tell whose bill was found unpaid; the late fee runs by law, whoever reads it (SIL 86)."""
    found = select(
        Bill.region_code,
        subject_of("bill", Bill.id),
        day_of(on),
        Bill.employer_id,
        Bill.due_on,
    ).where(
        Arrears.bill_id == Bill.id,
        Arrears.region_code == region_code,
        Arrears.state == ArrearsState.FOUND,
        Arrears.found_on == on,
    )
    notify_each(session, BILL_OVERDUE, found, at=at)


def _find_fees(session: Session, packs: PackSet, on: date, at: datetime) -> int:
    """Find bills that were paid too late, but before a day found them unpaid, without the fee."""
    count, last = 0, 0
    while True:
        bills = session.scalars(
            select(Bill)
            .where(
                Bill.issued_at.is_not(None),
                Bill.employer_id.is_not(None),
                Bill.total_fen > 0,
                Bill.paid_fen >= Bill.total_fen,
                Bill.due_on.between(on - _LOOKED_BACK, on),
                ~exists().where(Arrears.bill_id == Bill.id),
                may_be_paid_late(),
                Bill.id > last,
            )
            .order_by(Bill.id)
            .limit(_AT_A_TIME)
        ).all()
        if not bills:
            return count
        # Any day will do: nothing of the premium is open, so that the fee grows no more.
        fees = late_fees_due(session, bills, date.max, packs=packs)
        owing = [bill for bill in bills if fees[bill.id] > 0]
        session.add_all(_found(packs, bill, on, at) for bill in owing)
        session.flush()
        count, last = count + len(owing), bills[-1].id


def _found(packs: PackSet, bill: Bill, on: date, at: datetime) -> Arrears:
    return Arrears(
        bill_id=bill.id,
        region_code=bill.region_code,
        state=ArrearsState.FOUND,
        found_on=on,
        notice_by=deadline(packs, bill.region_code, "arrears_notice", on),
        changed_at=at,
    )


def deadline(packs: PackSet, region_code: str, name: str, event_on: date) -> date:
    """Return the last day of a period of the pack that begins with an event."""
    period = packs.parameters(region_code, f"{event_on:%Y-%m}").period(name)
    return compute_deadline(event_on, period, packs.calendar()).moved_to


def _close_paid(session: Session, at: datetime, packs: PackSet) -> int:
    """End arrears whose bill is paid and its late fee with it: the fee is owed as well (SIL 86)."""
    count, last = 0, 0
    while True:
        rows = session.execute(
            select(Arrears.id, Bill)
            .join(Bill, Bill.id == Arrears.bill_id)
            .where(Arrears.state.not_in(_OVER), ~_OWING, Arrears.id > last)
            .order_by(Arrears.id)
            .limit(_AT_A_TIME)
        ).all()
        if not rows:
            return count
        # Where nothing of the premium is left the fee is the same on every day.
        fees = late_fees_due(session, [bill for _, bill in rows], date.max, packs=packs)
        over = [arrears_id for arrears_id, bill in rows if fees[bill.id] == 0]
        count += _change(session, Arrears.id.in_(over), "paid", at)
        last = rows[-1][0]


def _open_again(session: Session, at: datetime) -> None:
    """A payment that bounced puts the arrears back to where they were as if it never came."""
    owing = select(Bill.id).where(Bill.id == Arrears.bill_id, _OWING).exists()
    again = and_(Arrears.state == ArrearsState.PAID, owing)
    # A deferral that nothing cut short is not lost; where its last day or a step of its plan
    # has passed meanwhile, the same day ends it as it would have ended it then.
    # The order matters: each leaves fewer for the next, and "found" is what nothing else fits.
    _change(session, and_(again, _was_not_cut_short()), "deferred", at)
    _change(session, and_(again, Arrears.noticed_on.is_not(None)), "noticed", at)
    _change(session, again, "found", at)


def _was_not_cut_short() -> ColumnElement[bool]:
    ended_on = (
        select(Deferral.ended_on)
        .where(Deferral.arrears_id == Arrears.id)
        .order_by(Deferral.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    # Only who has a deferral at all has its day: without one there is no end either.
    return and_(Arrears.deferred_until.is_not(None), ended_on.is_(None))


def _run_out(session: Session, on: date, at: datetime) -> int:
    _end_plans(session, on, at)
    waits_no_more = and_(
        Arrears.state == ArrearsState.DEFERRED,
        or_(Arrears.deferred_until < on, _has_missed(on)),
    )
    # Who received the notice while they waited has its days all the same (Order 20 Art. 16).
    _change(session, and_(waits_no_more, Arrears.pay_by >= on), "noticed", at)
    ended = or_(and_(Arrears.state == ArrearsState.NOTICED, Arrears.pay_by < on), waits_no_more)
    return _change(session, ended, "overdue", at)


def _has_missed(on: date) -> ColumnElement[bool]:
    return exists().where(
        Instalment.arrears_id == Arrears.id,
        Instalment.due_on < on,
        # What was to be paid by then in all, whichever steps the money came in.
        Instalment.paid_by_then_fen > Bill.paid_fen,
        Bill.id == Arrears.bill_id,
    )


def _end_plans(session: Session, on: date, at: datetime) -> None:
    """End the pause of the late fee with the day of the first missed step (SIL 63)."""
    missed = session.execute(
        select(Arrears.id, func.min(Instalment.due_on))
        .join(Bill, Bill.id == Arrears.bill_id)
        .join(Instalment, Instalment.arrears_id == Arrears.id)
        .where(
            Arrears.state == ArrearsState.DEFERRED,
            Instalment.due_on < on,
            Instalment.paid_by_then_fen > Bill.paid_fen,
        )
        .group_by(Arrears.id)
    ).all()
    if missed:
        _tell_of_ended_plans(session, on, at)
    for arrears_id, day in missed:
        end_deferrals(session, arrears_id, day)


def _tell_of_ended_plans(session: Session, on: date, at: datetime) -> None:
    ended = (
        select(
            Bill.region_code,
            subject_of("arrears", Arrears.id),
            day_of(on),
            Bill.employer_id,
            day_of(None),
        )
        .join_from(Arrears, Bill, Bill.id == Arrears.bill_id)
        .where(Arrears.state == ArrearsState.DEFERRED, _has_missed(on))
    )
    notify_each(session, INSTALMENTS_ENDED, ended, at=at)


def end_deferrals(session: Session, arrears_id: int, last: date) -> None:
    """End what lasts longer of the deferrals of arrears with a day: the fee goes on after it."""
    session.execute(
        update(Deferral)
        .where(
            Deferral.arrears_id == arrears_id,
            func.coalesce(Deferral.ended_on, Deferral.until) > last,
        )
        .values(ended_on=last)
        .execution_options(synchronize_session="fetch")
    )


def _change(session: Session, which: ColumnElement[bool], state: str, at: datetime) -> int:
    count = session.scalar(select(func.count()).select_from(Arrears).where(which)) or 0
    if count:
        session.execute(
            update(Arrears)
            .where(which)
            .values(state=ArrearsState(state), changed_at=at)
            .execution_options(synchronize_session=False)
        )
    return count
