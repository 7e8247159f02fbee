"""Let arrears be paid in instalments, where a law allows it; a missed step ends the plan."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.collection.arrears.daily import ArrearsRefused
from siweb.collection.arrears.notify import Approval, defer
from siweb.collection.tables.arrears import Arrears
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.instalment import Instalment
from siweb.messages.kinds.bills import INSTALMENTS_APPROVED
from siweb.rules.calendar.months import corresponding_day

# Two years of months: what takes longer is decided anew, not planned ahead. No law says how long
# an agreement may last (SIL 63, 行政强制法 42); without an end it would be a waiver, and premiums
# are never waived (Order 259 Art. 12).
MOST = 24


def ends_too_late(count: int, first_on: date, *, on: date) -> bool:
    """Return whether the last of the monthly steps lies more than two years after the agreement."""
    # Asked of the first day: from year 9999 on there are no further months to count.
    return first_on > corresponding_day(on, MOST - (count - 1))


def monthly_steps(left_fen: int, count: int, first_on: date) -> list[tuple[date, int]]:
    """Return the day and the amount of each step; the odd fen are spread, and all add up."""
    days = [corresponding_day(first_on, months) for months in range(count)]
    # What is due by a step less what was due by the one before: nothing is lost by rounding.
    due = [left_fen * number // count for number in range(count + 1)]
    return [(day, due[number + 1] - due[number]) for number, day in enumerate(days)]


def plan_instalments(
    session: Session,
    arrears: Arrears,
    count: int,
    first_on: date,
    approval: Approval,
    *,
    actor: Actor,
    on: date,
    at: datetime,
) -> list[Instalment]:
    """Share what is unpaid out over months, the first step on a day; the last takes the odd fen.

    The late fee waits from the day of the agreement through the last step (Order 13 Art. 22).

    :raises ArrearsRefused: "too_many", "too_late", or what `defer` refuses.
    """
    # A payment that comes in meanwhile would leave instalments of more than is owed.
    bill = session.get_one(Bill, arrears.bill_id, with_for_update=True)
    left = bill.outstanding_fen
    # Of fewer fen than steps some step would be of nothing.
    if not 2 <= count <= MOST or left < count:  # noqa: PLR2004 - one step is no instalments
        raise ArrearsRefused("too_many")
    if ends_too_late(count, first_on, on=on):
        raise ArrearsRefused("too_late")
    planned = monthly_steps(left, count, first_on)
    days = (on, planned[-1][0])
    defer(session, arrears, days, approval, actor=actor, at=at, kind=INSTALMENTS_APPROVED)
    steps, paid_by_then = [], bill.paid_fen
    for day, amount_fen in planned:
        paid_by_then += amount_fen
        steps.append(
            Instalment(
                arrears_id=arrears.id,
                due_on=day,
                amount_fen=amount_fen,
                paid_by_then_fen=paid_by_then,
            )
        )
    session.add_all(steps)
    session.flush()
    return steps


def instalments_of(session: Session, arrears_id: int) -> list[Instalment]:
    """Return the plan of arrears, step by step; none where they are only deferred."""
    query = select(Instalment).where(Instalment.arrears_id == arrears_id)
    return list(session.scalars(query.order_by(Instalment.due_on)))
