"""Pensions and transfers that are applied for and decided, by the message that it leads to."""

from collections.abc import Mapping
from datetime import date
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from siweb.audit.actor import Actor
from siweb.ledgers.tables.account_entry import EntryKind
from siweb.messages.kinds.benefits import PENSION_APPLIED, PENSION_APPROVED, PENSION_REFUSED
from siweb.messages.kinds.reviews import RESIDENT_AGAIN, RESIDENT_ENDED
from siweb.messages.kinds.transfers import (
    TRANSFER_APPLIED,
    TRANSFER_DONE,
    TRANSFER_MOVES,
    TRANSFER_REFUSED,
)
from siweb.pensions.apply import apply_for_pension, start_application
from siweb.pensions.decide import Deciding, approve_application, refuse_application
from siweb.pensions.facts import ApplicationFacts
from siweb.pensions.figures import ByHand
from siweb.registry.codes import RetirementCategory
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.person import Person
from siweb.reviews.tables.task import ReviewTask
from siweb.reviews.tasks.resident import end_resident, insure_again
from siweb.transfers.apply import apply_for_transfer, start_transfer
from siweb.transfers.facts import TransferFacts
from siweb.transfers.move import Moved, move_fund, refuse_transfer
from siweb.transfers.steps import take_step
from siweb.transfers.tables.pension_transfer import PensionTransfer, TransferState
from siweb.web.language.locale import office_language
from tests import factories
from tests.conftest import NOW
from tests.reviews.kinds.make_status import make_status_task

TODAY, SECRET = NOW.date(), "k" * 40
CONTACT = {"mobile": "13800001234", "address": "示范路1号", "email": ""}


def _state(facts: Any, answers: Mapping[str, Mapping[str, Any]]) -> Any:
    """What the pages hand over: checked answers by step."""
    forms = {
        step: SimpleNamespace(values=lambda given=given: given) for step, given in answers.items()
    }
    return SimpleNamespace(facts=facts, forms=forms)


def _with_months(office: Any) -> Person:
    """Let the person be 63, with enough months and something in the account."""
    person = office.person
    person.born_on, person.deemed_months = date(1963, 6, 5), 200
    person.retirement_category = RetirementCategory.MALE
    factories.make_record(office.session, person, "2026-01")
    factories.make_account_entry(office.session, person, 2025, EntryKind.OPENING, 240_000)
    return person


def ask_for_pension(office: Any) -> Person:
    session, person = office.session, _with_months(office)
    draft = start_application(session, office.acting.account_id, at=NOW)
    facts = ApplicationFacts(session, person, draft, packs_in_force(session), TODAY)
    bank = {"bank_name": "示范银行", "bank_card": "6222021234567890128"}
    answers = {"month": {"from_month": "2026-12"}, "bank": bank, "delivery": CONTACT}
    with office_language("zh_Hans"):
        apply_for_pension(
            session, _state(facts, answers), actor=office.acting, at=NOW, secret=SECRET
        )
    return person


def _deciding(office: Any) -> Deciding:
    checker = factories.make_account(office.session, factories.make_person(office.session))
    actor = Actor(checker.id, checker.person_id)
    return Deciding(office.acting.account_id, packs_in_force(office.session), actor, NOW, SECRET)


def approve_pension(office: Any) -> Person:
    person = _with_months(office)
    application = factories.make_pension_application(office.session, person)
    with office_language("zh_Hans"):
        approve_application(
            office.session, application, ByHand(), "", _deciding(office), shown=None
        )
    return person


def refuse_pension(office: Any) -> Person:
    application = factories.make_pension_application(office.session, office.person)
    with office_language("zh_Hans"):
        refuse_application(office.session, application, "年限不足", _deciding(office))
    return office.person


def ask_for_transfer(office: Any) -> Person:
    session, person = office.session, _with_months(office)
    draft = start_transfer(session, office.acting.account_id, at=NOW)
    facts = TransferFacts(session, person, draft, TODAY)
    answers = {"direction": {"direction": "out"}, "region": {"other_region": "江苏省南京市"}}
    by = {"packs": packs_in_force(session), "actor": office.acting, "at": NOW, "secret": SECRET}
    with office_language("zh_Hans"):
        apply_for_transfer(session, _state(facts, answers), **by)
    return person


def _moved(office: Any) -> Moved:
    return Moved(packs_in_force(office.session), office.acting, NOW)


def move_transfer(office: Any) -> Person:
    transfer = factories.make_pension_transfer(office.session, _with_months(office))
    move_fund(office.session, transfer, None, "函8号", _moved(office))
    return office.person


def end_transfer(office: Any) -> Person:
    move_transfer(office)
    transfer = office.session.scalars(select(PensionTransfer)).one()
    by = {"packs": packs_in_force(office.session), "actor": office.acting, "on": TODAY, "at": NOW}
    take_step(office.session, transfer, TransferState.DONE, "确认书", happened_on=TODAY, **by)
    return office.person


def turn_transfer_down(office: Any) -> Person:
    transfer = factories.make_pension_transfer(office.session, office.person)
    with office_language("zh_Hans"):
        refuse_transfer(office.session, transfer, "已领取待遇", _moved(office), secret=SECRET)
    return office.person


def end_resident_insurance(office: Any) -> Person:
    task, _enrolment = make_status_task(office.session, office.person)
    person, by = office.person, {"actor": office.acting, "at": NOW}
    end_resident(
        office.session, person.id, person.region_code, "2026-10", this_month="2026-11",
        task_id=task.id, **by,
    )  # fmt: skip
    return person


def insure_resident_again(office: Any) -> Person:
    end_resident_insurance(office)
    task_id = office.session.scalars(select(ReviewTask.id)).one()
    person, by = office.person, {"actor": office.acting, "at": NOW}
    insure_again(office.session, person.id, person.region_code, "2026-10", task_id=task_id, **by)
    return person


APPLIED_FOR = {
    RESIDENT_ENDED: (end_resident_insurance,),
    RESIDENT_AGAIN: (insure_resident_again,),
    PENSION_APPLIED: (ask_for_pension,),
    PENSION_APPROVED: (approve_pension,),
    PENSION_REFUSED: (refuse_pension,),
    TRANSFER_APPLIED: (ask_for_transfer,),
    TRANSFER_MOVES: (move_transfer,),
    TRANSFER_DONE: (end_transfer,),
    TRANSFER_REFUSED: (turn_transfer_down,),
}
