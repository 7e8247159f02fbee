"""Browsers in every role, and what may stand in the places of each address."""

from sqlalchemy import func, select

from siweb.auth.tables.api_token import ApiToken
from siweb.auth.tables.appointment import Appointment
from siweb.auth.tables.help_mandate import CommunityHelper, HelpMandate
from siweb.auth.tables.staff_relation import StaffRelation
from siweb.collection.tables.arrears import Arrears
from siweb.collection.tables.assessment import Assessment
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.held_entry import HeldEntry
from siweb.collection.tables.hire_report import HireReport
from siweb.collection.tables.levy_run import LevyRun, TaxOfficeFile
from siweb.collection.tables.payment import Payment
from siweb.collection.tables.payout import PaymentFile, Payout
from siweb.complaints.tables.complaint import Complaint
from siweb.documents.tables.document import Document
from siweb.documents.verification_code import verification_code
from siweb.evidence.tables.evidence_file import EvidenceFile
from siweb.filings.tables.filing import Filing
from siweb.messages.tables.message import Message
from siweb.pensions.tables.pension_application import PensionApplication
from siweb.registry.tables.employment import Employment
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_alias import PersonAlias
from siweb.reviews.tables.campaign import Campaign
from siweb.reviews.tables.objection import Objection
from siweb.reviews.tables.review import Review
from siweb.reviews.tables.sign import Sign, SignList
from siweb.reviews.tables.task import ReviewTask
from siweb.share_codes.tables.share_code import ShareCode
from siweb.tasks.tables.task import Task
from siweb.transfers.tables.pension_transfer import PensionTransfer
from siweb.web.database import database
from tests.sign_in import sign_in


def signed_in(office, person_id, functions=()):
    client = office.test_client()
    with database(office).writers() as session:
        sign_in(client, session, session.get_one(Person, person_id), functions)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def passer_by(office):
    """Somebody who is not signed in."""
    client = office.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


# Which rows an address is tried with, where not every one will do.
NOT_ALL = {
    # Those of whoever walks here end with each step.
    "appointment_id": Appointment.ended_at.is_(None),
    # Before the decision there is no notice.
    "assessment_desk.send_notice": Assessment.document_id.is_not(None),
}


def oldest_first(column):
    """All values of a column, each once. References are drawn: their own order changes each time."""
    keys = column.class_.__mapper__.primary_key
    return select(column).group_by(column).order_by(*(func.min(key) for key in keys))


def values_of(office, endpoint):
    """What may stand in the places of an endpoint's address: one dictionary after the other."""
    room = endpoint.partition(".")[0]
    reference_of = {
        "review_desk": Review, "reviews": Review, "assessment_desk": Assessment,
        "assessments": Assessment, "hire_reports": HireReport, "review_cases": Review, "filings": Filing,
        "uploads": Filing, "api": Filing, "documents": Document, "task_desk": Task,
        "complaint_desk": Complaint, "share_codes": ShareCode, "pension_desk": PensionApplication, "transfer_desk": PensionTransfer, "withdrawal": Filing,
        "payout_desk": PaymentFile if "file" in endpoint else Payout,
    }.get(room, Review)  # fmt: skip
    listed = {
        "person_id": PersonAlias.former_id if room == "separating_desk" else Person.id, "arrears_id": Arrears.id, "payment_id": Payment.id,
        "run_id": LevyRun.id, "number": Bill.bank_reference, "employment_id": Employment.id,
        "objection_id": Objection.id, "task_id": ReviewTask.id, "entry_id": HeldEntry.id, "reference": reference_of.reference,
        "month": Bill.contribution_month, "appointment_id": Appointment.id, "scan": EvidenceFile.reference,
        "sign_id": Sign.id, "campaign_id": Campaign.id, "list_id": SignList.id, "file_id": TaxOfficeFile.id,
        "key": Complaint.reference, "helped": HelpMandate.reference, "mandate_id": HelpMandate.id, "community_helper_id": CommunityHelper.id,
    }  # fmt: skip
    if room == "program_desk":
        # An employer's own tokens are none of the desk's.
        listed["token_id"] = ApiToken.id
    rules = [rule for rule in office.url_map.iter_rules() if rule.endpoint == endpoint]
    # The address at which somebody acts for themselves, where there is another.
    rule = min(rules, key=lambda each: len(each.arguments))
    if endpoint == "documents.show_verification":
        with database(office).readers() as session:
            secret = office.extensions["siweb_settings"].signing_key()
            for reference in session.scalars(select(Document.reference)):
                yield {"code": verification_code(secret, reference)}
        return
    if endpoint == "search_desk.show_results":
        with database(office).readers() as session:
            yield from ({"q": name} for name in session.scalars(select(Person.name).limit(3)))
        return
    if "relation_id" in rule.arguments:
        with database(office).readers() as session:
            held = select(
                Appointment.id.label("appointment_id"), StaffRelation.id.label("relation_id")
            )
            of_one = Appointment.person_id == StaffRelation.person_id
            yield from map(dict, session.execute(held.join(StaffRelation, of_one)).mappings())
        return
    if room == "service_desk" and rule.arguments:
        with database(office).readers() as session:
            for message in session.scalars(select(Message).where(Message.awaits_service)):
                yield {
                    "kind": message.kind, "subject": message.subject, "day": message.notified_on.isoformat(),
                }  # fmt: skip
        return
    fixed = {
        "kind": "complaint" if room == "note_desk" else "leave",
        "step": "relationship",
        "position": 1,
    }
    fixed["part"] = "mandates" if room == "employer_desk" else "cases"
    moving = [name for name in rule.arguments if name in listed]
    with database(office).readers() as session:
        asked = None
        if moving:
            only = [NOT_ALL[name] for name in (moving[0], endpoint) if name in NOT_ALL]
            asked = oldest_first(listed[moving[0]]).where(*only)
        found = session.scalars(asked).all() if moving else [None]
    for value in found:
        yield {name: fixed[name] for name in rule.arguments if name in fixed} | (
            {moving[0]: value} if moving else {}
        )
