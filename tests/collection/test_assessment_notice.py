"""The notice of an assessment: every figure, the basis, and the remedies with their days."""

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from siweb.collection.assessments.decide import decide
from siweb.collection.assessments.hear import hear
from siweb.collection.assessments.notice import give_notice
from siweb.collection.bank_reference import printed
from siweb.documents.document import Document
from siweb.documents.paper import render_paper
from siweb.rules.money import capital_numerals
from tests.collection.assessments import AT, DECIDER, ON, propose

DECIDED_ON = date(2026, 9, 10)


@pytest.fixture
def notice(app, session):
    """A decided case with its bill and its notice."""
    case = propose(session)
    hear(session, case, "该员工七月才到岗", actor=DECIDER, on=ON, at=AT)
    bill = decide(session, case, "按工资流水核定", actor=DECIDER, on=DECIDED_ON, at=AT)
    with app.app_context():
        issued = give_notice(session, case, bill, actor=DECIDER, on=DECIDED_ON, at=AT, secret="key")
    return case, bill, session.get(Document, issued.document_id), issued.code


def text_of(app, notice, locale):
    _, _, document, code = notice
    with app.test_request_context():
        paper = render_paper(document, locale, "https://office.example/verify", code)
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


def test_it_names_facts_basis_and_remedies_with_their_days(app, notice):
    text = "".join(text_of(app, notice, "en").split())

    assert "合同和工资流水" in text
    assert "该员工七月才到岗" in text
    assert "Article58" in text
    assert "administrativereviewuntil9November2026" in text
    assert "courtuntil10March2027" in text


def test_it_belongs_to_the_employer_and_is_given_once(app, session, notice):
    case, bill, document, _ = notice

    with app.app_context():
        again = give_notice(session, case, bill, actor=DECIDER, on=DECIDED_ON, at=AT, secret="key")

    assert (document.employer_id, document.person_id) == (case.employer_id, None)
    assert again.document_id == document.id == case.document_id
