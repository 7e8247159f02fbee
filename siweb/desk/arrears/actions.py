"""Premiums wait: a deferral or instalments, made by one and checked by another."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from siweb.auth.staff.subject import Subject
from siweb.auth.tables.appointment import Function
from siweb.collection.arrears.daily import ArrearsRefused
from siweb.collection.arrears.instalments import monthly_steps, plan_instalments
from siweb.collection.arrears.notify import Approval, defer, deferral_problem, tell_payer
from siweb.collection.tables.arrears import Arrears, ArrearsState, DeferredShare
from siweb.collection.tables.bill import Bill
from siweb.desk.arrears.labels import REFUSALS, SHARES, STATES
from siweb.desk.subjects import of_arrears
from siweb.messages.kinds.bills import DEFERRAL_REFUSED
from siweb.registry.codes import Insurance
from siweb.rules.calendar.months import corresponding_day
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Difference, Doing, TwoPersonAction
from siweb.web.language.formats import day, yuan
from siweb.web.language.labels import insurance_names


def approval_values(approval: Approval) -> dict[str, Any]:
    """Return a decision as a task keeps it."""
    return {
        "legal_basis": approval.legal_basis,
        "decided_by": approval.decided_by,
        "number": approval.number,
        "decided_on": approval.decided_on and approval.decided_on.isoformat(),
        "share": approval.share.value,
        "insurances": [insurance.value for insurance in approval.insurances],
        "security": approval.security,
    }


def _approval(given: Mapping[str, Any]) -> Approval:
    return Approval(
        legal_basis=given["legal_basis"],
        decided_by=given["decided_by"],
        number=given["number"],
        decided_on=_day(given["decided_on"]),
        share=DeferredShare(given["share"]),
        insurances=tuple(Insurance(code) for code in given["insurances"]),
        security=given["security"],
    )


def _day(written: str | None) -> date | None:
    return None if written is None else date.fromisoformat(written)


def _arrears(session: Session, task: Task) -> Arrears:
    return session.get_one(Arrears, task.change["arrears_id"])


def _about(session: Session, task: Task) -> Subject:
    found = of_arrears(session, task.change["arrears_id"])
    return found or Subject(frozenset({_arrears(session, task).region_code}))


def _outstanding(session: Session, task: Task) -> int:
    return session.get_one(Bill, _arrears(session, task).bill_id).outstanding_fen


def _as_it_stands(session: Session, task: Task, until: date) -> list[Difference]:
    """Return what is owed and until when it may wait; once closed, only what was decided."""
    if task.closed_at is not None:
        return [Difference(_("Deferred until"), "—", day(until))]
    arrears = _arrears(session, task)
    bill = session.get_one(Bill, arrears.bill_id)
    unpaid = yuan(bill.outstanding_fen)
    # A deferral that is over is shown as none, whatever day it had.
    lasts = arrears.state is ArrearsState.DEFERRED and arrears.deferred_until
    return [
        # It waits and stays owed: premiums are never waived (Order 259 Art. 12).
        Difference(_("Unpaid premium of the bill"), unpaid, unpaid),
        Difference(_("State"), str(STATES[arrears.state]), str(STATES[ArrearsState.DEFERRED])),
        Difference(_("Deferred until"), day(lasts) if lasts else "—", day(until)),
    ]


def _decision(approval: Approval) -> list[Difference]:
    lines = [
        Difference(_("What is deferred"), "—", str(SHARES[approval.share])),
        Difference(_("Deciding body"), "—", approval.decided_by),
        Difference(_("Legal basis"), "—", approval.legal_basis),
    ]
    if approval.insurances:
        named = insurance_names(approval.insurances)
        lines.append(Difference(_("Only these insurances"), "—", named))
    if approval.security:
        lines.append(Difference(_("Security"), "—", approval.security))
    return lines


def _would_defer(session: Session, task: Task) -> list[Difference]:
    given = task.change
    until = date.fromisoformat(given["until"])
    from_on = day(date.fromisoformat(given["from_on"]))
    return [
        *_as_it_stands(session, task, until),
        Difference(_("Deferred from"), "—", from_on),
        *_decision(_approval(given)),
    ]


def _defer(session: Session, task: Task, doing: Doing) -> None:
    """Defer as it was approved.

    :raises ArrearsRefused: "from_ahead", "too_long", or what `defer` refuses.
    """
    given = task.change
    days = (date.fromisoformat(given["from_on"]), date.fromisoformat(given["until"]))
    if problem := deferral_problem(*days, on=doing.on):
        raise ArrearsRefused(problem)
    arrears = _arrears(session, task)
    defer(session, arrears, days, _approval(given), actor=doing.actor, at=doing.at)


def _would_plan(session: Session, task: Task) -> list[Difference]:
    given = task.change
    first_on = date.fromisoformat(given["first_on"])
    count = int(given["count"])
    last_on = corresponding_day(first_on, count - 1)
    return [
        *_as_it_stands(session, task, last_on),
        Difference(_("Number of instalments"), "—", str(count)),
        Difference(_("Date of the first instalment"), "—", day(first_on)),
        *_steps(session, task, count, first_on),
        *_decision(_approval(given)),
    ]


def _steps(session: Session, task: Task, count: int, first_on: date) -> list[Difference]:
    """Return each instalment, by what is unpaid now; of a closed task that has changed since."""
    left = _outstanding(session, task)
    # What came in meanwhile may leave too little to share out: the check refuses it.
    if task.closed_at is not None or left < count:
        return []
    return [
        Difference(_("Instalment %(number)s", number=number), "—", f"{day(on)} · {yuan(fen)}")
        for number, (on, fen) in enumerate(monthly_steps(left, count, first_on), 1)
    ]


def _plan(session: Session, task: Task, doing: Doing) -> None:
    given = task.change
    plan_instalments(
        session,
        _arrears(session, task),
        int(given["count"]),
        date.fromisoformat(given["first_on"]),
        _approval(given),
        actor=doing.actor,
        on=doing.on,
        at=doing.at,
    )


def _tell_of_refusal(session: Session, task: Task, at: datetime) -> None:
    tell_payer(session, DEFERRAL_REFUSED, _arrears(session, task), at=at)


def _page(task: Task) -> str:
    return url_for("arrears_desk.show_one", arrears_id=task.change["arrears_id"])


DEFER = TwoPersonAction(
    "arrears.defer",
    _l("Defer premiums"),
    Function.CONTRIBUTIONS,
    _would_defer,
    _about,
    _defer,
    {ArrearsRefused: REFUSALS},
    _page,
    _outstanding,
    _tell_of_refusal,
)
PLAN = TwoPersonAction(
    "arrears.plan",
    _l("Let arrears be paid in instalments"),
    Function.CONTRIBUTIONS,
    _would_plan,
    _about,
    _plan,
    {ArrearsRefused: REFUSALS},
    _page,
    _outstanding,
    _tell_of_refusal,
)
