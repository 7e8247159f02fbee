"""What the desk shows of people."""

from collections.abc import Iterable, Iterator

from flask import request
from sqlalchemy import select

from siweb import clock
from siweb.audit.access_log.reason import Reason
from siweb.auth.access import scope, subject
from siweb.collection.arrears.find import bill_in_arrears
from siweb.collection.assessments.find import cases_in, find_case, find_report, open_reports
from siweb.collection.bills.notice import MOST_PEOPLE
from siweb.collection.payments.find import PaymentsShown, find_payment, list_payments, used_for
from siweb.collection.payments.suggest_bills import suggestions
from siweb.collection.payouts.find import (
    find_file,
    find_payout,
    list_payouts,
    people_of_file,
)
from siweb.collection.statements.hold import list_held
from siweb.collection.statements.origins import batches_of, origins_of
from siweb.collection.tables.assessment import AssessmentState
from siweb.collection.tables.held_entry import HeldEntry
from siweb.collection.tables.payment import Payment
from siweb.complaints.find import find_complaint
from siweb.db.among import among
from siweb.desk.search.views import found_now
from siweb.desk.statements.entries.views import PAGE as ENTRIES_PAGE
from siweb.desk.tasks.actions import ACTIONS
from siweb.desk.tasks.evidence.subject import matter_of_scan
from siweb.disclosures.bills import people_on_paper
from siweb.disclosures.disclosure import Disclosure, FindPeople
from siweb.filings.confirmation.follow_up import list_open_hires
from siweb.ledgers.benefits.overpaid import overpaid
from siweb.pensions.find import find_application
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.person_alias import PersonAlias
from siweb.reviews.decide import find_sent, waiting_visits
from siweb.reviews.tasks.find import find_task
from siweb.service.find import find_notice
from siweb.tasks.find import find_task as find_two_person_task
from siweb.transfers.find import find_transfer
from siweb.web.database import db_session
from siweb.web.paging import page_asked, search_asked
from siweb.web.read_once import read_once


def _person(person_id: int) -> Iterable[int]:
    return (person_id,)


def _joined(person_id: int) -> Iterable[int]:
    """Return both whom a page compares: the registration that goes, and the one that stands."""
    alias = db_session().get(PersonAlias, person_id)
    return (person_id,) if alias is None else (person_id, alias.person_id)


def _overpaid() -> Iterator[int]:
    found, _has_more = read_once(overpaid, scope(), page=page_asked())
    return (each.person_id for each in found)


def _payouts() -> Iterator[int | None]:
    shown, _has_more = read_once(list_payouts, scope=scope(), page=page_asked())
    return (each.payout.person_id for each in shown)


def _payout(reference: str) -> Iterable[int | None]:
    shown = read_once(find_payout, reference)
    return () if shown is None else (shown.payout.person_id,)


def _payment_file(reference: str) -> Iterable[int | None]:
    file = read_once(find_file, reference)
    return () if file is None else people_of_file(db_session(), file.id)


def _visits() -> Iterator[int]:
    waiting, _has_more = read_once(
        waiting_visits, scope=scope(), on=clock.today(), page=page_asked()
    )
    return (found.review.person_id for found in waiting)


def _review(reference: str) -> Iterable[int]:
    found = read_once(find_sent, reference)
    return () if found is None else (found.review.person_id,)


def _arrears_paper(arrears_id: int) -> Iterable[int | None]:
    bill = bill_in_arrears(db_session(), arrears_id)
    return () if bill is None else people_on_paper(bill, most=MOST_PEOPLE)


def _cases() -> Iterator[int | None]:
    typed = request.args.get("state", "")
    state = AssessmentState(typed) if typed in set(AssessmentState) else None
    cases, _has_more = cases_in(db_session(), state, scope=scope(), page=page_asked())
    return (case.assessment.person_id for case in cases)


def _case(reference: str) -> Iterable[int | None]:
    found = find_case(db_session(), reference)
    return () if found is None else (found.assessment.person_id,)


def _reports() -> Iterator[int | None]:
    reports, _has_more = open_reports(db_session(), scope=scope(), page=page_asked())
    for report in reports:
        yield from (report.person_id, report.reported_by_person_id)


def _report(reference: str) -> Iterable[int | None]:
    found = find_report(db_session(), reference)
    return () if found is None else (found[0].person_id, found[0].reported_by_person_id)


def _payments() -> Iterator[int | None]:
    typed = request.args.get("state", "")
    shown = PaymentsShown(typed) if typed in set(PaymentsShown) else PaymentsShown.WAITING
    query = search_asked()
    payments, _has_more = list_payments(db_session(), shown, query, page_asked(), scope=scope())
    return (payment.person_id for payment in payments)


def _payment(payment_id: int) -> Iterator[int | None]:
    """Find who paid, whose bills it was used for, and whose bills are suggested by name."""
    found = read_once(find_payment, payment_id)
    if found is None:
        return
    payment, _back = found
    yield payment.person_id
    yield from (used.person_id for used in read_once(used_for, payment))
    if payment.unallocated_fen > 0:
        packs = read_once(packs_in_force)
        suggested = read_once(suggestions, payment, packs=packs)
        yield from (suggestion.bill.person_id for suggestion in suggested)


def _entries() -> Iterable[int | None]:
    """Find who paid what the entries of a page became, or took back."""
    entries, _has_more = list_held(
        db_session(), None, scope=scope(), page=page_asked(), size=ENTRIES_PAGE
    )
    return _payers(entry.payment_id for entry in entries)


def _entry(entry_id: int) -> Iterable[int | None]:
    session = db_session()
    held = session.get_one(HeldEntry, entry_id)
    yield from _payers([held.payment_id])
    yield from (payment.person_id for payment in origins_of(session, held))
    for batch in batches_of(session, held):
        yield from (payment.person_id for payment in batch)


def _payers(payment_ids: Iterable[int | None]) -> Iterable[int | None]:
    listed = [payment_id for payment_id in payment_ids if payment_id is not None]
    if not listed:
        return ()
    return db_session().scalars(select(Payment.person_id).where(among(Payment.id, listed)))


def _task(task_id: int) -> Iterable[int]:
    found = find_task(db_session(), task_id)
    return () if found is None else (found.person.id,)


def _open_hires() -> Iterable[int | None]:
    """Find whom the hires of a page are about."""
    hires, _has_more = list_open_hires(db_session(), scope=scope(), page=page_asked())
    return (hire.person_id for hire in hires)


def _complaint(reference: str) -> Iterable[int]:
    found = read_once(find_complaint, reference)
    return () if found is None else (found.complaint.person_id,)


def _pension_application(reference: str) -> Iterable[int]:
    found = read_once(find_application, reference)
    return () if found is None else (found.person.id,)


def _notice(kind: str, subject: str, day: str) -> Iterable[int | None]:
    found = read_once(find_notice, kind, subject, day)
    return () if found is None else (found.shown_text.message.person_id,)


def _transfer(reference: str) -> Iterable[int]:
    found = read_once(find_transfer, reference)
    return () if found is None else (found.person.id,)


def _found() -> Iterator[int]:
    return found_now().people()


def _two_person_task(reference: str) -> Iterable[int]:
    shown = read_once(find_two_person_task, reference)
    if shown is None:
        return ()
    about = ACTIONS[shown.task.kind].subject(db_session(), shown.task).person_ids
    return about | {shown.maker_person_id}


def _of_scan(scan: str) -> Iterable[int]:
    found = read_once(matter_of_scan, scan)
    return () if found is None else found.subject.person_ids


def _noted(kind: str, key: str) -> Iterable[int]:
    """Find whom a case concerns on which there are notes: its own mark beside the route knows."""
    del kind, key
    return subject().person_ids


def _all(reason: Reason, people: FindPeople, *endpoints: str) -> dict[str, Disclosure]:
    return dict.fromkeys(endpoints, Disclosure(reason, people))


DESK = {
    **_all(
        Reason.ACCOUNT,
        _person,
        "people_desk.bring",
        "people_desk.note_temporary",
        "people_desk.note_ordinary",
        "people_desk.send",
        "people_desk.death",
        "people_desk.alive",
    ),
    # The person reads the reason: each room has one that says what was done there.
    **_all(
        Reason.COUNTER,
        _person,
        "counter_desk.show_person",
        "counter_desk.set_contact",
        "counter_desk.give",
    ),
    **_all(Reason.COUNTER_REVIEW, _person, "phone_desk.show_phone", "phone_desk.give_code"),
    **_all(
        Reason.CORRECTING_RECORD,
        _person,
        "account_correction_desk.show_entries",
        "account_correction_desk.set_entry_right",
        "correction_desk.show_form",
        "correction_desk.preview",
        "correction_desk.correct",
    ),
    **_all(
        Reason.CORRECTING_IDENTITY,
        _person,
        "identity_desk.show_form",
        "identity_desk.preview",
        "identity_desk.correct_identity",
    ),
    **_all(
        Reason.REGISTRATIONS,
        _person,
        "merging_desk.show_form",
        "merging_desk.preview",
        "merging_desk.join",
    ),
    **_all(
        Reason.REGISTRATIONS,
        _joined,
        "separating_desk.show_separation",
        "separating_desk.preview",
        "separating_desk.separate",
    ),
    **_all(Reason.DATA_COPY, _person, "copy_desk.show_form", "copy_desk.make_copy"),
    **_all(
        Reason.BENEFIT,
        _person,
        "benefit_desk.show_months",
        "benefit_desk.pay_heirs",
        "benefit_correction_desk.show_forms",
        "benefit_correction_desk.withdraw_one",
        "benefit_correction_desk.begin_one_again",
        "benefit_correction_desk.take_sign_back",
    ),
    "benefit_desk.show_overpaid": Disclosure(Reason.BENEFIT, _overpaid),
    "review_tasks.show_visits": Disclosure(Reason.REVIEW, _visits),
    "review_desk.decide": Disclosure(Reason.REVIEW, _review),
    "arrears_desk.send_bill": Disclosure(Reason.ARREARS, _arrears_paper),
    **_all(Reason.ASSESSMENT, _cases, "assessment_desk.show_cases", "assessment_desk.compare"),
    **_all(
        Reason.ASSESSMENT,
        _case,
        "assessment_desk.show_case",
        "assessment_desk.propose",
        "assessment_desk.decide_case",
        "assessment_desk.drop_case",
        "assessment_desk.send_notice",
    ),
    **_all(
        Reason.COMPLAINT,
        _complaint,
        "complaint_desk.show_complaint",
        "complaint_desk.set_employer",
        "complaint_desk.take_one_up",
    ),
    **_all(
        Reason.PENSION,
        _pension_application,
        "pension_desk.show_application",
        "pension_desk.approve",
        "pension_desk.refuse",
    ),
    "note_desk.show_case_notes": Disclosure(Reason.NOTE, _noted),
    "search_desk.show_results": Disclosure(Reason.SEARCH, _found),
    **_all(
        Reason.SERVICE,
        _notice,
        "service_desk.show_notice",
        "service_desk.note_served",
        "service_desk.note_failed",
    ),
    **_all(
        Reason.ACCOUNT,
        _transfer,
        "transfer_desk.show_transfer",
        "transfer_desk.note_step",
        "transfer_desk.fund",
        "transfer_desk.refuse_one",
    ),
    "hire_reports.show_reports": Disclosure(Reason.HIRE_REPORT, _reports),
    **_all(
        Reason.HIRE_REPORT,
        _report,
        "hire_reports.show_report",
        "hire_reports.set_employer",
        "hire_reports.drop",
    ),
    "payment_desk.show_payments": Disclosure(Reason.PAYMENT, _payments),
    **_all(
        Reason.PAYMENT,
        _payment,
        "payment_desk.show_payment",
        "payment_desk.match",
        "payment_desk.keep",
        "payment_desk.pay_back",
        "payment_desk.reverse",
        "payment_desk.split",
    ),
    **_all(Reason.PAYMENT, _payouts, "payout_desk.show_payouts", "payout_desk.release_file"),
    "payout_desk.take_in": Disclosure(Reason.PAYMENT, _payouts),
    **_all(Reason.PAYMENT, _payout, "payout_desk.show_payout", "payout_desk.name_one"),
    **_all(Reason.PAYMENT, _payment_file, "payout_desk.show_file", "payout_desk.send_file"),
    "entry_desk.show_entries": Disclosure(Reason.PAYMENT, _entries),
    **_all(
        Reason.PAYMENT,
        _entry,
        "entry_desk.show_entry",
        "entry_desk.book",
        "entry_desk.confirm_return",
        "entry_desk.dismiss",
    ),
    "employer_desk.show_hires": Disclosure(Reason.FILING, _open_hires),
    "evidence_desk.show_scan": Disclosure(Reason.EVIDENCE, _of_scan),
    **_all(Reason.TASK, _two_person_task, "task_desk.show_task", "task_desk.refuse_task"),
    "review_tasks.finish": Disclosure(Reason.REVIEW, _task),
    "review_tasks.end_resident": Disclosure(Reason.REVIEW, _task),
    "review_tasks.insure_again": Disclosure(Reason.REVIEW, _task),
}
