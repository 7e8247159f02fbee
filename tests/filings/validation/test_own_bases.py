"""A base of one insurance beside the wage: where the region's pack takes one, and where not."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from siweb.audit.actor import SYSTEM, Actor
from siweb.auth.tables.account import Account
from siweb.documents.spreadsheets.reading.preview import preview
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.own_bases import OWN_BASE_NAMES, refused_own_bases
from siweb.filings.sheets.layout import FOUND
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow
from siweb.filings.uploads.assign_columns import assignment
from siweb.filings.withdrawal.withdraw import withdraw
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.packs.import_packs import import_packs
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.rules.parameters.load import load_packs
from siweb.rules.parameters.read import read_pack
from tests import factories
from tests.conftest import NOW
from tests.filings.one_person.test_one_person import NEW
from tests.levies import SHANGHAI, levy

ALLOWED = """
[[separate_bases]]
insurance = ["medical", "work_injury"]
effective_from = "2026-01"
published_on = 2025-12-31
notice = "分险种申报"
confidence = "demonstration"
allowed = true
"""
HIRED = NEW | {"insurances": ["pension", "medical", "unemployment", "work_injury"]}


@pytest.fixture
def home(employer, act_as):
    act_as("owner")
    return f"/employer/{employer.uscc}"


@pytest.fixture
def allowed(session):
    """The region takes another base for medical insurance and for work injury."""
    pack, problems = read_pack(load_packs().packs[SHANGHAI].text + ALLOWED, "310000.toml")
    assert not problems, problems
    import_packs(session, [pack], actor=SYSTEM, at=NOW)
    session.commit()


def headings_of(browser, home, kind):
    book = load_workbook(BytesIO(browser.get(f"{home}/sheets/{kind}/template.xlsx").data))
    return {cell.value for cell in book.worksheets[0][1]}


def declared(session):
    rows = session.execute(
        select(DeclaredBase.insurance, DeclaredBase.declared_base_fen)
        .where(DeclaredBase.withdrawn_at.is_(None))
        .order_by(DeclaredBase.from_month, DeclaredBase.base_number)
    )
    return [(insurance and insurance.value, fen) for insurance, fen in rows]


def test_form_and_template_offer_what_the_region_takes(browser, home, allowed):
    page = browser.get(f"{home}/hire").text

    assert 'name="medical_base_fen"' in page
    assert 'name="pension_base_fen"' not in page
    assert "医疗保险单独基数" in headings_of(browser, home, "hire")
    assert "养老保险单独基数" not in headings_of(browser, home, "base")


def test_where_none_is_taken_none_is_offered_and_another_one_is_refused(browser, session, home):
    assert "_base_fen" not in browser.get(f"{home}/hire").text
    assert not {each for each in headings_of(browser, home, "hire") if "单独基数" in each}

    typed = HIRED | {"medical_base_fen": "7000"}
    page = browser.post(f"{home}/hire", data=typed, follow_redirects=True).text

    assert "Here all insurances use one base." in page
    assert "“Base of medical insurance alone”" in page
    assert declared(session) == []


@pytest.mark.parametrize("typed", ["9000.50", "2"], ids=["the wage", "what the floor makes of it"])
def test_what_only_repeats_the_wage_is_no_base_of_its_own(browser, session, home, typed):
    wage = "9000.50" if typed == "9000.50" else "2.00"
    terms = load_packs().parameters(SHANGHAI, "2026-11").premium_terms("medical")
    own = typed if typed == wage else str(terms.base_floor // 100)
    given = HIRED | {"wage_fen": wage, "medical_base_fen": own}

    draft = browser.post(f"{home}/hire", data=given).location
    browser.post(f"{draft}/confirm")

    assert [insurance for insurance, _fen in declared(session)] == [None]
    assert "medical_base_fen" not in session.scalars(select(FilingRow)).one().row_values


def test_the_levy_goes_by_each(browser, session, home, employer, allowed):
    factories.make_region(session, SHANGHAI).is_hosted = True
    draft = browser.post(f"{home}/hire", data=HIRED | {"medical_base_fen": "7000"}).location
    shown = browser.get(draft).text
    assert "CNY 7,000.00" in shown
    browser.post(f"{draft}/confirm")
    assert declared(session) == [(None, 900_050), ("medical", 700_000)]

    run = levy(session, SHANGHAI, "2026-11")
    bases = dict(
        session.execute(
            select(ContributionRecord.insurance, ContributionRecord.declared_base_fen).where(
                ContributionRecord.levy_run_id == run.id
            )
        ).all()
    )
    assert (bases.pop("medical"), *{*bases.values()}) == (700_000, 900_050)


def test_a_change_of_one_insurance_alone_goes_away_when_it_is_withdrawn(
    browser, session, home, employer, filer, allowed
):
    person = factories.make_person(session, name="张伟", region_code=SHANGHAI)
    factories.make_enrolment(session, person, employer=employer, from_month="2025-01")
    job = factories.make_employment(session, person, employer, hired_on=date(2025, 1, 6))
    session.commit()
    typed = {"work_injury_base_fen": "8000", "start_month": "2026-12"}

    draft = browser.post(f"{home}/people/{job.id}/change", data=typed).location
    browser.post(f"{draft}/confirm")

    assert declared(session) == [("work_injury", 800_000)]

    filing = session.scalars(select(Filing)).one()
    account = session.scalars(select(Account).where(Account.person_id == filer.id)).one()
    by = Actor(account.id, filer.id)
    withdraw(session, filing, None, reason="填错了", actor=by, at=NOW + timedelta(hours=1))
    assert declared(session) == []


def test_nobody_is_asked_for_a_column_of_what_is_refused(tmp_path):
    without = refused_own_bases(load_packs().parameters(SHANGHAI, "2026-11"))

    def asked(headings):
        file = tmp_path / "list.csv"
        file.write_text(f"{headings}\n张三\n", "utf-8")
        shown = preview(file, 5)
        chosen = assignment(FilingKind.HIRE, shown, FOUND, {}, without=without)
        return {choice.name for choice in chosen.fields} & OWN_BASE_NAMES

    assert len(without) == len(OWN_BASE_NAMES)
    assert asked("姓名,公民身份号码") == set()
    # What a list brings stands there, so that it can be said to mean nothing.
    assert asked("姓名,公民身份号码,医保基数") == {"medical_base_fen"}
