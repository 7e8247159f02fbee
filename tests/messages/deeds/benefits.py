"""Benefits that go on and are paid back, by the message that it leads to."""

from datetime import date
from typing import Any

from sqlalchemy import select

from siweb.audit.actor import SYSTEM, Actor
from siweb.collection.payouts.order import Payee, order_payout
from siweb.collection.payouts.outcome import note_paid, note_rejected
from siweb.collection.tables.payout import PaymentFile, PaymentFileLine, PayoutKind
from siweb.desk.reviews.tasks.actions import BACK_PAY, written
from siweb.ledgers.benefits.back_pay import held_months
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.benefit import BenefitState
from siweb.registry.tables.person import Person
from siweb.reviews.facts import ReviewFacts
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.reviews.tables.review import ReviewState
from siweb.reviews.tables.task import ReviewTask, TaskKind
from siweb.reviews.tasks.certified import apply_certification
from siweb.signs.stop import announce_stop, resume
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Doing
from tests import factories
from tests.conftest import NOW
from tests.reviews.conftest import REGION
from tests.signs.made import make_sign, make_stopped

TODAY = NOW.date()


def certify(office: Any) -> Person:
    review = office.make_review(ReviewKind.CERTIFICATION, ReviewState.DRAFT)
    benefit = office.make_benefit(date(2025, 1, 1), BenefitState.SUSPENDED)
    benefit.suspended_from_month = "2026-02"
    office.session.flush()
    campaign = office.session.get_one(Campaign, review.campaign_id)
    packs = packs_in_force(office.session)
    facts = ReviewFacts(office.session, review, campaign, TODAY, packs)
    apply_certification(office.session, facts, actor=SYSTEM, at=NOW, secret="s" * 32)
    return office.person


def pay_what_was_held(office: Any) -> Person:
    session, person = office.session, certify(office)
    waiting = session.scalars(select(ReviewTask).where(ReviewTask.kind == TaskKind.BACK_PAY)).one()
    held = written(held_months(session, person.id, REGION))
    change = {"task_id": waiting.id, "held": held, "by_file": False}
    colleague = factories.make_person(session, name="复核员")
    account = factories.make_account(session, colleague)
    clerk = Actor(account.id, colleague.id)
    task = Task(
        reference="T3", kind=BACK_PAY.kind, change=change, because="补发", made_by_account_id=1
    )
    BACK_PAY.do(session, task, Doing(clerk, NOW, packs_in_force(session)))
    return person


def _of_sign(office: Any) -> tuple[Any, Actor]:
    account = factories.make_account(office.session, factories.make_person(office.session))
    return office.session, Actor(account.id, account.person_id)


def announce_a_stop(office: Any) -> Person:
    session, clerk = _of_sign(office)
    announce_stop(
        session, make_sign(session, office.person), words="判决书1号", actor=clerk, at=NOW
    )
    return office.person


def let_a_benefit_go_on(office: Any) -> Person:
    session, clerk = _of_sign(office)
    sign = make_stopped(session, office.person)
    resume(session, sign, "2026-12", on=TODAY, actor=clerk, at=NOW)
    return office.person


def _comes_back(office: Any, kind: PayoutKind) -> Person:
    """Money that the bank had paid comes back."""
    session, clerk = _of_sign(office)
    payout = order_payout(
        session, kind, "task:R", 100, region_code=REGION, person_id=office.person.id,
        payee=Payee("王芳", "100123456789"), actor=clerk, at=NOW,
    )  # fmt: skip
    file = PaymentFile(
        reference="RETURNED", region_code=REGION, debtor_name="示范", debtor_account="33334444",
        debtor_bank="示范银行", execution_on=TODAY, transactions=1, total_fen=100, made_at=NOW,
        made_by_account_id=clerk.account_id, released_by_account_id=clerk.account_id,
    )  # fmt: skip
    session.add(file)
    session.flush()
    line = PaymentFileLine(
        payment_file_id=file.id, number=1, payout_id=payout.id, end_to_end="R-1",
        payee_name="王芳", payee_account="100123456789", payee_bank="", amount_fen=100,
    )  # fmt: skip
    session.add(line)
    session.flush()
    note_paid(session, line, TODAY, actor=clerk, at=NOW)
    note_rejected(session, line, "AC04", actor=clerk, at=NOW)
    return office.person


def back_pay_comes_back(office: Any) -> Person:
    return _comes_back(office, PayoutKind.BENEFIT)


def refund_comes_back(office: Any) -> Person:
    return _comes_back(office, PayoutKind.REFUND)
