from datetime import date

import pytest

from siweb.audit.actor import Actor
from siweb.documents.issue import issue_document
from siweb.documents.payload import (
    PaperTable,
    for_employer,
    receipt_payload,
    statement_payload,
)
from siweb.documents.tables.document import Document, DocumentKind
from tests import factories
from tests.conftest import NOW

SECRET = "test " * 8
USCC = "91310000MA1K3GJA4U"
PERSON_ON_PAPER = "欧阳娜娜"


@pytest.fixture
def person(session):
    return factories.make_person(session, name="欧阳娜娜")


@pytest.fixture
def issue(session, person):
    """Issue a receipt; the same key as the app's, so that its pages find the code."""

    def issue(holder=person, **values):
        payload = receipt_payload(
            name=holder.name,
            id_number=holder.id_number,
            matter={"zh_Hans": "权益对账", "en": "Record check"},
            outcome={"zh_Hans": "通过", "en": "Passed"},
            outcome_code="passed",
            decided_on=date(2026, 11, 24),
            facts=[({"zh_Hans": "缴费基数", "en": "Monthly base"}, {"fen": 1_234_567})],
            next_steps=[{"zh_Hans": "不用再做什么。", "en": "Nothing more to do."}],
        )
        issued = issue_document(
            session,
            kind=DocumentKind.REVIEW_RECEIPT,
            subject=values.pop("subject", ("review", holder.id)),
            person_id=holder.id,
            region_code=holder.region_code,
            payload=payload,
            secret=SECRET,
            at=values.pop("at", NOW),
            actor=Actor(1, holder.id),
            **values,
        )
        session.commit()
        return issued

    return issue


@pytest.fixture
def issue_statement(session, person):
    """Issue a statement of a year, with one table."""

    def issue():
        receipt = receipt_payload(
            name=person.name,
            id_number=person.id_number,
            matter={"zh_Hans": "2025年", "en": "2025"},
            outcome={"zh_Hans": "已出具", "en": "Issued"},
            outcome_code="issued",
            decided_on=date(2026, 11, 24),
            facts=[({"zh_Hans": "余额", "en": "Balance"}, {"fen": 987_654})],
        )
        table = PaperTable(
            title={"zh_Hans": "全年缴费", "en": "Contributions"},
            columns=[
                {"zh_Hans": "险种", "en": "Insurance"},
                {"zh_Hans": "已缴月数", "en": "Months paid"},
                {"zh_Hans": "基数", "en": "Base"},
            ],
            rows=[[{"zh_Hans": "养老保险", "en": "Pension"}, "11", {"amount": 800_000}]],
            numbers=[1, 2],
        )
        issued = issue_document(
            session,
            kind=DocumentKind.RIGHTS_RECORD,
            subject=("year", 2025),
            person_id=person.id,
            region_code=person.region_code,
            payload=statement_payload(receipt, tables=[table]),
            secret=SECRET,
            at=NOW,
            actor=Actor(1, person.id),
            valid_days=90,
        )
        session.commit()
        return issued

    return issue


@pytest.fixture
def issue_notice(session, person):
    """Issue a notice to an employer, with an outcome, a note and a person in its table."""

    def issue():
        receipt = receipt_payload(
            name="甲公司",
            id_number=USCC,
            matter={"zh_Hans": "核定", "en": "Assessment"},
            outcome={"zh_Hans": "应缴 100.00 元", "en": "To pay: CNY 100.00"},
            outcome_code="assessed",
            decided_on=date(2026, 11, 20),
        )
        table = PaperTable(
            title={"zh_Hans": "人员", "en": "By person"},
            columns=[{"zh_Hans": "姓名", "en": "Name"}, {"zh_Hans": "金额", "en": "Amount"}],
            rows=[[{"name": PERSON_ON_PAPER}, {"amount": 10_000}]],
            numbers=[1],
        )
        notes = [{"zh_Hans": "可以申请复议。", "en": "Reconsideration may be applied for."}]
        issued = issue_document(
            session,
            kind=DocumentKind.ASSESSMENT_NOTICE,
            subject=("assessment", 1),
            person_id=person.id,
            region_code=person.region_code,
            payload=for_employer(statement_payload(receipt, tables=[table], notes=notes), USCC),
            secret=SECRET,
            at=NOW,
            actor=Actor(1, person.id),
        )
        session.commit()
        return issued

    return issue


@pytest.fixture
def paper_of(session):
    """The document row of what was issued."""
    return lambda issued: session.get(Document, issued.document_id)
