"""What stands behind the numbers in the desk's addresses: whose it is, and in which region.

Named beside each route, so that nobody acts outside their agency or on their own matter.
"""

from collections.abc import Iterable
from typing import TypeVar

from sqlalchemy import Select, null, select
from sqlalchemy.orm import Session

from siweb.auth.staff.subject import Subject
from siweb.auth.tables.api_token import ApiToken
from siweb.auth.tables.appointment import Appointment
from siweb.collection.payments.find import Used, find_payment, used_for
from siweb.collection.payouts.find import find_file, find_payout, insurances_of_file
from siweb.collection.tables.arrears import Arrears
from siweb.collection.tables.assessment import Assessment
from siweb.collection.tables.bank_statement import BankStatement
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.held_entry import HeldEntry
from siweb.collection.tables.hire_report import HireReport
from siweb.collection.tables.levy_run import LevyRun, TaxOfficeFile
from siweb.collection.tables.payment import Payment
from siweb.collection.tables.payout import OF_INSURANCES as PAID_BY
from siweb.complaints.find import find_complaint
from siweb.db.base import Base
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow
from siweb.pensions.find import find_application
from siweb.registry.codes import Insurance
from siweb.registry.person_keys import is_of
from siweb.registry.tables.agency import Agency
from siweb.registry.tables.benefit import PAYING
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_alias import PersonAlias
from siweb.reviews.decide import find_sent
from siweb.reviews.tables.campaign import CERTIFIED_BY, Campaign
from siweb.reviews.tables.review import Review
from siweb.reviews.tables.sign import SignList
from siweb.reviews.tables.task import ReviewTask
from siweb.service.find import ABOUT, find_notice
from siweb.signs.find import find_sign
from siweb.transfers.find import find_transfer
from siweb.web.read_once import read_once

# Accounts, transfers and applications are those of the pension insurance.
_PENSION = frozenset({Insurance.PENSION})
Row = TypeVar("Row", bound=Base)


def of_person(session: Session, person_id: int) -> Subject | None:
    """Return a person, who is a matter of every region where they are or were enrolled."""
    # In one statement: whether it was joined to another one, every page of a person asks.
    asked = select(Person, PersonAlias.person_id).outerjoin(
        PersonAlias, PersonAlias.former_id == Person.id
    )
    found = session.execute(asked.where(Person.id == person_id)).first()
    if found is None:
        return None
    person, standing_id = found
    enrolled = select(Enrolment.region_code).where(is_of(Enrolment.person_id, person_id))
    return Subject(
        frozenset({person.region_code}),
        _some(person_id),
        read=person,
        more_regions=enrolled.distinct(),
        standing_id=standing_id,
    )


def of_part_of_person(session: Session, person_id: int, part: str) -> Subject | None:
    """Return the person a part of whose page is named."""
    del part  # of what is known of them: whose it is, is the same
    return of_person(session, person_id)


def of_payment(_session: Session, payment_id: int) -> Subject | None:
    """Return a payment: it concerns whom it is kept for, and the payers of what it paid."""
    found = read_once(find_payment, payment_id)
    if found is None:
        return None
    payment, _back = found
    return payment_subject(payment, read_once(used_for, payment))


def payment_subject(payment: Payment, used: Iterable[Used]) -> Subject:
    """Return whose matter a payment is that was used for some bills."""
    used = list(used)
    return Subject(
        frozenset({payment.region_code}),
        _some(payment.person_id, *(paid.person_id for paid in used)),
        _some(payment.employer_id, *(paid.employer_id for paid in used)),
    )


# What the page reads by its key is read here and kept for it, so that it is not read twice.


def _kept(model: type[Row], key: int) -> Row | None:
    return read_once(_by_key, model, key)


def _by_key(session: Session, model: type[Row], key: int) -> Row | None:
    return session.get(model, key)


def of_statement(_session: Session, statement_id: int) -> Subject | None:
    """Return a bank statement: a matter of its region alone."""
    statement = _kept(BankStatement, statement_id)
    return None if statement is None else Subject(frozenset({statement.region_code}))


def of_payout(_session: Session, reference: str) -> Subject | None:
    """Return a payout: whose money it is."""
    shown = read_once(find_payout, reference)
    if shown is None:
        return None
    payout = shown.payout
    regions = frozenset({payout.region_code})
    persons, employers = _some(payout.person_id), _some(payout.employer_id)
    return Subject(regions, persons, employers, insurances=PAID_BY[payout.kind])


def of_payment_file(session: Session, reference: str) -> Subject | None:
    """Return a file for the bank: a matter of its region; it was checked by two."""
    file = read_once(find_file, reference)
    if file is None:
        return None
    insurances = insurances_of_file(session, file.id)
    return Subject(frozenset({file.region_code}), insurances=insurances)


def of_entry(_session: Session, entry_id: int) -> Subject | None:
    """Return an entry of a bank statement that waits for a decision."""
    held = _kept(HeldEntry, entry_id)
    if held is None:
        return None
    payment = None if held.payment_id is None else _kept(Payment, held.payment_id)
    if payment is None:
        return Subject(frozenset({held.region_code}))
    persons, employers = _some(payment.person_id), _some(payment.employer_id)
    return Subject(frozenset({held.region_code}), persons, employers)


def of_levy_run(_session: Session, run_id: int) -> Subject | None:
    """Return a levy, which concerns everybody of a region and so nobody more than others.

    What corrected one person's record concerns that person.
    """
    run = _kept(LevyRun, run_id)
    if run is None:
        return None
    return Subject(frozenset({run.region_code}), _some(run.person_id))


def of_tax_office_file(session: Session, file_id: int) -> Subject | None:
    """Return a list that the tax office got: like its levy it concerns everybody of a region."""
    file = session.get(TaxOfficeFile, file_id)
    return None if file is None else Subject(frozenset({file.region_code}))


def of_arrears(session: Session, arrears_id: int) -> Subject | None:
    """Return a bill in arrears and its payer."""
    asked = select(Arrears.region_code, Bill.person_id, Bill.employer_id)
    joined = asked.join(Bill, Bill.id == Arrears.bill_id)
    return _subject(session, joined.where(Arrears.id == arrears_id))


def of_bills(session: Session, references: Iterable[int]) -> Subject | None:
    """Return the bills that a form names, and their payers."""
    asked = select(Bill.region_code, Bill.person_id, Bill.employer_id)
    return _subject(session, asked.where(Bill.bank_reference.in_(list(references))))


def of_assessment(session: Session, reference: str) -> Subject | None:
    """Return an assessment: it concerns the employer and the person who was not declared."""
    asked = select(Assessment.region_code, Assessment.person_id, Assessment.employer_id)
    return _subject(session, asked.where(Assessment.reference == reference))


def of_hire_report(session: Session, reference: str) -> Subject | None:
    """Return a report of a hire that was not registered: who reported it is concerned as well."""
    about = select(HireReport.region_code, HireReport.person_id, HireReport.employer_id)
    by = select(HireReport.region_code, HireReport.reported_by_person_id, null())
    found = (question.where(HireReport.reference == reference) for question in (about, by))
    return _subject(session, *found)


def of_complaint(_session: Session, reference: str) -> Subject | None:
    """Return a complaint: it concerns its sender, and the employer that it is about."""
    found = read_once(find_complaint, reference)
    if found is None:
        return None
    complaint = found.complaint
    persons, employers = _some(complaint.person_id), _some(complaint.employer_id)
    return Subject(frozenset({complaint.region_code}), persons, employers)


def of_pension_application(_session: Session, reference: str) -> Subject | None:
    """Return an application for a pension: it concerns its applicant."""
    found = read_once(find_application, reference)
    if found is None:
        return None
    application = found.application
    region = frozenset({application.region_code})
    return Subject(region, _some(application.person_id), insurances=_PENSION)


def of_notice(_session: Session, kind: str, subject: str, day: str) -> Subject | None:
    """Return a notice that is served: it concerns its reader."""
    found = read_once(find_notice, kind, subject, day)
    if found is None:
        return None
    message = found.shown_text.message
    persons, employers = _some(message.person_id), _some(message.employer_id)
    insurances = ABOUT.get(message.kind, frozenset())
    return Subject(frozenset({message.region_code}), persons, employers, insurances=insurances)


def of_transfer(_session: Session, reference: str) -> Subject | None:
    """Return a transfer that somebody applied for."""
    found = read_once(find_transfer, reference)
    if found is None:
        return None
    transfer = found.transfer
    region = frozenset({transfer.region_code})
    return Subject(region, _some(transfer.person_id), insurances=_PENSION)


def of_sign(_session: Session, sign_id: int) -> Subject | None:
    """Return a sign from another office's list: it concerns whom it names."""
    found = read_once(find_sign, sign_id)
    if found is None:
        return None
    region, persons = frozenset({found.sign.region_code}), _some(found.sign.person_id)
    return Subject(region, persons, insurances=PAYING)


def of_sign_list(_session: Session, list_id: int) -> Subject | None:
    """Return another office's list: a matter of its region; it was checked by two."""
    listed = _kept(SignList, list_id)
    if listed is None:
        return None
    return Subject(frozenset({listed.region_code}), insurances=PAYING)


def of_employer(session: Session, uscc: str) -> Subject | None:
    """Return an employer."""
    asked = select(Employer.region_code, null(), Employer.id)
    return _subject(session, asked.where(Employer.uscc == uscc))


def of_part_of_employer(session: Session, uscc: str, part: str) -> Subject | None:
    """Return the employer a part of whose page is named."""
    del part  # of what is known of it: whose it is, is the same
    return of_employer(session, uscc)


def of_hire(session: Session, filing_id: int, position: int) -> Subject | None:
    """Return a hire that was filed."""
    asked = select(Employer.region_code, FilingRow.person_id, Employer.id)
    joined = asked.join(Filing, Filing.employer_id == Employer.id)
    rows = joined.join(FilingRow, FilingRow.filing_id == Filing.id)
    return _subject(
        session, rows.where(FilingRow.filing_id == filing_id, FilingRow.position == position)
    )


def of_campaign(session: Session, campaign_id: int) -> Subject | None:
    """Return a campaign: of the agencies that run what it is about."""
    found = session.get(Campaign, campaign_id)
    if found is None:
        return None
    insurances = CERTIFIED_BY.get(found.kind, frozenset())
    return Subject(frozenset({found.region_code}), insurances=insurances)


def of_review(_session: Session, reference: str) -> Subject | None:
    """Return a person's review that was sent; the region is the campaign's."""
    found = read_once(find_sent, reference)
    if found is None:
        return None
    campaign, persons = found.campaign, _some(found.review.person_id)
    insurances = CERTIFIED_BY.get(campaign.kind, frozenset())
    return Subject(frozenset({campaign.region_code}), persons, insurances=insurances)


def of_review_task(session: Session, task_id: int) -> Subject | None:
    """Return a task that followed from a review."""
    asked = select(Campaign.region_code, Campaign.kind, ReviewTask.person_id)
    joined = asked.join(Review, Review.campaign_id == Campaign.id)
    tasks = joined.join(ReviewTask, ReviewTask.review_id == Review.id)
    row = session.execute(tasks.where(ReviewTask.id == task_id)).first()
    if row is None:
        return None
    region, insurances = frozenset({row.region_code}), CERTIFIED_BY.get(row.kind, frozenset())
    return Subject(region, _some(row.person_id), insurances=insurances)


def of_appointment(session: Session, appointment_id: int) -> Subject | None:
    """Return an appointment: a matter of the whole office unless it holds for one agency."""
    asked = select(Agency.region_code, Appointment.person_id).select_from(Appointment)
    joined = asked.outerjoin(Agency, Agency.id == Appointment.agency_id)
    row = session.execute(joined.where(Appointment.id == appointment_id)).first()
    if row is None:
        return None
    regions = frozenset() if row.region_code is None else frozenset({row.region_code})
    return Subject(regions, _some(row.person_id))


def of_whole_office(_session: Session) -> Subject:
    """Return what is of no region: only who acts for the whole office does."""
    return Subject(frozenset())


def of_agency(session: Session, agency_id: int) -> Subject | None:
    """Return an agency: a matter of its region."""
    agency = session.get(Agency, agency_id)
    return None if agency is None else Subject(frozenset({agency.region_code}))


def of_office_token(session: Session, token_id: int) -> Subject | None:
    """Return another office's token: a matter of its region; an employer's own are none here."""
    token = session.get(ApiToken, token_id)
    if token is None or token.region_code is None:
        return None
    return Subject(frozenset({token.region_code}))


def _subject(session: Session, *questions: Select[str, int | None, int | None]) -> Subject | None:
    rows = [row for question in questions for row in session.execute(question)]
    if not rows:
        return None
    regions, persons, employers = zip(*rows, strict=True)
    return Subject(frozenset(regions), _some(*persons), _some(*employers))


def _some(*numbers: int | None) -> frozenset[int]:
    return frozenset(number for number in numbers if number is not None)
