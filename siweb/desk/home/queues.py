"""What waits for staff: every subject names its queues, the desk counts them in one statement."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from siweb.auth.staff.duties import Duty, Scope, scope_of
from siweb.auth.tables.appointment import Function
from siweb.collection.arrears.find import ends_soon
from siweb.collection.assessments.hear import is_proposal_served
from siweb.collection.payments.find import is_waiting
from siweb.collection.payouts.find import count_waiting_payouts
from siweb.collection.tables.adjustment_task import AdjustmentTask
from siweb.collection.tables.arrears import Arrears, ArrearsState
from siweb.collection.tables.assessment import Assessment, AssessmentState
from siweb.collection.tables.held_entry import HeldEntry, HeldState
from siweb.collection.tables.hire_report import HireReport, ReportState
from siweb.collection.tables.payment import Payment
from siweb.complaints.find import count_open_complaints
from siweb.desk.tasks.actions import ACTIONS
from siweb.desk.tasks.labels import TITLES
from siweb.filings.confirmation.follow_up import count_open_hires, count_registrations
from siweb.ledgers.benefits.overpaid import count_overpaid
from siweb.pensions.find import count_waiting_applications
from siweb.registry.codes import Insurance
from siweb.registry.tables.benefit import PAYING
from siweb.reviews.decide import count_waiting_reviews
from siweb.reviews.tasks.find import count_waiting_tasks
from siweb.service.find import count_waiting_notices
from siweb.signs.find import count_open_signs
from siweb.tasks.find import count_open_tasks
from siweb.transfers.find import count_open_transfers

_PENSION = frozenset({Insurance.PENSION})


@dataclass(frozen=True, slots=True)
class Queue:
    """One kind of work: its labels, its page, whose function it is, and how much waits on a day."""

    title: Any
    about: Any
    endpoint: str
    function: Function
    waiting: Callable[[date, Scope], Select[int]]
    values: dict[str, str] = field(default_factory=dict)
    also: tuple[Function, ...] = ()
    # The insurances that all of it is about; None named: its question says what is about which.
    insurances: frozenset[Insurance] = frozenset()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A queue and how much waits in it."""

    queue: Queue
    count: int


def _cases(*states: AssessmentState) -> Callable[[date, Scope], Select[int]]:
    return lambda _on, scope: select(func.count(Assessment.id)).where(
        Assessment.state.in_(states), scope.has(Assessment.region_code)
    )


def _to_decide(on: date, scope: Scope) -> Select[int]:
    return select(func.count(Assessment.id)).where(
        Assessment.state == AssessmentState.PROPOSED,
        or_(
            Assessment.heard_at.is_not(None),
            and_(Assessment.hearing_until < on, is_proposal_served(on)),
        ),
        scope.has(Assessment.region_code),
    )


def _open_reports(_on: date, scope: Scope) -> Select[int]:
    return select(func.count(HireReport.id)).where(
        HireReport.state == ReportState.OPEN, scope.has(HireReport.region_code)
    )


def _arrears(*states: ArrearsState) -> Callable[[date, Scope], Select[int]]:
    return lambda _on, scope: select(func.count(Arrears.id)).where(
        Arrears.state.in_(states), scope.has(Arrears.region_code)
    )


def _ending_deferrals(on: date, scope: Scope) -> Select[int]:
    return select(func.count(Arrears.id)).where(ends_soon(on), scope.has(Arrears.region_code))


def _adjustments(_on: date, scope: Scope) -> Select[int]:
    return select(func.count(AdjustmentTask.id)).where(
        AdjustmentTask.done_at.is_(None), scope.has(AdjustmentTask.region_code)
    )


def _payments(_on: date, scope: Scope) -> Select[int]:
    return select(func.count(Payment.id)).where(is_waiting(), scope.has(Payment.region_code))


def _held_entries(_on: date, scope: Scope) -> Select[int]:
    return select(func.count(HeldEntry.id)).where(
        HeldEntry.state == HeldState.WAITING, scope.has(HeldEntry.region_code)
    )


QUEUES: tuple[Queue, ...] = (
    *(
        Queue(
            TITLES[function],
            _l("Made by one person; it takes effect when another one has checked it"),
            "task_desk.show_tasks",
            function,
            count_open_tasks(function),
            {"function": function.value},
        )
        for function in dict.fromkeys(action.function for action in ACTIONS.values())
    ),
    Queue(
        _l("Reviews to decide"),
        _l("Objections, and certifications that somebody must decide"),
        "review_desk.show_reviews",
        Function.REVIEW,
        count_waiting_reviews,
    ),
    Queue(
        _l("Complaints"),
        _l("Answer each in writing before its last day"),
        "complaint_desk.show_complaints",
        Function.REVIEW,
        count_open_complaints,
    ),
    Queue(
        _l("Pension applications"),
        _l("Decide each within 20 working days"),
        "pension_desk.show_applications",
        Function.REVIEW,
        count_waiting_applications,
        insurances=_PENSION,
    ),
    Queue(
        _l("Notices to serve"),
        _l("They have no effect before they were served"),
        "service_desk.show_waiting",
        Function.REVIEW,
        count_waiting_notices,
        also=(Function.CONTRIBUTIONS,),
    ),
    Queue(
        _l("Transfers under way"),
        _l("Each step within 15 working days"),
        "transfer_desk.show_transfers",
        Function.FINANCE,
        count_open_transfers,
        insurances=_PENSION,
    ),
    Queue(
        _l("Corrections to make"),
        _l("Objections that were upheld: the person waits until the record is right"),
        "review_tasks.show_tasks",
        Function.REVIEW,
        count_waiting_tasks("corrections"),
        {"group": "corrections"},
    ),
    Queue(
        _l("Certifications to examine again"),
        _l("A share of those that passed, for a second person, and those with doubts"),
        "review_tasks.show_tasks",
        Function.REVIEW,
        count_waiting_tasks("certifications"),
        {"group": "certifications"},
        insurances=PAYING,
    ),
    Queue(
        _l("Signs to look at"),
        _l("Other offices say that somebody who draws a benefit died or is in prison"),
        "sign_desk.show_signs",
        Function.REVIEW,
        count_open_signs,
        insurances=PAYING,
    ),
    Queue(
        _l("Withheld benefits to pay"),
        _l("Certified again after a suspension"),
        "review_tasks.show_tasks",
        Function.REVIEW,
        count_waiting_tasks("back-payments"),
        {"group": "back-payments"},
        insurances=PAYING,
    ),
    Queue(
        _l("Registrations to confirm"),
        _l("Employers that registered themselves; they cannot send hires before"),
        "employer_desk.show_registrations",
        Function.REGISTRATION,
        count_registrations,
    ),
    Queue(
        _l("Hires to follow up"),
        _l("Late, months not covered, insurances missing, wages below the minimum wage"),
        "employer_desk.show_hires",
        Function.REGISTRATION,
        count_open_hires,
    ),
    Queue(
        _l("Reports of missing registrations"),
        _l("Examine each: open a case, or answer it"),
        "hire_reports.show_reports",
        Function.REGISTRATION,
        _open_reports,
    ),
    Queue(
        _l("Assessments to propose"),
        _l("Found by comparison; no amount proposed yet"),
        "assessment_desk.show_cases",
        Function.CONTRIBUTIONS,
        _cases(AssessmentState.FOUND),
        {"state": AssessmentState.FOUND.value},
    ),
    Queue(
        _l("Assessments to decide"),
        _l("The employer commented or let the time pass; whoever proposed it cannot decide"),
        "assessment_desk.show_cases",
        Function.CONTRIBUTIONS,
        _to_decide,
        {"state": AssessmentState.PROPOSED.value},
    ),
    Queue(
        _l("Assessments to settle"),
        _l("The missing filing came; settled after the levy"),
        "assessment_desk.show_cases",
        Function.CONTRIBUTIONS,
        _cases(AssessmentState.OVERTAKEN),
        {"state": AssessmentState.OVERTAKEN.value},
    ),
    Queue(
        _l("Adjustments to confirm"),
        _l("Months billed provisionally whose notice was published"),
        "levy_desk.show_runs",
        Function.CONTRIBUTIONS,
        _adjustments,
    ),
    Queue(
        _l("Benefits paid too much"),
        _l("Months paid after a death or while suspended: have them taken back"),
        "benefit_desk.show_overpaid",
        Function.REVIEW,
        count_overpaid,
        insurances=PAYING,
    ),
    Queue(
        _l("Payments to match"),
        _l("Payments that could not be matched; bank statements are imported there too"),
        "payment_desk.show_payments",
        Function.FINANCE,
        _payments,
    ),
    Queue(
        _l("Payouts"),
        _l("Refunds, heirs and back pay: to be put into a file, or rejected by the bank"),
        "payout_desk.show_payouts",
        Function.FINANCE,
        count_waiting_payouts,
    ),
    Queue(
        _l("Bank entries to be settled"),
        _l("Returned payments, and entries that need a decision"),
        "entry_desk.show_entries",
        Function.FINANCE,
        _held_entries,
    ),
    Queue(
        _l("Arrears notices to send"),
        _l("The employer gets the notice within five working days"),
        "arrears_desk.show_arrears",
        Function.CONTRIBUTIONS,
        _arrears(ArrearsState.FOUND),
        {"state": ArrearsState.FOUND.value},
    ),
    Queue(
        _l("Deferrals ending soon"),
        _l("Remind the employer: the late fee accrues again from the next day"),
        "arrears_desk.show_arrears",
        Function.CONTRIBUTIONS,
        _ending_deferrals,
        {"state": ArrearsState.DEFERRED.value},
    ),
    Queue(
        _l("Arrears overdue"),
        _l("The time to pay has passed: decide what follows"),
        "arrears_desk.show_arrears",
        Function.CONTRIBUTIONS,
        _arrears(ArrearsState.OVERDUE),
        {"state": ArrearsState.OVERDUE.value},
    ),
)
"""Every queue of the desk, in the order in which it shows them."""


def count_waiting(session: Session, on: date, duties: Iterable[Duty]) -> list[Waiting]:
    """Return the queues of somebody's functions, and how much waits there on a day.

    One statement however many they are; who audits sees every queue.
    """
    held = tuple(duties)
    shown = [
        (queue, scope)
        for queue in QUEUES
        if (scope := scope_of(held, (queue.function, *queue.also, Function.AUDIT))) is not None
        and (scope := scope.running(*queue.insurances)).regions != frozenset()
    ]
    if not shown:
        return []
    counts = session.execute(
        select(*(queue.waiting(on, scope).scalar_subquery() for queue, scope in shown))
    ).one()
    return [
        Waiting(queue, int(count)) for (queue, _scope), count in zip(shown, counts, strict=True)
    ]
