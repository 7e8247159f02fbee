"""How the lines of each queue are asked for: beside the subject's own question, its columns."""

from typing import Any

from sqlalchemy import String, cast, func, literal_column, select

from siweb.collection.assessments.labels import KINDS as ASSESSMENTS
from siweb.collection.assessments.labels import REPORT_ORIGINS
from siweb.collection.statements.labels import REASONS as HELD
from siweb.collection.tables.adjustment_task import AdjustmentTask
from siweb.collection.tables.arrears import Arrears
from siweb.collection.tables.assessment import Assessment
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.held_entry import HeldEntry
from siweb.collection.tables.hire_report import HireReport
from siweb.collection.tables.payment import Payment
from siweb.collection.tables.payout import Payout
from siweb.complaints.labels import KINDS as COMPLAINTS
from siweb.complaints.tables.complaint import Complaint
from siweb.db.base import Key
from siweb.desk.home.line import APART, Kind, line
from siweb.desk.home.office_matters import name_of_task
from siweb.desk.payments.payouts.labels import KINDS as PAYOUTS
from siweb.desk.tasks.actions import ACTIONS
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow, is_about_row
from siweb.filings.tables.hire_follow_up import HireFollowUp
from siweb.ledgers.benefits.labels import BENEFITS
from siweb.ledgers.benefits.overpaid import COUNTED
from siweb.messages.kinds.by_name import KINDS
from siweb.messages.tables.message import Message
from siweb.pensions.tables.pension_application import PensionApplication
from siweb.registry.tables.employer import Employer
from siweb.reviews.labels import KINDS as REVIEWS
from siweb.reviews.labels import TASKS
from siweb.reviews.tables.campaign import Campaign
from siweb.reviews.tables.review import Review
from siweb.reviews.tables.sign import Sign, SignList, list_reference
from siweb.reviews.tables.task import ReviewTask
from siweb.signs.labels import KINDS as SIGNS
from siweb.tasks.tables.task import Task
from siweb.transfers.labels import STATES as STEPS
from siweb.transfers.tables.pension_transfer import PensionTransfer

TASK = Kind(
    "task",
    line(
        Task.reference,
        due_on=Task.due_on,
        since_at=Task.made_at,
        what=Task.kind,
        name=name_of_task(),
        person_id=Task.person_id,
        employer_id=Task.employer_id,
        maker_id=Task.made_by_account_id,
    ),
    "task_desk.show_task",
    ("reference",),
    lambda kind: ACTIONS[kind].title,
)
REVIEW = Kind(
    "review",
    line(
        Review.reference,
        since_at=Review.submitted_at,
        what=Campaign.kind,
        person_id=Review.person_id,
    ),
    "review_desk.decide",
    ("reference",),
    REVIEWS,
)
COMPLAINT = Kind(
    "complaint",
    line(
        Complaint.reference,
        due_on=Complaint.answer_by,
        since_at=Complaint.lodged_at,
        what=Complaint.kind,
        person_id=Complaint.person_id,
        employer_id=Complaint.employer_id,
    ),
    "complaint_desk.show_complaint",
    ("reference",),
    COMPLAINTS,
)
PENSION = Kind(
    "pension",
    line(
        PensionApplication.reference,
        due_on=PensionApplication.decide_by,
        since_at=PensionApplication.applied_at,
        person_id=PensionApplication.person_id,
    ),
    "pension_desk.show_application",
    ("reference",),
)
NOTICE = Kind(
    "notice",
    line(
        Message.kind
        + APART
        + Message.subject
        + APART
        # A date is text on SQLite alone.
        + func.substr(cast(Message.notified_on, String), 1, 10),
        since_at=Message.made_at,
        what=Message.kind,
        person_id=Message.person_id,
        employer_id=Message.employer_id,
    ),
    "service_desk.show_notice",
    ("kind", "subject", "day"),
    lambda kind: KINDS[kind].title,
)
TRANSFER = Kind(
    "transfer",
    line(
        PensionTransfer.reference,
        due_on=PensionTransfer.due_on,
        since_at=PensionTransfer.applied_at,
        what=PensionTransfer.state,
        person_id=PensionTransfer.person_id,
    ),
    "transfer_desk.show_transfer",
    ("reference",),
    STEPS,
)
REVIEW_TASK = Kind(
    "review_task",
    line(
        ReviewTask.id,
        due_on=ReviewTask.due_on,
        since_at=ReviewTask.opened_at,
        what=ReviewTask.kind,
        person_id=ReviewTask.person_id,
    ),
    "review_tasks.finish",
    ("task_id",),
    TASKS,
)
SIGN = Kind(
    "sign",
    line(
        Sign.id,
        due_on=Sign.due_on,
        since_at=Sign.recorded_at,
        what=Sign.kind,
        person_id=Sign.person_id,
    ),
    "sign_desk.examine",
    ("sign_id",),
    SIGNS,
)
LIST = Kind(
    "sign_list",
    line(
        SignList.id,
        since_at=SignList.handed_in_at,
        what=cast(SignList.id, String),
        name=SignList.source,
    ),
    "sign_desk.show_list",
    ("list_id",),
    # An office sends several on one day: its own word for one is the reference.
    lambda list_id: list_reference(int(list_id)),
)
REGISTRATION = Kind(
    "registration",
    line(
        Employer.uscc,
        due_on=Employer.review_due_on,
        since_at=Employer.registered_at,
        employer_id=Employer.id,
    ),
    "employer_desk.show_registrations",
)


def _of_row(column: Any) -> Any:
    return select(column).where(is_about_row(HireFollowUp)).scalar_subquery()


HIRE = Kind(
    "hire",
    line(
        # A row of a filing is known by both: alone, its position is that of others too.
        cast(HireFollowUp.filing_id, String) + APART + cast(HireFollowUp.position, String),
        since_at=HireFollowUp.opened_at,
        person_id=_of_row(FilingRow.person_id),
        employer_id=select(Filing.employer_id)
        .where(Filing.id == HireFollowUp.filing_id)
        .scalar_subquery(),
    ),
    "employer_desk.show_hires",
)
REPORT = Kind(
    "report",
    line(
        HireReport.reference,
        since_at=HireReport.reported_at,
        what=HireReport.origin,
        name=HireReport.person_name,
        person_id=HireReport.person_id,
        employer_id=HireReport.employer_id,
    ),
    "hire_reports.show_report",
    ("reference",),
    REPORT_ORIGINS,
)


def _assessment(**since: Any) -> Kind:
    return Kind(
        "assessment",
        line(
            Assessment.reference,
            what=Assessment.kind,
            person_id=Assessment.person_id,
            employer_id=Assessment.employer_id,
            maker_id=Assessment.proposed_by_account_id,
            **since,
        ),
        "assessment_desk.show_case",
        ("reference",),
        ASSESSMENTS,
    )


ASSESSMENT_FOUND = _assessment(since_at=Assessment.opened_at)
ASSESSMENT_PROPOSED = _assessment(since_at=Assessment.proposed_at)
ASSESSMENT_OVERTAKEN = _assessment(since_on=Assessment.overtaken_on)
ADJUSTMENT = Kind(
    "adjustment",
    line(AdjustmentTask.id, since_at=AdjustmentTask.found_at),
    "levy_desk.show_runs",
)
OVERPAID = Kind(
    "overpaid",
    # Its question counts what it has summed up before: these are the columns of that sum.
    line(
        literal_column(f"{COUNTED}.person_id", Key),
        what=literal_column(f"{COUNTED}.benefit", String()),
        fen=literal_column(f"{COUNTED}.fen", Key),
        person_id=literal_column(f"{COUNTED}.person_id", Key),
    ),
    "benefit_desk.show_months",
    ("person_id",),
    BENEFITS,
)
PAYMENT = Kind(
    "payment",
    line(
        Payment.id,
        since_on=Payment.received_on,
        fen=Payment.unallocated_fen,
        name=Payment.payer_name,
        person_id=Payment.person_id,
        employer_id=Payment.employer_id,
    ),
    "payment_desk.show_payment",
    ("payment_id",),
)
PAYOUT = Kind(
    "payout",
    line(
        Payout.reference,
        since_at=Payout.ordered_at,
        what=Payout.kind,
        fen=Payout.amount_fen,
        name=Payout.payee_name,
        person_id=Payout.person_id,
        employer_id=Payout.employer_id,
    ),
    "payout_desk.show_payout",
    ("reference",),
    PAYOUTS,
)
ENTRY = Kind(
    "entry",
    line(
        HeldEntry.id,
        since_on=HeldEntry.entry_on,
        what=HeldEntry.reason,
        fen=HeldEntry.amount_fen,
        name=HeldEntry.payer_name,
    ),
    "entry_desk.show_entry",
    ("entry_id",),
    HELD,
)


def _of_bill(column: Any) -> Any:
    return select(column).where(Bill.id == Arrears.bill_id).scalar_subquery()


def _arrears(**days: Any) -> Kind:
    return Kind(
        "arrears",
        line(
            Arrears.id,
            fen=_of_bill(Bill.total_fen - Bill.paid_fen),
            person_id=_of_bill(Bill.person_id),
            employer_id=_of_bill(Bill.employer_id),
            **days,
        ),
        "arrears_desk.show_one",
        ("arrears_id",),
    )


ARREARS_FOUND = _arrears(due_on=Arrears.notice_by, since_on=Arrears.found_on)
ARREARS_DEFERRED = _arrears(due_on=Arrears.deferred_until, since_on=Arrears.found_on)
# Whose time has passed is the payer; nothing says by when the office follows it up.
ARREARS_OVERDUE = _arrears(since_on=Arrears.pay_by)
