"""The notice of an assessment: every figure, the basis, and the remedies with their days."""

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from siweb.collection.assessments.decide import decide
from siweb.collection.assessments.hear import hear
from siweb.collection.assessments.notice import give_notice
from siweb.collection.assessments.propose import propose_all
from siweb.collection.payments.bank_reference import printed
from siweb.collection.tables.assessment import Assessment
from siweb.documents.tables.document import Document
from siweb.documents.typesetting.paper import render_paper
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.rules.contributions.late_fee import LateFeeTerms
from siweb.rules.numbers.money import capital_numerals
from siweb.rules.parameters.parameter_set import ParameterSet
from tests import factories
from tests.collection.assessments.test_undeclared import ASSESSED
from tests.collection.make_cases import (
    AT,
    DECIDER,
    ON,
    PROPOSER,
    REGION,
    find,
    make_staff,
    propose,
)
from tests.documents.proof.signing import proof_for
from tests.served import serve

DECIDED_ON = date(2026, 9, 10)


@pytest.fixture
def notice(app, session):
    """A decided case with its bill and its notice."""
    case = propose(session)
    hear(session, case, "该员工七月才到岗", actor=DECIDER, on=ON, at=AT)
    bill = decide(
        session,
        case,
        "按工资流水核定",
        actor=DECIDER,
        on=DECIDED_ON,
        at=AT,
        packs=packs_in_force(session),
    )
    with app.app_context():
        issued = give_notice(
            session,
            case,
            bill,
            packs=packs_in_force(session),
            actor=DECIDER,
            on=DECIDED_ON,
            at=AT,
            secret="key",
        )
    return case, bill, session.get(Document, issued.document_id), issued.code


def text_of(app, notice, locale):
    _, _, document, code = notice
    with app.test_request_context():
        address = "https://office.example/verify"
        paper = render_paper(document, locale, address, code, proof_for(document))
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(paper)).pages)


def yuan(fen):
    return f"{fen // 100:,}.{fen % 100:02d}"


@pytest.mark.parametrize("locale", ["zh_Hans", "en"])
def test_every_figure_is_on_the_paper_in_figures_and_in_words(app, notice, locale):
    case, bill, _, _ = notice
    text = "".join(text_of(app, notice, locale).split())

    figures = [yuan(bill.total_fen), printed(bill.bank_reference), capital_numerals(bill.total_fen)]
    for one in case.amounts.values():
        figures += [yuan(one[name]) for name in ("base_fen", "employer_fen", "employee_fen")]
    assert [figure for figure in figures if "".join(figure.split()) not in text] == []


@pytest.mark.parametrize(
    ("locale", "said"), [("zh_Hans", "应缴：{}元"), ("en", "Topay:CNY{}")], ids=["zh", "en"]
)
def test_what_is_to_be_paid_is_said_in_yuan_and_fen(app, notice, locale, said):
    _case, bill, document, _ = notice
    assert bill.total_fen >= 100_000

    assert said.format(yuan(bill.total_fen)) in "".join(document.payload["outcome"][locale].split())
    assert said.format(yuan(bill.total_fen)) in "".join(text_of(app, notice, locale).split())


def test_it_names_facts_basis_and_remedies_with_their_days(app, notice):
    text = "".join(text_of(app, notice, "en").split())

    assert "合同和工资流水" in text
    assert "该员工七月才到岗" in text
    assert "Article58" in text
    # Counted from service, which comes after the paper.
    assert "within5workingdaysofthedayonwhichthiswasserved" in text
    assert "administrativereviewwithin60days,orgotocourtwithin6months" in text


@pytest.fixture
def _higher_rate(monkeypatch):
    monkeypatch.setattr(ParameterSet, "late_fee_terms", lambda _self: LateFeeTerms(700))


@pytest.mark.usefixtures("_higher_rate")
def test_the_late_fee_is_named_by_the_rate_of_the_pack(notice):
    notes = notice[2].payload["notes"]

    for locale, rate in (("zh_Hans", "加收0.07%"), ("en", "0.07 % a day")):
        assert [rate in note[locale] for note in notes].count(True) == 1


def test_it_belongs_to_the_employer_and_is_given_once(app, session, notice):
    case, bill, document, _ = notice

    with app.app_context():
        again = give_notice(
            session,
            case,
            bill,
            packs=packs_in_force(session),
            actor=DECIDER,
            on=DECIDED_ON,
            at=AT,
            secret="key",
        )

    assert (document.employer_id, document.person_id) == (case.employer_id, None)
    assert again.document_id == document.id == case.document_id


@pytest.mark.parametrize("worked", ASSESSED, ids=lambda worked: worked["id"])
def test_the_worked_cases_stand_on_bill_and_notice(app, session, worked):
    employer, person = make_staff(session, paid=None, insurances=(Insurance.PENSION,))
    paid = int(worked["inputs"]["last_month_paid"].replace(".", ""))
    factories.make_record(
        session, person, "2026-06", employer=employer, employer_fen=paid, employee_fen=0
    )
    find(session)
    propose_all(session, REGION, actor=DECIDER, on=ON, at=AT, packs=packs_in_force(session))
    serve(session, ON)
    case = session.scalars(select(Assessment)).one()
    bill = decide(
        session, case, "", actor=PROPOSER, on=DECIDED_ON, at=AT, packs=packs_in_force(session)
    )
    with app.app_context():
        issued = give_notice(
            session,
            case,
            bill,
            packs=packs_in_force(session),
            actor=PROPOSER,
            on=DECIDED_ON,
            at=AT,
            secret="k",
        )
    notice = (case, bill, session.get(Document, issued.document_id), issued.code)

    expected = int(worked["expected"]["assessed"].replace(".", ""))
    assert bill.total_fen == expected
    assert yuan(expected) in text_of(app, notice, "zh_Hans")
    assert any("is 110 % of last" in note["en"] for note in notice[2].payload["notes"])
