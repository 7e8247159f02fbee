"""What is complained of, withdrawn or reset at the office, by the message that it leads to."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from siweb.audit.actor import SYSTEM, Actor
from siweb.auth.credentials.keyed_hash import token_hash
from siweb.auth.credentials.means import tell_of_new_device
from siweb.auth.credentials.passkeys.answer import read_made
from siweb.auth.credentials.passkeys.challenge import RelyingParty
from siweb.auth.credentials.passkeys.own import (
    add_passkey,
    means_of,
    own_passkeys,
    remove_passkey,
)
from siweb.auth.sign_in.sessions import Browser, Limits, open_session
from siweb.auth.tables.account import Account
from siweb.auth.tables.second_factor import SecondFactor
from siweb.auth.tables.sign_in_session import SignInSession
from siweb.complaints.answer import answer
from siweb.complaints.lodge import ComplaintFacts, lodge
from siweb.complaints.tables.complaint import Complaint, ComplaintKind, Outcome
from siweb.desk.staff.factor import RESET_FACTOR
from siweb.filings.withdrawal.withdraw import withdraw
from siweb.messages.kinds.sign_in import PASSKEY_USED
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Doing
from tests.auth.second_factor import SECRET
from tests.auth.software_passkey import SoftwarePasskey
from tests.conftest import NOW
from tests.filings.test_filing import hire

TODAY = NOW.date()
PARTY = RelyingParty("localhost", "http://localhost")


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


def _passkey(office: Any) -> tuple[Account, SoftwarePasskey]:
    account, made = office.session.get_one(Account, office.acting.account_id), SoftwarePasskey()
    made_by_it = read_made(made.make({"challenge": "YQ"}))
    add_passkey(
        office.session, account, made_by_it, "手机", PARTY, is_second_factor=False, at=NOW
    )  # fmt: skip
    return account, made


def add_own_passkey(office: Any) -> Person:
    _passkey(office)
    return office.person


def remove_own_passkey(office: Any) -> Person:
    account, _made = _passkey(office)
    (passkey,) = own_passkeys(office.session, account.id)
    remove_passkey(office.session, account, passkey.id, at=NOW)
    return office.person


def use_passkey_elsewhere(office: Any) -> Person:
    account, _made = _passkey(office)
    (passkey,) = own_passkeys(office.session, account.id)
    browser, limits = Browser("", "", "a new device"), Limits(timedelta(1), timedelta(1))
    token = open_session(office.session, account.id, browser, limits=limits, at=NOW)
    opened = select(SignInSession.id).where(SignInSession.token_hash == token_hash(token))
    sign_in_id = office.session.scalars(opened).one()
    means = means_of(passkey.id)
    tell_of_new_device(office.session, account, means, PASSKEY_USED, sign_in_id, at=NOW)
    return office.person
