"""Two who send the same at one moment: the second hears what a look a moment later would say."""

from datetime import date

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.engine import IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.exc import IntegrityError

from siweb.audit.actor import SYSTEM, Actor
from siweb.auth.staff.duties import EVERYWHERE
from siweb.collection.assessments.reports.report_hire import HireClaim, report_own_hire
from siweb.collection.payouts.order import order_payout
from siweb.collection.payouts.refusal import PayoutRefused
from siweb.collection.statements.bank_accounts import AccountRefused, add_account
from siweb.collection.statements.mapping import keep_mapping
from siweb.collection.statements.open_statement import Content, open_statement
from siweb.collection.statements.reading.csv_mapping import CsvMapping
from siweb.collection.tables.bank_account import BankAccount
from siweb.collection.tables.bank_statement import BankMapping, BankStatement
from siweb.collection.tables.hire_report import HireReport
from siweb.collection.tables.payout import Payout, PayoutKind
from siweb.complaints.lodge import ComplaintFacts, lodge
from siweb.complaints.tables.complaint import Complaint, ComplaintKind
from siweb.db.claim import add_or_find
from siweb.db.reference_code import new_reference
from siweb.desk.assessments.hire_reports.questioned_months import take_in_questioned_months
from siweb.keeping.holds import hold_case
from siweb.keeping.refusal import KeepingRefused
from siweb.keeping.tables.keeping_hold import KeepingHold
from siweb.queue.enqueue import enqueue
from siweb.queue.job import Job
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.register_person import PersonRefused, register_person
from siweb.registry.tables.person import Person
from siweb.reviews.begin.open_campaign import CampaignRefused, open_campaign
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.reviews.tables.objection import Objection, Problem
from siweb.reviews.tables.review import Review
from siweb.rules.identifiers.identity_number import parse_identity_number
from siweb.wizard.answers import open_draft
from siweb.wizard.draft import Draft
from tests import factories
from tests.conftest import NOW

REGION, ON = "310000", date(2026, 11, 24)
BY = {"actor": SYSTEM, "at": NOW}
SAID = ComplaintFacts(ComplaintKind.NOT_REGISTERED, "甲公司", "2026-03", None, "没有参保")
NUMBER = parse_identity_number(factories.make_id_number(date(1985, 3, 5), serial=9123))


class Office:
    def __init__(self, session):
        factories.make_region(session, REGION)
        self.session = session
        self.person = factories.make_person(session, region_code=REGION)
        self.account = factories.make_account(session, self.person)
        self.case = self.lodge().reference

    def lodge(self, facts=SAID):
        return lodge(
            self.session, self.person.id, facts, packs=packs_in_force(self.session), on=ON, **BY
        )

    def lodge_another(self):
        return self.lodge(ComplaintFacts(ComplaintKind.TOO_LITTLE, "", "2026-04", None, "另一件事"))

    def report(self):
        return report_own_hire(self.session, self.person.id, HireClaim("乙公司", ON), **BY)

    def add_account(self):
        return add_account(self.session, "31050000888", "示范银行", **BY)

    def open_statement(self):
        content = Content("0" * 64, b"day,in\n")
        return open_statement(self.session, REGION, "icbc", content, file_name="a.csv", **BY)

    def keep_mapping(self):
        mapping = CsvMapping(day="day", credit="in", remittance=("text",))
        return keep_mapping(self.session, REGION, "icbc", mapping, **BY)

    def hold(self):
        by = {**BY, "actor": Actor(self.account.id, self.person.id)}
        return hold_case(self.session, self.case, "法院函1号", regions=[REGION], **by)

    def register(self):
        return register_person(self.session, NUMBER, "某人", REGION, **BY)

    def open_campaign(self):
        kind, period = ReviewKind.RECORD_CHECK, ("2025-01", "2025-12")
        days = {"opens_on": ON, "closes_on": ON}
        return open_campaign(
            self.session, REGION, kind, 2025, period=period, rules={}, **days, **BY
        )

    def order(self):
        payout = (PayoutKind.HEIRS, "task:A", 100)
        person = {"region_code": REGION, "person_id": self.person.id}
        return order_payout(self.session, *payout, **person, **BY)

    def open_draft(self):
        by = {"account_id": self.account.id, "at": NOW}
        return open_draft(self.session, "record_check", ("review", 1), **by)

    def enqueue(self):
        subject = {"subject": ("person", self.person.id), "request_key": "once"}
        return enqueue(self.session, "documents.issue", {}, **subject, **BY)


@pytest.fixture
def office(session):
    return Office(session)


@pytest.fixture
def look_past(session):
    """Let the next look at a table find nothing: the other one has not committed yet."""

    def blind(table):
        looks = iter([None])

        @event.listens_for(session, "do_orm_execute")
        def _answer(asked):
            columns = getattr(asked.statement, "column_descriptions", ())
            if not asked.is_select or all(each["entity"] is not table for each in columns):
                return None
            is_first = next(looks, "later") is None
            return IteratorResult(SimpleResultMetaData(["found"]), iter(())) if is_first else None

    return blind


@pytest.mark.parametrize(
    ("send", "table", "code"),
    [
        (Office.lodge_another, Complaint, None),
        (Office.report, HireReport, None),
        (Office.open_statement, BankStatement, None),
        (Office.keep_mapping, BankMapping, None),
        (Office.enqueue, Job, None),
        (Office.add_account, BankAccount, (AccountRefused, "registered")),
        (Office.hold, KeepingHold, (KeepingRefused, "held_already")),
        (Office.register, Person, (PersonRefused, "registered")),
        (Office.open_campaign, Campaign, (CampaignRefused, "open_already")),
        (Office.order, Payout, (PayoutRefused, "ordered")),
    ],
    ids=lambda given: getattr(given, "__name__", ""),
)
def test_the_second_of_two_hears_what_a_look_would_say(
    session, office, look_past, send, table, code
):
    first = send(office)
    before = session.scalar(select(func.count()).select_from(table))
    look_past(table)

    if code is None:
        assert send(office).id == first.id
    else:
        refusal, said = code
        with pytest.raises(refusal) as refused:
            send(office)
        assert refused.value.code == said
    # What the request did before stands: only the row itself was taken back.
    session.commit()
    assert session.scalar(select(func.count()).select_from(table)) == before


def test_two_tabs_begin_one_draft(session, office):
    assert office.open_draft() is office.open_draft()
    assert session.scalar(select(func.count()).select_from(Draft)) == 1


def test_questioned_months_are_taken_in_once(session, office, look_past, make_questioned):
    assert take_in_questioned_months(session, scope=EVERYWHERE, at=NOW) == 1
    make_questioned()
    look_past(HireReport)

    assert take_in_questioned_months(session, scope=EVERYWHERE, at=NOW) == 1
    assert session.scalar(select(func.count()).select_from(HireReport)) == 2


@pytest.fixture
def make_questioned(session, office):
    """Another person who questions a month in which nobody registered them; one did before."""
    campaign = office.open_campaign()

    def make():
        person = factories.make_person(session, region_code=REGION)
        review = Review(
            reference=new_reference(12), campaign_id=campaign.id, person_id=person.id, round=1,
            opened_at=NOW,
        )  # fmt: skip
        session.add(review)
        session.flush()
        session.add(
            Objection(
                review_id=review.id, problem=Problem.MISSING, insurances=["pension"],
                contribution_month="2025-03", words="没有三月", raised_at=NOW,
            )
        )  # fmt: skip
        session.flush()

    make()
    return make


def test_another_rule_is_no_second_one(session, office):
    account = BankAccount(number="1" * 9, bank="b", region_code="999999", added_at=NOW)

    with pytest.raises(IntegrityError):
        add_or_find(session, account, lambda: None)
