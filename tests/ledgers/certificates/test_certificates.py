"""Certificates that a person asks for: what they say, what is refused, and that they prove."""

from datetime import date, timedelta
from io import BytesIO

import pytest
import time_machine
from pypdf import PdfReader
from sqlalchemy import select, update

from siweb.collection.corrections.record.effect import outdated_papers
from siweb.documents.proving.prove_file import prove_file
from siweb.documents.tables.document import Document, DocumentKind
from siweb.ledgers.tables.benefit_entry import BenefitEntry, BenefitEntryKind
from siweb.registry.codes import Insurance
from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState
from siweb.registry.tables.employer import Employer
from tests import factories
from tests.conftest import NOW
from tests.sign_in import sign_in

SEGMENTS = {"from_month": "2025-01", "to_month": "2025-12", "layout": "segments"}


@pytest.fixture
def paid(session, person, employer):
    """Four months at one employer, one without pay, then two at another; one is owed."""
    other = factories.make_employer(session, name="乙公司")
    factories.make_enrolment(session, person, employer=employer, from_month="2025-01",
                             to_month="2025-05")  # fmt: skip
    factories.make_enrolment(session, person, employer=other, from_month="2025-06")
    for month in ("2025-01", "2025-02", "2025-03", "2025-04"):
        factories.make_record(session, person, month, employer=employer)
    factories.make_record(session, person, "2025-04", Insurance.MEDICAL, employer=employer)
    factories.make_record(session, person, "2025-05", employer=employer, paid_on=None)
    # Collected with medical: nothing is owed of its own, and the month is not paid all the same.
    factories.make_record(session, person, "2025-05", Insurance.MATERNITY, employer=employer,
                          employer_fen=0, employee_fen=0, paid_on=None)  # fmt: skip
    for month in ("2025-06", "2025-07"):
        factories.make_record(session, person, month, employer=other)
    session.commit()


@pytest.fixture
def pension(session, person):
    benefit = Benefit(
        person_id=person.id, region_code=person.region_code, kind=BenefitKind.PENSION,
        monthly_fen=345_678, from_month="2015-01", state=BenefitState.ACTIVE,
        certified_on=date(2026, 7, 1),
    )  # fmt: skip
    session.add(benefit)
    session.flush()
    for month, kind, day in (
        ("2025-11", BenefitEntryKind.PAID, 15),  # thirteen months ago
        ("2026-09", BenefitEntryKind.HELD, None),
        ("2026-10", BenefitEntryKind.PAID, 15),
    ):
        session.add(BenefitEntry(
            region_code=person.region_code, month=month, person_id=person.id,
            benefit=BenefitKind.PENSION, kind=kind, sequence=0, amount_fen=345_678,
            paid_on=date(2026, 10, day) if day else None, recorded_at=NOW,
        ))  # fmt: skip
    session.commit()


def ask(owner, kind, **chosen):
    return owner.post(f"/certificates/{kind}", data=chosen)


def said(session, answer):
    """What the paper says that an answer leads to: facts, and the rows of its table."""
    assert answer.status_code == 303, answer.text
    reference = answer.location.rpartition("/")[2]
    paper = session.scalars(select(Document).where(Document.reference == reference)).one()
    words = [{label["en"]: _words(value) for label, value in paper.payload["facts"]}]
    rows = [[_words(cell) for cell in row] for row in paper.payload["tables"][0]["rows"]]
    return paper, words[0], rows


def _words(value):
    return value.get("en", value) if isinstance(value, dict) else value


def test_months_alike_are_one_line_and_what_is_owed_is_none(owner, session, paid):
    _, facts, rows = said(session, ask(owner, "contribution_certificate", **SEGMENTS))

    assert facts == {
        "Pension insurance": {"months": 6}, "Medical insurance": {"months": 1},
        "Employer’s share": {"fen": 1_120_000}, "Own share": {"fen": 560_000},
        "Together": {"fen": 1_680_000},
    }  # fmt: skip
    assert [(row[0]["month"], row[1]["month"], *row[2:5]) for row in rows] == [
        ("2025-01", "2025-03", "甲公司", "Pension", "3"),
        ("2025-04", "2025-04", "甲公司", "Pension, Medical", "1"),
        ("2025-06", "2025-07", "乙公司", "Pension", "2"),
    ]


def test_month_by_month_has_the_base_of_each(owner, session, paid):
    months = SEGMENTS | {"layout": "months", "from_month": "2025-04"}
    _, _, rows = said(session, ask(owner, "contribution_certificate", **months))

    assert [(row[0]["month"], row[3]) for row in rows] == [
        (month, {"amount": 1_000_000}) for month in ("2025-04", "2025-06", "2025-07")
    ]


@pytest.mark.parametrize(
    ("kind", "chosen", "why"),
    [
        ("contribution_certificate", {"to_month": "2024-12"}, "The last month is before the first"),
        ("contribution_certificate", {"to_month": "2026-12"}, "has not begun"),
        ("contribution_certificate", {"from_month": "2020-12", "layout": "months"}, "60 months"),
        ("contribution_certificate", {"from_month": "2024-01", "to_month": "2024-12"}, "recorded"),
        ("contribution_certificate", {"from_month": "soon"}, "is not a month"),
        ("contribution_certificate", {"layout": "none"}, "choice"),
        ("rights_record", {"year": "2027"}, "from 1991 to 2026"),
        ("rights_record", {"year": "2019"}, "recorded"),
        ("benefit_statement", {"year": "2025"}, "Nothing was paid to you"),
        ("pension_certificate", {}, "No pension is paid to you"),
    ],
)
def test_what_cannot_be_certified_is_said_in_the_form(owner, paid, kind, chosen, why):
    asked = SEGMENTS | chosen if kind == "contribution_certificate" else chosen
    answer = ask(owner, kind, **asked)

    assert answer.status_code == 422
    assert why in answer.text


def test_as_many_months_as_fit_are_not_refused(owner, paid):
    months = {"from_month": "2021-01", "to_month": "2025-12", "layout": "months"}

    assert ask(owner, "contribution_certificate", **months).status_code == 303


@pytest.mark.parametrize("kind", ["review_receipt", "bill_notice", "nothing"])
def test_what_is_no_certificate_cannot_be_asked_for(owner, kind):
    assert owner.get(f"/certificates/{kind}").status_code == 404


def test_an_enrolment_says_what_holds_today_and_before(owner, session, paid):
    _, facts, rows = said(session, ask(owner, "enrolment_certificate"))

    assert facts == {
        "Insured today": "Pension", "Pension insurance": {"months": 6},
        "Medical insurance": {"months": 1},
    }  # fmt: skip
    assert [(row[2], row[5]) for row in rows] == [
        ("乙公司", "today"), ("甲公司", {"month": "2025-05"}),
    ]  # fmt: skip


def test_of_two_employers_of_one_name_an_enrolment_says_which(owner, session, person, paid):
    other = session.scalars(select(Employer).where(Employer.name == "乙公司")).one()
    other.name = "甲公司"
    session.commit()

    _, _facts, rows = said(session, ask(owner, "enrolment_certificate"))

    assert f"甲公司 (…{other.uscc[-6:]})" in {row[2] for row in rows}
    assert len({row[2] for row in rows}) == 2


def test_a_pension_says_what_was_paid_of_twelve_months(owner, session, pension):
    paper, facts, rows = said(session, ask(owner, "pension_certificate"))

    # 已缴 is what somebody paid in, not what they received.
    assert paper.payload["tables"][0]["columns"][1] == {"zh_Hans": "已发", "en": "Paid"}
    assert facts["Pension a month"] == {"fen": 345_678}
    assert facts["Paid in the last twelve months"] == {"fen": 345_678}
    assert rows == [[{"month": "2026-10"}, {"amount": 345_678}]]


def test_of_a_pension_that_is_suspended_nothing_is_certified_a_month(owner, session, pension):
    session.scalars(select(Benefit)).one().state = BenefitState.SUSPENDED
    session.commit()

    _, facts, _ = said(session, ask(owner, "pension_certificate"))

    assert (facts["Pension a month"], facts["State"]) == ({"fen": 0}, "suspended")


def test_a_year_of_benefits_has_what_is_held_back_but_does_not_count_it(owner, session, pension):
    paper, facts, rows = said(session, ask(owner, "benefit_statement", year="2026"))

    assert facts == {"Pension": {"fen": 345_678}}
    assert [row[2] for row in rows] == ["Held back", "Paid"]
    assert "held back is not" in paper.payload["notes"][0]["en"]


def test_asked_for_twice_on_a_day_it_is_the_same_paper(owner, paid):
    first, again = (ask(owner, "contribution_certificate", **SEGMENTS) for _ in range(2))
    other = ask(owner, "contribution_certificate", **SEGMENTS | {"layout": "months"})

    assert first.location == again.location != other.location


def test_a_paper_that_was_revoked_is_had_anew_from_tomorrow(owner, session, person, paid):
    ask(owner, "contribution_certificate", **SEGMENTS)
    statement = owner.post("/record/2025/statement").location
    assert statement.startswith("/documents/")
    session.execute(update(Document).values(revoked_at=NOW))
    session.commit()

    refused = ask(owner, "contribution_certificate", **SEGMENTS)

    assert refused.status_code == 422
    assert "You can get a new one from tomorrow" in refused.text
    again = owner.post("/record/2025/statement")
    assert again.location == "/record/2025"
    assert "You can get a new one from tomorrow" in owner.get(again.location).text
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        # A sign-in does not last a night.
        sign_in(owner, session, person)
        tomorrow, _, _ = said(session, ask(owner, "contribution_certificate", **SEGMENTS))
    assert tomorrow.revoked_at is None


def test_the_year_is_one_paper_by_whichever_page_it_is_asked_for(owner, paid):
    assert ask(owner, "rights_record", year="2025").location == (
        owner.post("/record/2025/statement").location
    )


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_each_kind_is_a_small_pdf_that_proves_itself(app, owner, paid, pension, language):
    keys = [each.public for each in app.extensions["siweb_paper_signers"]]
    chosen = {"contribution_certificate": SEGMENTS, "rights_record": {"year": "2025"},
              "benefit_statement": {"year": "2026"}}  # fmt: skip
    for kind in ("enrolment_certificate", "pension_certificate", *chosen):
        page = ask(owner, kind, **chosen.get(kind, {})).location
        pdf = owner.get(f"{page}.pdf", headers={"Accept-Language": language}).data
        found = prove_file(pdf, keys)

        assert found.statement.kind == kind
        assert found.statement.is_expired(date(2027, 2, 22)) is False
        assert found.statement.is_expired(date(2027, 2, 23)) is True
        assert len(pdf) <= 60 * 1024
        if kind == "contribution_certificate":
            assert found.statement.counts == (("养老保险", 6), ("医疗保险", 1))
            assert found.statement.totals[-1] == ("合计", 1_680_000)


def test_five_years_month_by_month_stay_small(owner, session, person, employer):
    for year in range(2021, 2026):
        for number in range(1, 13):
            for insurance in Insurance:
                factories.make_record(
                    session, person, f"{year}-{number:02}", insurance, employer=employer
                )
    session.commit()
    months = {"from_month": "2021-01", "to_month": "2025-12", "layout": "months"}
    pdf = owner.get(ask(owner, "contribution_certificate", **months).location + ".pdf").data

    assert len(PdfReader(BytesIO(pdf)).pages) > 1
    assert len(pdf) <= 60 * 1024


def test_my_papers_have_them_and_say_when_each_was_verified(owner, session, paid):
    paper, _, _ = said(session, ask(owner, "contribution_certificate", **SEGMENTS))
    page = owner.get(f"/documents/{paper.reference}").text
    code = page.partition('href="/verify/')[2][:20]
    shown = owner.get(f"/verify/{code}").text

    assert "CNY 16,800.00" in shown
    assert "verified: 1, last on 24 November 2026 10:00" in owner.get("/documents").text
    page = owner.get(f"/documents/{paper.reference}").text
    assert "24 November 2026 10:00 · This document is genuine" in page
    assert "乙公司" in page


@pytest.mark.parametrize(
    ("corrected", "outdates"),
    [
        (("2024-11", "2024-12"), False),
        (("2025-12", "2025-12"), True),
        (("2025-01", "2026-01"), True),
    ],
)
def test_a_corrected_month_outdates_the_papers_that_show_it(
    owner, session, person, paid, corrected, outdates
):
    ask(owner, "contribution_certificate", **SEGMENTS)
    correction = type("Months", (), {"person_id": person.id, "months": corrected})

    found = [paper.kind for paper in outdated_papers(session, correction)]

    assert (DocumentKind.CONTRIBUTION_CERTIFICATE in found) is outdates
