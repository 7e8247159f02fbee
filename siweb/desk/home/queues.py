"""What waits for staff: every subject names its queues, the desk asks them in one statement."""

from collections.abc import Callable
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, and_, func, or_, select

from siweb.auth.staff.duties import Scope
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
from siweb.desk.home import kinds
from siweb.desk.home.queue import Queue
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
from siweb.signs.find import count_open_signs, count_sent_lists
from siweb.tasks.find import count_open_tasks
from siweb.transfers.find import count_open_transfers

_PENSION = frozenset({Insurance.PENSION})


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
            f"check-{function.value}",
            TITLES[function],
            _l("Made by one person; it takes effect when another one has checked it"),
            function,
            count_open_tasks(function),
            kinds.TASK,
        )
        for function in dict.fromkeys(action.function for action in ACTIONS.values())
    ),
    Queue(
        "reviews",
        _l("Reviews to decide"),
        _l("Objections, and certifications that somebody must decide"),
        Function.REVIEW,
        count_waiting_reviews,
        kinds.REVIEW,
        "review_tasks.show_visits",
        called=_l("Visits at home"),
    ),
    Queue(
        "complaints",
        _l("Complaints"),
        _l("Answer each in writing before its last day"),
        Function.REVIEW,
        count_open_complaints,
        kinds.COMPLAINT,
    ),
    Queue(
        "pensions",
        _l("Pension applications"),
        _l("Decide each before its last day"),
        Function.REVIEW,
        count_waiting_applications,
        kinds.PENSION,
        insurances=_PENSION,
    ),
    Queue(
        "notices",
        _l("Notices to serve"),
        _l("They have no effect until they are served"),
        Function.REVIEW,
        count_waiting_notices,
        kinds.NOTICE,
        also=(Function.CONTRIBUTIONS,),
    ),
    Queue(
        "transfers",
        _l("Transfers under way"),
        _l("Each step before its last day"),
        Function.FINANCE,
        count_open_transfers,
        kinds.TRANSFER,
        insurances=_PENSION,
    ),
    Queue(
        "corrections",
        _l("Corrections to make"),
        _l("Objections that were upheld: the person waits until the record is right"),
        Function.REVIEW,
        count_waiting_tasks("corrections"),
        kinds.REVIEW_TASK,
    ),
    Queue(
        "certifications",
        _l("Certifications to examine again"),
        _l("A share of those that passed, for a second person, and those with doubts"),
        Function.REVIEW,
        count_waiting_tasks("certifications"),
        kinds.REVIEW_TASK,
        insurances=PAYING,
    ),
    Queue(
        "signs",
        _l("Signs to look at"),
        _l("Other offices say that somebody who draws a benefit died or is in prison"),
        Function.REVIEW,
        count_open_signs,
        kinds.SIGN,
        "sign_desk.show_lists",
        called=_l("Lists of other offices"),
        insurances=PAYING,
    ),
    Queue(
        "lists",
        _l("Lists of other offices"),
        _l("Sent by another office’s program: nothing in them counts before somebody looks"),
        Function.REVIEW,
        count_sent_lists,
        kinds.LIST,
        "sign_desk.show_lists",
        insurances=PAYING,
    ),
    Queue(
        "back-payments",
        _l("Withheld benefits to pay"),
        _l("Certified again after a suspension"),
        Function.REVIEW,
        count_waiting_tasks("back-payments"),
        kinds.REVIEW_TASK,
        insurances=PAYING,
    ),
    Queue(
        "registrations",
        _l("Registrations to confirm"),
        _l("Employers that registered themselves; they cannot send hires before"),
        Function.REGISTRATION,
        count_registrations,
        kinds.REGISTRATION,
        "employer_desk.show_registrations",
    ),
    Queue(
        "hires",
        _l("Hires to follow up"),
        _l("Late, months not covered, insurances missing, wages below the minimum wage"),
        Function.REGISTRATION,
        count_open_hires,
        kinds.HIRE,
        "employer_desk.show_hires",
    ),
    Queue(
        "reports",
        _l("Reports of missing registrations"),
        _l("Examine each: open a case, or answer it"),
        Function.REGISTRATION,
        _open_reports,
        kinds.REPORT,
        "hire_reports.show_reports",
    ),
    Queue(
        "assessments-found",
        _l("Assessments to propose"),
        _l("Found by comparison; no amount proposed yet"),
        Function.CONTRIBUTIONS,
        _cases(AssessmentState.FOUND),
        kinds.ASSESSMENT_FOUND,
        "assessment_desk.show_cases",
        {"state": AssessmentState.FOUND.value},
    ),
    Queue(
        "assessments-proposed",
        _l("Assessments to decide"),
        _l("The employer commented or let the time pass; whoever proposed it cannot decide"),
        Function.CONTRIBUTIONS,
        _to_decide,
        kinds.ASSESSMENT_PROPOSED,
        "assessment_desk.show_cases",
        {"state": AssessmentState.PROPOSED.value},
    ),
    Queue(
        "assessments-overtaken",
        _l("Assessments to settle"),
        _l("The missing filing came; settled after the levy"),
        Function.CONTRIBUTIONS,
        _cases(AssessmentState.OVERTAKEN),
        kinds.ASSESSMENT_OVERTAKEN,
        "assessment_desk.show_cases",
        {"state": AssessmentState.OVERTAKEN.value},
    ),
    Queue(
        "adjustments",
        _l("Adjustments to confirm"),
        _l("Months billed provisionally whose notice was published"),
        Function.CONTRIBUTIONS,
        _adjustments,
        kinds.ADJUSTMENT,
        "levy_desk.show_runs",
    ),
    Queue(
        "overpaid",
        _l("Benefits paid too much"),
        _l("Months paid after a death or while suspended: have them taken back"),
        Function.REVIEW,
        count_overpaid,
        kinds.OVERPAID,
        "benefit_desk.show_overpaid",
        insurances=PAYING,
    ),
    Queue(
        "payments",
        _l("Payments to match"),
        _l("Payments that could not be matched; bank statements are imported there too"),
        Function.FINANCE,
        _payments,
        kinds.PAYMENT,
        "payment_desk.show_payments",
    ),
    Queue(
        "payouts",
        _l("Payouts"),
        _l("Refunds, heirs and back pay: to be put into a file, or rejected by the bank"),
        Function.FINANCE,
        count_waiting_payouts,
        kinds.PAYOUT,
        "payout_desk.show_payouts",
    ),
    Queue(
        "entries",
        _l("Bank entries to be settled"),
        _l("Returned payments, and entries that need a decision"),
        Function.FINANCE,
        _held_entries,
        kinds.ENTRY,
        "entry_desk.show_entries",
    ),
    Queue(
        "arrears-found",
        _l("Arrears notices to send"),
        _l("The employer gets the notice before its last day"),
        Function.CONTRIBUTIONS,
        _arrears(ArrearsState.FOUND),
        kinds.ARREARS_FOUND,
        "arrears_desk.show_arrears",
        {"state": ArrearsState.FOUND.value},
    ),
    Queue(
        "arrears-deferred",
        _l("Deferrals ending soon"),
        _l("Remind the employer: the late fee accrues again from the next day"),
        Function.CONTRIBUTIONS,
        _ending_deferrals,
        kinds.ARREARS_DEFERRED,
        "arrears_desk.show_arrears",
        {"state": ArrearsState.DEFERRED.value},
    ),
    Queue(
        "arrears-overdue",
        _l("Arrears overdue"),
        _l("The time to pay has passed: decide what follows"),
        Function.CONTRIBUTIONS,
        _arrears(ArrearsState.OVERDUE),
        kinds.ARREARS_OVERDUE,
        "arrears_desk.show_arrears",
        {"state": ArrearsState.OVERDUE.value},
    ),
)
"""Every queue of the desk, in the order in which it shows them."""
