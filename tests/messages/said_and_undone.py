"""What is complained of, withdrawn or reset at the office, by the message that it leads to."""

from typing import Any

from siweb.audit.actor import SYSTEM, Actor
from siweb.auth.tables.second_factor import SecondFactor
from siweb.complaints.answer import answer
from siweb.complaints.lodge import ComplaintFacts, lodge
from siweb.complaints.tables.complaint import Complaint, ComplaintKind, Outcome
from siweb.desk.staff.factor import RESET_FACTOR
from siweb.filings.withdrawal.withdraw import withdraw
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Doing
from tests.conftest import NOW
from tests.filings.test_filing import hire
from tests.second_factor import SECRET

TODAY = NOW.date()


def withdraw_filing(office: Any) -> Employer:
    filing, _rows = office.draft("hire", hire())
    office.send(filing)
    withdraw(office.session, filing, None, reason="填错了", actor=office.acting, at=NOW)
    return office.employer


def reset_factor(office: Any) -> Person:
    account_id = office.acting.account_id
    factor = SecondFactor(account_id=account_id, secret=SECRET, last_step=0, set_up_at=NOW)
    office.session.add(factor)
    task = Task(
        reference="T2", kind=RESET_FACTOR.kind, change={"account_id": account_id},
        because="手机丢失", made_by_account_id=1,
    )  # fmt: skip
    doing = Doing(Actor(2, None), NOW, packs_in_force(office.session))
    RESET_FACTOR.do(office.session, task, doing)
    return office.person


def _complain(office: Any) -> Complaint:
    facts = ComplaintFacts(ComplaintKind.NOT_REGISTERED, "", "2026-03", None, "没有参保")
    packs = packs_in_force(office.session)
    by = {"packs": packs, "actor": office.acting, "on": TODAY, "at": NOW}
    return lodge(office.session, office.person.id, facts, **by)


def complain(office: Any) -> Person:
    _complain(office)
    return office.person


def answer_complaint(office: Any) -> Person:
    complaint = _complain(office)
    answer(office.session, complaint, Outcome.REJECTED, "查无此事", actor=SYSTEM, at=NOW)
    return office.person
