"""What waits for staff: every subject names its queues, the desk counts them in one statement."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from siweb.collection.arrears.find import ends_soon
from siweb.collection.payments.find import is_waiting
from siweb.collection.tables.adjustment_task import AdjustmentTask
from siweb.collection.tables.arrears import Arrears, ArrearsState
from siweb.collection.tables.assessment import Assessment, AssessmentState
from siweb.collection.tables.held_entry import HeldEntry, HeldState
from siweb.collection.tables.hire_report import HireReport, ReportState
from siweb.collection.tables.payment import Payment
from siweb.filings.confirmation.follow_up import count_open_hires, count_registrations
from siweb.reviews.decide import count_waiting_reviews
from siweb.reviews.tasks.find import count_waiting_tasks


@dataclass(frozen=True, slots=True)
class Queue:
    """One kind of work: its labels, the page that shows it, and how much waits on a day."""

    title: Any
    about: Any
    endpoint: str
    waiting: Callable[[date], Select[int]]
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A queue and how much waits in it."""

    queue: Queue
    count: int


def _cases(*states: AssessmentState) -> Callable[[date], Select[int]]:
    return lambda _on: select(func.count(Assessment.id)).where(Assessment.state.in_(states))


def _to_decide(on: date) -> Select[int]:
    return select(func.count(Assessment.id)).where(
        Assessment.state == AssessmentState.PROPOSED,
        or_(Assessment.heard_at.is_not(None), Assessment.hearing_until < on),
    )


def _open_reports(_on: date) -> Select[int]:
    return select(func.count(HireReport.id)).where(HireReport.state == ReportState.OPEN)


def _arrears(*states: ArrearsState) -> Callable[[date], Select[int]]:
    return lambda _on: select(func.count(Arrears.id)).where(Arrears.state.in_(states))


def _ending_deferrals(on: date) -> Select[int]:
    return select(func.count(Arrears.id)).where(ends_soon(on))


def _adjustments(_on: date) -> Select[int]:
    return select(func.count(AdjustmentTask.id)).where(AdjustmentTask.done_at.is_(None))


def _payments(_on: date) -> Select[int]:
    return select(func.count(Payment.id)).where(is_waiting())


def _held_entries(_on: date) -> Select[int]:
    return select(func.count(HeldEntry.id)).where(HeldEntry.state == HeldState.WAITING)


QUEUES: tuple[Queue, ...] = (
    Queue(
        _l("Reviews to decide"),
        _l("Objections, and certifications that somebody must decide"),
        "review_desk.show_reviews",
        count_waiting_reviews,
    ),
    Queue(
        _l("Corrections to make"),
        _l("Objections that were upheld: the person waits until the record is right"),
        "review_tasks.show_tasks",
        count_waiting_tasks("corrections"),
        {"group": "corrections"},
    ),
    Queue(
        _l("Certifications to examine again"),
        _l("A share of those that passed, for a second person, and those with doubts"),
        "review_tasks.show_tasks",
        count_waiting_tasks("certifications"),
        {"group": "certifications"},
    ),
    Queue(
        _l("Withheld benefits to pay"),
        _l("Certified again after a suspension"),
        "review_tasks.show_tasks",
        count_waiting_tasks("back-payments"),
        {"group": "back-payments"},
    ),
    Queue(
        _l("Registrations to confirm"),
        _l("Employers that registered themselves; they cannot send hires before"),
        "employer_desk.show_registrations",
        count_registrations,
    ),
    Queue(
        _l("Hires to follow up"),
        _l("Late, months not covered, insurances missing, wages below the minimum wage"),
        "employer_desk.show_hires",
        count_open_hires,
    ),
    Queue(
        _l("Reports of missing registrations"),
        _l("Examine each: open a case, or answer it"),
        "hire_reports.show_reports",
        _open_reports,
    ),
    Queue(
        _l("Assessments to propose"),
        _l("Found by comparison; no amount proposed yet"),
        "assessment_desk.show_cases",
        _cases(AssessmentState.FOUND),
        {"state": AssessmentState.FOUND.value},
    ),
    Queue(
        _l("Assessments to decide"),
        _l("The employer commented or let the time pass; whoever proposed it cannot decide"),
        "assessment_desk.show_cases",
        _to_decide,
        {"state": AssessmentState.PROPOSED.value},
    ),
    Queue(
        _l("Assessments to settle"),
        _l("The missing filing came; settled after the levy"),
        "assessment_desk.show_cases",
        _cases(AssessmentState.OVERTAKEN),
        {"state": AssessmentState.OVERTAKEN.value},
    ),
    Queue(
        _l("Adjustments to confirm"),
        _l("Months billed provisionally whose notice was published"),
        "levy_desk.show_runs",
        _adjustments,
    ),
    Queue(
        _l("Payments to match"),
        _l("Payments that could not be matched; bank statements are imported there too"),
        "payment_desk.show_payments",
        _payments,
    ),
    Queue(
        _l("Bank entries to be settled"),
        _l("Returned payments, and entries that need a decision"),
        "entry_desk.show_entries",
        _held_entries,
    ),
    Queue(
        _l("Arrears notices to send"),
        _l("The employer gets the notice within five working days"),
        "arrears_desk.show_arrears",
        _arrears(ArrearsState.FOUND),
        {"state": ArrearsState.FOUND.value},
    ),
    Queue(
        _l("Deferrals ending soon"),
        _l("Remind the employer: the late fee accrues again from the next day"),
        "arrears_desk.show_arrears",
        _ending_deferrals,
        {"state": ArrearsState.DEFERRED.value},
    ),
    Queue(
        _l("Arrears overdue"),
        _l("The time to pay has passed: decide what follows"),
        "arrears_desk.show_arrears",
        _arrears(ArrearsState.OVERDUE),
        {"state": ArrearsState.OVERDUE.value},
    ),
)
"""Every queue of the desk, in the order in which it shows them."""


def count_waiting(session: Session, on: date, queues: Sequence[Queue] = QUEUES) -> list[Waiting]:
    """Return how much waits in each queue on a day; one statement however many there are."""
    counts = session.execute(
        select(*(queue.waiting(on).scalar_subquery() for queue in queues))
    ).one()
    return [Waiting(queue, int(count)) for queue, count in zip(queues, counts, strict=True)]
