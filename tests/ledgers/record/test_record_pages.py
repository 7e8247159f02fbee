"""A person's own record: the years, a year of sixty marks, a month, statements."""

import gzip
import io
from datetime import date

import pytest
from pypdf import PdfReader
from sqlalchemy import event, func, select

from siweb.documents.tables.document import Document
from siweb.ledgers.record.month import load_month
from siweb.ledgers.tables.contribution_record import ContributionRecord, RecordKind
from siweb.registry.codes import Insurance, Scheme
from siweb.registry.packs.in_force import packs_in_force
from tests import factories
from tests.conftest import NOW
from tests.sign_in import sign_in

PAGES = (
    "/record",
    "/record/2025",
    "/record/months/2025-12",
    "/record/account",
    "/record/account/2025",
    "/record/looks",
)


def text(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


@pytest.fixture
def statements(engine):
    """Every statement that a request runs, savepoints of the tests left out."""
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        if "SAVEPOINT" not in statement.upper():
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_what_is_not_paid_is_not_among_what_was(owner, session, person, employer):
    factories.make_record(session, person, "2025-11", employer=employer)
    factories.make_record(session, person, "2025-12", employer=employer, paid_on=None)
    session.commit()

    assert '<td class="number">1 <small>1 not paid</small></td>' in text(owner, "/record")
    assert "<dt>Of it not paid yet</dt><dd>CNY 2,400.00</dd>" in text(owner, "/record/2025")


def test_without_a_record_the_page_says_what_to_do(owner):
    assert "Nothing is recorded for you yet." in text(owner, "/record")
    assert "Nothing is recorded for you in this year." in text(owner, "/record/2024")


def test_a_year_shows_sixty_marks_each_in_words_and_with_its_month(owner, full_year):
    page = text(owner, "/record/2025")

    assert page.count('<b aria-hidden="true">✓</b><span class="visually-hidden"> Paid</span>') == 60
    assert page.count('href="/record/months/2025-07"') == 5
    assert "Months paid: 12 · last base CNY 10,000.00" in page


def test_a_month_that_is_missing_is_marked_by_a_sign_and_in_words(owner, session, person, employer):
    factories.make_enrolment(session, person, employer=employer, from_month="2025-11")
    factories.make_record(session, person, "2025-12", employer=employer)

    page = text(owner, "/record/2025")

    assert page.count('<b aria-hidden="true">!</b><span class="visually-hidden"> missing') == 1
    assert "/ ! missing" not in page
    assert 'class="missing"' in page


def test_a_month_shows_base_rates_both_shares_and_how_they_came_about(owner, session, person):
    employer = factories.make_employer(session)
    shanghai = factories.make_region(session, "310000")
    factories.make_record(
        session,
        person,
        "2025-09",
        region_code=shanghai.code,
        employer=employer,
        declared_base_fen=500_000,
        base_fen=746_000,
        employer_fen=119_360,
        employee_fen=59_680,
    )
    page = text(owner, "/record/months/2025-09")

    for said in (
        "CNY 5,000.00",
        "CNY 7,460.00 (raised to the floor)",
        "CNY 1,193.60 (16 %)",
        "CNY 596.80 (8 %)",
        "20 September 2025",
        "How is this calculated?",
    ):
        assert said in page


def test_amounts_that_the_parameters_do_not_give_are_shown_without_rates(owner, full_year):
    page = text(owner, "/record/months/2025-03")

    assert "CNY 1,600.00</dd>" in page
    assert "How is this calculated?" not in page


def test_a_month_of_several_entries_lists_them(owner, full_year):
    page = text(owner, "/record/months/2025-12")

    assert "Entries that make up this month: 2" in page
    assert "Adjustment" in page
    assert "the base by CNY 0.00, the own share by CNY 800.00." in page


@pytest.mark.parametrize(
    ("kind", "paid_on", "said", "unsaid"),
    [
        ("back_payment", date(2025, 12, 3), "It was paid 3 months after the month.", "Corrected"),
        ("back_payment", date(2025, 9, 30), "was added on 24 November 2026.", "after the month."),
        ("back_payment", None, "was added on 24 November 2026.", "after the month."),
        ("adjustment", None, "the base by CNY 10,000.00, the own share by CNY 800.00.", "later"),
        ("reversal", None, "Taken back on 24 November 2026", "Corrected"),
        ("regular", None, "Not paid yet", "on 24 November 2026"),
    ],
)
def test_what_came_after_the_months_own_is_explained(
    owner, session, person, employer, kind, paid_on, said, unsaid
):
    factories.make_record(session, person, "2025-09", employer=employer, kind=RecordKind(kind),
                          paid_on=paid_on, recorded_at=NOW)  # fmt: skip
    session.commit()

    main = text(owner, "/record/months/2025-09").partition("<main")[2]
    assert said in main and unsaid not in main


def test_an_unpaid_month_says_what_is_not_paid(owner, session, person, employer):
    factories.make_record(session, person, "2025-12", employer=employer, paid_on=None)

    page = text(owner, "/record/months/2025-12")

    assert "Not paid yet" in page
    assert "CNY 2,400.00" in page
    assert "once it is paid" in page


def test_a_month_whose_shares_are_equal_is_unpaid_until_both_are(owner, session, person, employer):
    shares = {"employer_fen": 80_000, "employee_fen": 80_000, "employer": employer}
    factories.make_record(session, person, "2026-02", paid_on=None, **shares)
    session.commit()

    assert "Not paid yet" in text(owner, "/record/months")


def test_a_flexible_worker_sees_no_share_of_an_employer(owner, session, person):
    factories.make_record(session, person, "2025-12", employer_fen=0, scheme=Scheme.FLEXIBLE)

    assert "Employer’s share" not in text(owner, "/record/months/2025-12")


@pytest.mark.parametrize(
    "path",
    ["/record/1990", "/record/2027", "/record/months/2025-13", "/record/months/2027-01",
     "/record/months/x", "/record/account/1900", "/record/99999"],
)  # fmt: skip
def test_years_and_months_that_cannot_be_are_not_found(owner, path):
    assert owner.get(path).status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_a_page_runs_few_statements_and_weighs_little(owner, full_year, path, statements):
    answer = owner.get(path)

    assert len(statements) <= 8, statements
    assert len(gzip.compress(answer.data)) <= 8 * 1024


@pytest.mark.parametrize("path", PAGES)
def test_nobody_sees_the_record_of_another(client, session, full_year, path, _now):
    sign_in(client, session, factories.make_person(session, name="李四"))

    page = client.get(path).get_data(as_text=True)

    assert "甲公司" not in page
    assert "10,000.00" not in page


def test_a_statement_says_the_record_and_is_the_same_one_on_the_same_day(
    owner, session, full_year, person
):
    first = owner.post("/record/2025/statement")
    again = owner.post("/record/2025/statement")
    paper = owner.get(f"{first.location}.pdf").data
    said = PdfReader(io.BytesIO(paper)).pages[0].extract_text()

    assert (first.status_code, first.location) == (303, again.location)
    for part in ("Statement of social insurance rights", person.name, "December 2025", "52,000.00"):
        assert part in said


def test_a_statement_asked_for_after_a_change_is_a_new_one(owner, session, full_year, person):
    first = owner.post("/record/2025/statement").location
    factories.make_record(
        session, person, "2025-12", kind=RecordKind.ADJUSTMENT, employee_fen=1, paid_on=None
    )
    session.commit()

    assert owner.post("/record/2025/statement").location != first
    assert session.scalar(select(func.count()).select_from(Document)) == 2


def test_there_is_no_statement_of_an_empty_year(owner, session):
    assert owner.post("/record/2024/statement").status_code == 404
    assert session.scalar(select(func.count()).select_from(Document)) == 0


def test_a_chinese_statement_names_every_insurance(owner, full_year):
    owner.set_cookie("language", "zh_Hans")
    address = owner.post("/record/2025/statement").location
    said = PdfReader(io.BytesIO(owner.get(f"{address}.pdf").data)).pages[0].extract_text()

    for part in ("社会保险个人权益记录单", "养老保险", "医疗保险", "失业保险", "工伤保险", "生育保险",
                 "2025年12月", "已缴"):  # fmt: skip
        assert part in said


def test_records_of_every_insurance_are_in_their_order(owner, full_year):
    page = text(owner, "/record/months/2025-01")
    places = [page.index(f'id="{insurance.value}"') for insurance in Insurance]

    assert places == sorted(places)


@pytest.fixture
def second_employer(session, person, employer):
    """Four insurances at one employer, and work injury at a second one as well (Order 13 Art. 9)."""
    other = factories.make_employer(session, name="乙公司")
    for insurance in Insurance:
        factories.make_record(session, person, "2025-12", insurance, employer=employer)
    factories.make_record(
        session,
        person,
        "2025-12",
        Insurance.WORK_INJURY,
        employer=other,
        paid_on=None,
        base_fen=720_000,
        declared_base_fen=500_000,
        employer_fen=2_880,
        employee_fen=0,
    )
    session.commit()
    return other


def test_each_employer_of_a_month_shows_its_own_work_injury(owner, second_employer):
    page = text(owner, "/record/months/2025-12")

    first, second = page.split("<h2>Work injury insurance</h2>")[1:]
    assert page.count("<h2>Pension insurance</h2>") == 1
    assert 'id="work_injury"' in page
    assert 'id="work_injury-2"' in page
    assert "甲公司" in first
    assert "CNY 10,000.00" in first
    assert "乙公司" not in first.split("</section>")[0]
    assert "乙公司" in second
    for shown in ("CNY 7,200.00 (raised to the floor)", "CNY 28.80", "Not paid yet"):
        assert shown in second.split("</section>")[0]


def test_a_month_of_two_employers_adds_up_over_both(owner, session, person, second_employer):
    record = load_month(session, person.id, "2025-12", packs_in_force(session), on=NOW.date())

    rows = session.scalars(select(ContributionRecord)).all()
    assert [one.name for one in record.employers] == ["甲公司", "乙公司"]
    assert record.employer_fen == sum(row.employer_fen for row in rows)
    assert record.employee_fen == sum(row.employee_fen for row in rows)
    assert record.unpaid_fen == 2_880


def test_a_month_moved_to_another_employer_is_one_entry(owner, session, person, employer):
    other = factories.make_employer(session, name="乙公司")
    injury = {"insurance": Insurance.WORK_INJURY, "employee_fen": 0}
    factories.make_record(session, person, "2025-12", employer=employer, **injury)
    factories.make_record(
        session, person, "2025-12", employer=employer, kind=RecordKind.REVERSAL,
        base_fen=-1_000_000, declared_base_fen=-1_000_000, employer_fen=-160_000, **injury,
    )  # fmt: skip
    factories.make_record(
        session, person, "2025-12", employer=other, kind=RecordKind.BACK_PAYMENT, **injury
    )
    session.commit()

    page = text(owner, "/record/months/2025-12")

    assert page.count("<h2>Work injury insurance</h2>") == 1
    assert "Entries that make up this month: 3" in page


def test_a_chinese_page_has_brackets_of_its_script(client, session, _now, person, second_employer):
    sign_in(client, session, person)

    page = text(client, "/record/months/2025-12")

    assert "7,200.00 元（按下限）" in page
