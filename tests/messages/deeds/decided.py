"""What is decided about money and rights at the desk, by the message that it leads to."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from siweb.audit.actor import SYSTEM, Actor
from siweb.auth.helping.community import appoint_helper
from siweb.auth.helping.community import end_appointment as dismiss_helper
from siweb.auth.staff.appoint import appoint, end_appointment
from siweb.auth.tables.appointment import Function
from siweb.collection.arrears.daily import count_arrears_day
from siweb.collection.arrears.instalments import plan_instalments
from siweb.collection.arrears.notify import Approval, defer
from siweb.collection.corrections.record.correct import correct_record
from siweb.collection.corrections.record.correction import Correction
from siweb.collection.payments.take_back import reverse_payment
from siweb.collection.payouts.order import Payee, order_payout
from siweb.collection.payouts.outcome import note_rejected
from siweb.collection.tables.arrears import Arrears
from siweb.collection.tables.payout import PaymentFile, PaymentFileLine, PayoutKind
from siweb.collection.tables.record_correction import CorrectionKind
from siweb.db.sealing.columns import seal_text
from siweb.desk.arrears.actions import DEFER
from siweb.desk.employers.actions import INJURY_RATE
from siweb.desk.payments.payouts.actions import PAYEE
from siweb.desk.people.actions import BRING_IN, SEND_OUT
from siweb.filings.confirmation.follow_up import accept_registration
from siweb.flexible.join import join, start_joining
from siweb.flexible.stop import stop
from siweb.ledgers.tables.account_entry import EntryKind
from siweb.messages.kinds.bills import (
    DEFERRAL_APPROVED,
    DEFERRAL_REFUSED,
    EMPLOYER_PAYEE_NAMED,
    EMPLOYER_PAYMENT_BOUNCED,
    EMPLOYER_REFUND_RETURNED,
    INSTALMENTS_APPROVED,
    INSTALMENTS_ENDED,
    PAYEE_NAMED,
    PAYMENT_BOUNCED,
)
from siweb.messages.kinds.helping import HELPER_APPOINTED, HELPER_DISMISSED
from siweb.messages.kinds.registration import (
    EMPLOYER_CONFIRMED,
    INJURY_RATE_RAISED,
    OWN_INSURANCE_BEGUN,
    OWN_INSURANCE_STOPPED,
    RECORD_REDUCED,
)
from siweb.messages.kinds.staff import FUNCTION_ENDED, FUNCTION_GIVEN
from siweb.messages.kinds.transfers import ACCOUNT_BROUGHT_IN, ACCOUNT_SENT_OUT
from siweb.registry.codes import Insurance, Scheme
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person
from siweb.tasks.check import refuse
from siweb.tasks.tables.task import Task, TaskState
from siweb.tasks.two_person_action import Doing, TwoPersonAction
from siweb.web.language.locale import office_language
from tests import bills, factories, levies
from tests.conftest import NOW
from tests.messages.deeds.overdue import let_it_run_late
from tests.reviews.conftest import REGION

TODAY = NOW.date()
APPROVAL = Approval("社会保险法第六十条", "示范省人力资源和社会保障厅")
BY = {"actor": SYSTEM, "at": NOW}


def _bounce(office: Any, **payer: int) -> None:
    payment = bills.receive(office.session, 500)
    for name, key in payer.items():
        setattr(payment, name, key)
    packs = packs_in_force(office.session)
    # The bank says so twice.
    for _ in range(2):
        reverse_payment(office.session, payment, packs=packs, on=TODAY, **BY)


def bounce_a_persons(office: Any) -> Person:
    _bounce(office, person_id=office.person.id)
    return office.person


def bounce_an_employers(office: Any) -> Employer:
    _bounce(office, employer_id=office.employer.id)
    return office.employer


def send_a_refund_in_vain(office: Any) -> Employer:
    """The bank does not even pay it."""
    clerk = factories.make_account(office.session, factories.make_person(office.session))
    payout = order_payout(
        office.session, PayoutKind.REFUND, "task:R", 100, region_code=REGION,
        employer_id=office.employer.id, payee=Payee("示范", "100123456789"), **BY,
    )  # fmt: skip
    file = PaymentFile(
        reference="REFUSED", region_code=REGION, debtor_name="示范", debtor_account="33334444",
        debtor_bank="示范银行", execution_on=TODAY, transactions=1, total_fen=100, made_at=NOW,
        made_by_account_id=clerk.id, released_by_account_id=clerk.id,
    )  # fmt: skip
    office.session.add(file)
    office.session.flush()
    line = PaymentFileLine(
        payment_file_id=file.id, number=1, payout_id=payout.id, end_to_end="R-1",
        payee_name="示范", payee_account="100123456789", payee_bank="", amount_fen=100,
    )  # fmt: skip
    office.session.add(line)
    office.session.flush()
    note_rejected(office.session, line, "AC04", **BY)
    return office.employer


def _arrears(office: Any) -> Arrears:
    let_it_run_late(office)
    found: Arrears = office.session.scalars(select(Arrears)).one()
    return found


def let_it_wait(office: Any) -> Employer:
    found = _arrears(office)
    defer(office.session, found, (TODAY, TODAY + timedelta(days=200)), APPROVAL, **BY)
    return office.employer


def let_it_be_paid_in_steps(office: Any) -> Employer:
    found = _arrears(office)
    plan_instalments(
        office.session, found, 6, TODAY + timedelta(days=30), APPROVAL, on=TODAY, **BY
    )  # fmt: skip
    return office.employer


def miss_a_step(office: Any) -> Employer:
    employer = let_it_be_paid_in_steps(office)
    packs = packs_in_force(office.session)
    for days in (31, 32):
        on = TODAY + timedelta(days=days)
        count_arrears_day(office.session, packs=packs, on=on, at=NOW)
    return employer


def refuse_a_deferral(office: Any) -> Employer:
    found = _arrears(office)
    clerks = [
        factories.make_account(office.session, factories.make_person(office.session))
        for _each in range(2)
    ]
    task = Task(
        reference="D1", kind=DEFER.kind, subject=f"arrears:{found.id}", region_code=REGION,
        function=DEFER.function, change={"arrears_id": found.id}, because="申请书",
        made_by_account_id=clerks[0].id, made_at=NOW, due_on=TODAY, state=TaskState.OPEN,
    )  # fmt: skip
    office.session.add(task)
    office.session.flush()
    checker = Actor(clerks[1].id, clerks[1].person_id)
    refuse(office.session, task, DEFER, "材料不足", actor=checker, at=NOW)
    return office.employer


def take_out_of_a_record(office: Any) -> Person:
    employer = office.hire_at()
    person: Person = office.insure(900_000, employer, insurances=("pension",))
    levies.levy(office.session)
    given = Correction(
        CorrectionKind.BASE, person.id, levies.BEIJING, levies.MONTH, levies.MONTH, (),
        employer.id, None, 850_000, date(2026, 12, 15), is_offices_mistake=False,
    )  # fmt: skip
    correct_record(
        office.session, given, packs=packs_in_force(office.session), reason="工资条", on=TODAY, **BY
    )  # fmt: skip
    return person


def take_out_a_month(office: Any) -> Person:
    """Nothing of it was billed yet."""
    employer = office.hire_at()
    person: Person = office.insure(900_000, employer, insurances=("pension",))
    given = Correction(
        CorrectionKind.NOT_INSURED, person.id, levies.BEIJING, levies.MONTH, levies.MONTH,
        (Insurance.PENSION,), employer.id, None, None, date(2026, 12, 15),
        is_offices_mistake=False,
    )  # fmt: skip
    correct_record(
        office.session, given, packs=packs_in_force(office.session), reason="无劳动关系", on=TODAY,
        **BY,
    )  # fmt: skip
    return person


def raise_injury_rate(office: Any) -> Employer:
    """As two people decide it: a class above what held."""
    employer = office.employer
    maker = factories.make_account(office.session, factories.make_person(office.session))
    change = {
        "employer_id": employer.id, "from_month": "2030-01",
        "injury_class": employer.injury_class + 1, "injury_tier_ppm": 1_000_000,
    }  # fmt: skip
    task = Task(
        reference="T7", kind=INJURY_RATE.kind, subject=f"employer:{employer.id}",
        region_code=employer.region_code, function=INJURY_RATE.function, change=change,
        because="核定书7号", made_by_account_id=maker.id, made_at=NOW, due_on=TODAY,
        state=TaskState.DONE, checked_by_account_id=office.acting.account_id, closed_at=NOW,
    )  # fmt: skip
    office.session.add(task)
    office.session.flush()
    doing = Doing(office.acting, NOW, packs_in_force(office.session))
    INJURY_RATE.do(office.session, task, doing)
    return employer


def confirm_a_registration(office: Any) -> Employer:
    office.employer.review_due_on, office.employer.reviewed_on = TODAY, None
    office.session.flush()
    for _ in range(2):
        accept_registration(office.session, office.employer.uscc, on=TODAY, **BY)
    return office.employer


def insure_oneself(office: Any) -> Person:
    draft = start_joining(office.session, office.acting.account_id, at=NOW)
    facts = SimpleNamespace(
        person=office.person, draft=draft, on=TODAY, region_code=office.person.region_code,
        from_month=f"{TODAY:%Y-%m}",
    )  # fmt: skip
    answers = {
        "insurances": {"insurances": ["pension"]}, "work": {"work": "other"},
        "contact": {"mobile": "13800001234", "address": "", "email": ""},
    }  # fmt: skip
    forms = {
        step: SimpleNamespace(values=lambda given=given: given) for step, given in answers.items()
    }
    state: Any = SimpleNamespace(facts=facts, forms=forms)
    with office_language("zh_Hans"):
        join(office.session, state, actor=office.acting, at=NOW, secret="k" * 40)
    return office.person


def stop_insuring_oneself(office: Any) -> Person:
    factories.make_enrolment(office.session, office.person, scheme=Scheme.FLEXIBLE)
    by = {"actor": office.acting, "at": NOW, "secret": "k" * 40}
    with office_language("zh_Hans"):
        stop(office.session, office.person, [Insurance.PENSION], on=TODAY, **by)
    return office.person


def give_a_function(office: Any) -> Person:
    _appointed(office)
    return office.person


def _appointed(office: Any) -> Any:
    return appoint(
        office.session, office.person.id, Function.AUDIT, None, makers=(None, None), mixes=False,
        on=TODAY, at=NOW,
    )  # fmt: skip


def end_a_function(office: Any) -> Person:
    end_appointment(office.session, _appointed(office), on=TODAY, **BY)
    return office.person


def _done(office: Any, action: TwoPersonAction, **change: Any) -> None:
    """Let the second person have checked it."""
    task = Task(
        reference="T9", kind=action.kind, change=change, because="函9号", made_by_account_id=1
    )
    action.do(office.session, task, Doing(Actor(2, None), NOW, packs_in_force(office.session)))


def bring_money_in(office: Any) -> Person:
    _done(
        office, BRING_IN, person_id=office.person.id, other_region="南京市", amount_fen=1_234_500,
        from_month="2019-03", through_month="2021-12", months=30,
    )  # fmt: skip
    return office.person


def send_money_out(office: Any) -> Person:
    factories.make_record(office.session, office.person, "2025-01")
    factories.make_account_entry(office.session, office.person, 2025, EntryKind.OPENING, 240_000)
    _done(office, SEND_OUT, person_id=office.person.id, to_region="苏州市")
    return office.person


def _named(office: Any, **payee: int) -> None:
    payout = order_payout(
        office.session, PayoutKind.REFUND, "task:P", 100, region_code=REGION, **payee, **BY
    )
    number = seal_text("11112222")
    _done(office, PAYEE, payout_id=payout.id, name="王芳", account=number, bank="")


def name_a_persons_account(office: Any) -> Person:
    _named(office, person_id=office.person.id)
    return office.person


def name_an_employers_account(office: Any) -> Employer:
    _named(office, employer_id=office.employer.id)
    return office.employer


def _helper(office: Any) -> Any:
    until_on = TODAY + timedelta(days=90)
    return appoint_helper(
        office.session, office.person.id, REGION, "居委会", until_on, on=TODAY, **BY
    )


def appoint_a_helper(office: Any) -> Person:
    _helper(office)
    return office.person


def dismiss_a_helper(office: Any) -> Person:
    dismiss_helper(office.session, _helper(office), **BY)
    return office.person


DECIDED = {
    PAYMENT_BOUNCED: (bounce_a_persons,),
    EMPLOYER_PAYMENT_BOUNCED: (bounce_an_employers,),
    EMPLOYER_REFUND_RETURNED: (send_a_refund_in_vain,),
    DEFERRAL_APPROVED: (let_it_wait,),
    INSTALMENTS_APPROVED: (let_it_be_paid_in_steps,),
    INSTALMENTS_ENDED: (miss_a_step,),
    DEFERRAL_REFUSED: (refuse_a_deferral,),
    RECORD_REDUCED: (take_out_of_a_record, take_out_a_month),
    INJURY_RATE_RAISED: (raise_injury_rate,),
    EMPLOYER_CONFIRMED: (confirm_a_registration,),
    OWN_INSURANCE_BEGUN: (insure_oneself,),
    OWN_INSURANCE_STOPPED: (stop_insuring_oneself,),
    FUNCTION_GIVEN: (give_a_function,),
    FUNCTION_ENDED: (end_a_function,),
    ACCOUNT_BROUGHT_IN: (bring_money_in,),
    ACCOUNT_SENT_OUT: (send_money_out,),
    PAYEE_NAMED: (name_a_persons_account,),
    EMPLOYER_PAYEE_NAMED: (name_an_employers_account,),
    HELPER_APPOINTED: (appoint_a_helper,),
    HELPER_DISMISSED: (dismiss_a_helper,),
}
