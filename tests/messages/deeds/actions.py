"""What is done at the office, by the kind of message that it leads to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from siweb.audit.actor import SYSTEM, Actor
from siweb.auth.credentials.account import replace_password, reserve_change
from siweb.auth.credentials.activate import activate, issue_activation_code
from siweb.auth.credentials.attempt import Attempt
from siweb.auth.credentials.password import hash_password
from siweb.auth.mandates import add_mandate, remind_of_mandates, revoke_mandate
from siweb.auth.tables.account import Account
from siweb.auth.tables.mandate import MandateKind
from siweb.collection.corrections.record.correct import correct_record
from siweb.collection.corrections.record.correction import Correction
from siweb.collection.payments.take_back import refund
from siweb.collection.tables.record_correction import CorrectionKind
from siweb.desk.employers.actions import INJURY_RATE
from siweb.messages.kinds.benefits import (
    BACK_PAY_RETURNED,
    BENEFIT_PAID_BACK,
    BENEFIT_RESUMED,
    BENEFIT_SUSPENDED,
    CERTIFICATION_REMINDER,
    STOP_ANNOUNCED,
    STOP_ENDED,
    SUSPENSION_ANNOUNCED,
)
from siweb.messages.kinds.bills import (
    BILL_ISSUED,
    EMPLOYER_REFUND,
    OWN_BILL,
    REFUND,
    REFUND_RETURNED,
)
from siweb.messages.kinds.complaints import COMPLAINT_ANSWERED, COMPLAINT_RECEIVED
from siweb.messages.kinds.mandates import (
    MANDATE_ENDING,
    MANDATE_GIVEN,
    MANDATE_GRANTED,
    MANDATE_REVOKED,
)
from siweb.messages.kinds.registration import INJURY_RATE_DECIDED, RECORD_SET_RIGHT
from siweb.messages.kinds.reviews import (
    OBJECTION_ANSWERED,
    OBJECTION_TO_ANSWER,
    RECORD_CORRECTED,
    REVIEW_OPENED,
    REVIEW_PARTLY_UPHELD,
    REVIEW_PASSED,
    REVIEW_REJECTED,
    REVIEW_REMINDER,
    REVIEW_TO_CORRECT,
    REVIEW_UNDER_WAY,
    REVIEW_UPHELD,
)
from siweb.messages.kinds.sign_in import (
    ACCOUNT_OPENED,
    ACTIVATION_ISSUED,
    ACTIVATION_USED,
    FACTOR_RESET,
    PASSKEY_ADDED,
    PASSKEY_REMOVED,
    PASSKEY_USED,
    PASSWORD_CHANGED,
)
from siweb.messages.message_kind import MessageKind
from siweb.registry.codes import Scheme
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person
from siweb.reviews.begin.tell import tell_of_campaigns
from siweb.reviews.benefits.move import move_benefits
from siweb.reviews.benefits.tell import tell_of_benefits
from siweb.reviews.move import move_review
from siweb.reviews.objections.answer import answer_as_employer, find_asked, tell_employers
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.reviews.tables.review import Review, ReviewState
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Doing
from tests import bills, factories, levies
from tests.conftest import NOW
from tests.messages.deeds.applied_for import APPLIED_FOR
from tests.messages.deeds.assessed import ASSESSED
from tests.messages.deeds.at_the_door import AT_THE_DOOR
from tests.messages.deeds.benefits import (
    announce_a_stop,
    back_pay_comes_back,
    certify,
    let_a_benefit_go_on,
    pay_what_was_held,
    refund_comes_back,
)
from tests.messages.deeds.decided import DECIDED
from tests.messages.deeds.filed import FILED
from tests.messages.deeds.identity_actions import REGISTERED
from tests.messages.deeds.overdue import OVERDUE
from tests.messages.deeds.reminded import REMINDED
from tests.messages.deeds.said_and_undone import (
    add_own_passkey,
    answer_complaint,
    complain,
    remove_own_passkey,
    reset_factor,
    use_passkey_elsewhere,
)
from tests.messages.deeds.set_right import SET_RIGHT
from tests.messages.deeds.shared_papers import SHARED
from tests.reviews.conftest import REGION
from tests.served import announce

TODAY = NOW.date()


@dataclass
class Office:
    """Where it is done: whom it is about, and what makes cases."""

    session: Session
    person: Person
    employer: Employer
    acting: Actor
    make_review: Any
    make_objection: Any
    make_benefit: Any
    draft: Any
    send: Any
    hire_at: Any
    insure: Any


def _campaign(office: Office, opens_on: date, closes_on: date) -> None:
    factories.make_enrolment(
        office.session, office.person, employer=office.employer, scheme=Scheme.EMPLOYEE
    )
    office.session.add(
        Campaign(
            region_code=REGION, kind=ReviewKind.RECORD_CHECK, year=2025, rules={},
            period_from_month="2025-01", period_to_month="2025-12",
            opens_on=opens_on, closes_on=closes_on,
        )
    )  # fmt: skip
    office.session.flush()
    tell_of_campaigns(office.session, on=TODAY, at=NOW)


def open_campaign(office: Office) -> Person:
    _campaign(office, TODAY, TODAY + timedelta(days=90))
    return office.person


def near_its_end(office: Office) -> Person:
    _campaign(office, TODAY - timedelta(days=60), TODAY + timedelta(days=7))
    return office.person


def _move(
    office: Office,
    state: ReviewState,
    reason: str,
    before: ReviewState = ReviewState.MANUAL_REVIEW,
) -> Person:
    review = office.make_review(state=before)
    move_review(office.session, review, state, reason=reason, actor=SYSTEM, at=NOW)
    return office.person


def answer_objection(office: Office) -> Person:
    objection = office.make_objection(office.make_review())
    asked = find_asked(office.session, office.employer.id, objection.id)
    assert asked is not None
    answer_as_employer(office.session, asked, agrees=True, words="", actor=office.acting, at=NOW)
    return office.person


def ask_employer(office: Office) -> Employer:
    review: Review = office.make_review()
    office.make_objection(review)
    tell_employers(office.session, review, at=NOW)
    return office.employer


def _benefit(office: Office, certified_on: date) -> Person:
    office.make_review(ReviewKind.CERTIFICATION, ReviewState.PASSED)
    office.make_benefit(certified_on)
    return _a_day_later(office)


def suspend(office: Office) -> Person:
    office.make_review(ReviewKind.CERTIFICATION, ReviewState.PASSED)
    announce(office.session, office.make_benefit(date(2025, 10, 20)))
    return _a_day_later(office)


def _a_day_later(office: Office) -> Person:
    packs = packs_in_force(office.session)
    move_benefits(office.session, packs=packs, on=TODAY, at=NOW)
    tell_of_benefits(office.session, packs=packs, on=TODAY, at=NOW)
    return office.person


def _grant(office: Office, until_on: date | None = None) -> Any:
    other = factories.make_person(office.session, name="李雷", region_code=REGION)
    account = factories.make_account(office.session, other)
    mandate = add_mandate(
        office.session, account.id, office.employer.id, MandateKind.FILER,
        actor=office.acting, on=TODAY, at=NOW, until_on=until_on,
    )  # fmt: skip
    return other, mandate


def grant(office: Office) -> Person:
    return _grant(office)[0]


def grant_for_employer(office: Office) -> Employer:
    _grant(office)
    return office.employer


def revoke(office: Office) -> Person:
    other, mandate = _grant(office)
    revoke_mandate(
        office.session, office.employer.id, mandate.id, actor=office.acting, on=TODAY, at=NOW
    )
    return other


def mandate_ends(office: Office) -> Person:
    other, _mandate = _grant(office, TODAY + timedelta(days=20))
    remind_of_mandates(office.session, on=TODAY, at=NOW)
    return other


def _activate(office: Office, person: Person) -> Person:
    code = issue_activation_code(office.session, person.id, key="k", at=NOW, actor=SYSTEM)
    attempt = Attempt(person.id_number, "127.0.0.0/24", "device", "k")
    activate(
        office.session, attempt, name=person.name, code=code, password="mao zai shui jiao", at=NOW
    )
    return person


def open_account(office: Office) -> Person:
    return _activate(office, factories.make_person(office.session, name="李雷", region_code=REGION))


def forgot_password(office: Office) -> Person:
    return _activate(office, office.person)


def give_code(office: Office) -> Person:
    person = office.person
    issue_activation_code(office.session, person.id, key="k", at=NOW, actor=SYSTEM)
    return person


def change_password(office: Office) -> Person:
    account_id = office.acting.account_id
    assert account_id is not None
    account = office.session.get_one(Account, account_id)
    account.password_hash = hash_password("correct horse battery")
    reserved = reserve_change(office.session, account_id, key="k", at=NOW)
    replace_password(
        office.session, account_id, reserved, present="correct horse battery",
        new="mao zai shui jiao", sign_in_id=0, at=NOW,
    )  # fmt: skip
    return office.person


def levy_month(office: Office) -> Employer:
    employer = office.hire_at()
    office.insure(1_000_000, employer)
    levies.levy(office.session)
    return employer


def levy_own(office: Office) -> Person:
    office.hire_at()
    person = office.insure(1_000_000, insurances=("pension", "medical"))
    levies.levy(office.session)
    return person


def correct(office: Office) -> Person:
    """The base of a month that was billed was wrong."""
    employer = office.hire_at()
    person: Person = office.insure(900_000, employer, insurances=("pension",))
    levies.levy(office.session)
    given = Correction(
        CorrectionKind.BASE, person.id, levies.BEIJING, levies.MONTH, levies.MONTH, (),
        employer.id, None, 950_000, date(2026, 12, 15), is_offices_mistake=False,
    )  # fmt: skip
    correct_record(
        office.session, given, packs=packs_in_force(office.session), reason="工资条",
        actor=SYSTEM, on=TODAY, at=NOW,
    )  # fmt: skip
    return person


def _pay_back(office: Office, **payer: int) -> None:
    payment = bills.receive(office.session, 500)
    for name, key in payer.items():
        setattr(payment, name, key)
    refund(office.session, payment, 500, on=TODAY, actor=SYSTEM, at=NOW)


def pay_person_back(office: Office) -> Person:
    _pay_back(office, person_id=office.person.id)
    return office.person


def pay_employer_back(office: Office) -> Employer:
    _pay_back(office, employer_id=office.employer.id)
    return office.employer


def decide_injury_rate(office: Office) -> Employer:
    office.employer.injury_class = 4
    change = {
        "employer_id": office.employer.id, "from_month": "2030-01",
        "injury_class": office.employer.injury_class, "injury_tier_ppm": 500_000,
    }  # fmt: skip
    task = Task(
        reference="T1", kind=INJURY_RATE.kind, change=change, because="核定书1号",
        made_by_account_id=1,
    )  # fmt: skip
    doing = Doing(Actor(2, None), NOW, packs_in_force(office.session))
    INJURY_RATE.do(office.session, task, doing)
    return office.employer


BY_KIND: dict[MessageKind, tuple[Callable[[Office], Person | Employer], ...]] = {
    REVIEW_OPENED: (open_campaign,),
    REVIEW_REMINDER: (near_its_end,),
    REVIEW_UNDER_WAY: (
        partial(_move, state=ReviewState.EMPLOYER_CONFIRM, reason="employer_asked"),
    ),
    REVIEW_TO_CORRECT: (partial(_move, state=ReviewState.TO_CORRECT, reason="mismatch"),),
    REVIEW_PASSED: (partial(_move, state=ReviewState.PASSED, reason="record_confirmed"),),
    REVIEW_UPHELD: (partial(_move, state=ReviewState.CORRECTING, reason="upheld"),),
    REVIEW_PARTLY_UPHELD: (partial(_move, state=ReviewState.CORRECTING, reason="partly_upheld"),),
    REVIEW_REJECTED: (partial(_move, state=ReviewState.REJECTED, reason="dismissed"),),
    RECORD_CORRECTED: (
        partial(_move, state=ReviewState.PASSED, reason="corrected", before=ReviewState.CORRECTING),
    ),
    RECORD_SET_RIGHT: (correct,),
    **REGISTERED,
    **SET_RIGHT,
    OBJECTION_ANSWERED: (answer_objection,),
    CERTIFICATION_REMINDER: (partial(_benefit, certified_on=date(2026, 1, 1)),),
    SUSPENSION_ANNOUNCED: (partial(_benefit, certified_on=date(2025, 11, 20)),),
    BENEFIT_SUSPENDED: (suspend,),
    BENEFIT_RESUMED: (certify,),
    BENEFIT_PAID_BACK: (pay_what_was_held,),
    STOP_ANNOUNCED: (announce_a_stop,),
    STOP_ENDED: (let_a_benefit_go_on,),
    BACK_PAY_RETURNED: (back_pay_comes_back,),
    REFUND_RETURNED: (refund_comes_back,),
    OWN_BILL: (levy_own,),
    REFUND: (pay_person_back,),
    MANDATE_GIVEN: (grant,),
    MANDATE_REVOKED: (revoke,),
    MANDATE_ENDING: (mandate_ends,),
    ACCOUNT_OPENED: (open_account,),
    ACTIVATION_ISSUED: (give_code,),
    ACTIVATION_USED: (forgot_password,),
    PASSWORD_CHANGED: (change_password,),
    FACTOR_RESET: (reset_factor,),
    PASSKEY_ADDED: (add_own_passkey,),
    PASSKEY_USED: (use_passkey_elsewhere,),
    PASSKEY_REMOVED: (remove_own_passkey,),
    COMPLAINT_RECEIVED: (complain,),
    COMPLAINT_ANSWERED: (answer_complaint,),
    OBJECTION_TO_ANSWER: (ask_employer,),
    BILL_ISSUED: (levy_month,),
    EMPLOYER_REFUND: (pay_employer_back,),
    INJURY_RATE_DECIDED: (decide_injury_rate,),
    MANDATE_GRANTED: (grant_for_employer,),
    **APPLIED_FOR,
    **ASSESSED,
    **AT_THE_DOOR,
    **DECIDED,
    **FILED,
    **OVERDUE,
    **REMINDED,
    **SHARED,
}
