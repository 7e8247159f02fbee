"""Employments, enrolments, bases, records, accounts and benefits of an old system."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import func, select, update

from siweb.collection.books.causes import causeless_rows, claim_imbalances
from siweb.collection.books.imbalance import Scope
from siweb.collection.levy.not_billed import people_without_base
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.levy_run import LevyState
from siweb.ledgers.account.year import load_account
from siweb.ledgers.record.year import load_year
from siweb.ledgers.record.yearly_statement import statement_of
from siweb.ledgers.tables.account_entry import AccountEntry
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.merge_keys import add_alias
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.benefit import Benefit, LifeSign
from siweb.registry.tables.bring_in import BringIn
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.employment import Employment
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.enrolment_claim import EnrolmentClaim
from siweb.rules.contributions.premium import compute_premium
from tests import factories
from tests.bring_in.bring_ins import Clerk, as_csv
from tests.collection.levy.test_adjust import balanced
from tests.conftest import NOW
from tests.levies import BEIJING, MONTH, ON, adjust, levy

EMPLOYMENTS = ("id_number", "uscc", "hired_on", "ended_on", "end_reason", "form", "post")
ENROLMENTS = ("id_number", "insurance", "scheme", "uscc", "from_month", "to_month")
BASES = ("id_number", "uscc", "insurance", "from_month", "declared_base")
RECORDS = (
    "id_number", "month", "insurance", "scheme", "uscc", "declared_base", "base", "employer_share",
    "employee_share", "account_share", "paid_on",
)  # fmt: skip
ACCOUNTS = ("id_number", "year", "kind", "month", "amount", "posted_on")
BENEFITS = (
    "id_number", "kind", "monthly", "from_month", "state", "suspended_from_month", "certified_on",
)  # fmt: skip


@pytest.fixture
def clerk(session):
    factories.make_region(session, BEIJING)
    return Clerk(session, BEIJING)


@pytest.fixture
def person(session, clerk):
    return factories.make_person(session, region_code=BEIJING)


@pytest.fixture
def firm(session, clerk):
    return factories.make_employer(session, region_code=BEIJING)


def places(told):
    return [line.partition(":")[0] for line in told]


def month_of(person, firm, month=MONTH, **values):
    given = {
        "id_number": person.id_number, "month": month, "insurance": "养老保险",
        "scheme": "职工", "uscc": firm.uscc, "declared_base": "10000", "base": "10000",
        "employer_share": "1600", "employee_share": "800", "account_share": "800",
        "paid_on": "2026-09-12",
    } | values  # fmt: skip
    return [given[name] for name in RECORDS]


def test_employments_come_in_once(session, clerk, person, firm):
    listed = as_csv(
        EMPLOYMENTS,
        (person.id_number, firm.uscc, "2019-03-01", "2020-01-31", "辞职", "", ""),
        (person.id_number, firm.uscc, "2021-03-01", "", "", "劳务派遣", "焊工"),
    )

    clerk.bring_in("employments", listed)

    rows = session.scalars(select(Employment).order_by(Employment.hired_on)).all()
    assert [(row.ended_on, row.end_reason, row.form, row.post) for row in rows] == [
        (date(2020, 1, 31), "resigned", "full_time", None),
        (None, None, "dispatch", "焊工"),
    ]
    assert clerk.dry_run("employments", listed).added == 0


def test_employments_that_cannot_be_are_named(session, clerk, person, firm):
    number, code = person.id_number, firm.uscc
    clerk.bring_in("employments", as_csv(EMPLOYMENTS, (number, code, "2019-03-01", *[""] * 4)))

    told = clerk.problems(
        "employments",
        as_csv(
            EMPLOYMENTS,
            (number, code, "2020-03-01", *[""] * 4),
            (number, code, "2018-03-01", "2018-02-01", *[""] * 3),
            (number, code, "2019-03-01", "2019-04-01", *[""] * 3),
            (factories.make_id_number(), factories.make_uscc(), "2019-03-01", *[""] * 4),
        ),
    )

    assert places(told) == [
        "Row 2, hired_on", "Row 3, ended_on", "Row 4, ended_on", "Row 5, id_number", "Row 5, uscc",
    ]  # fmt: skip
    assert "Bring in the people first" in told[3]


def test_enrolments_come_in_with_their_claims(session, clerk, person, firm):
    number = person.id_number
    listed = as_csv(
        ENROLMENTS,
        (number, "养老保险", "职工", firm.uscc, "2019-03", "2020-01"),
        (number, "pension", "flexible", "", "2020-02", ""),
        (number, "工伤保险", "职工", firm.uscc, "2019-03", ""),
    )

    clerk.bring_in("enrolments", listed)

    rows = session.scalars(select(Enrolment).order_by(Enrolment.insurance, Enrolment.from_month))
    assert [
        (row.scheme, row.employer_id, row.to_month, row.insuring_employer_id) for row in rows
    ] == [
        ("employee", firm.id, "2020-01", 0),
        ("flexible", None, None, 0),
        ("employee", firm.id, None, firm.id),
    ]
    assert session.scalar(select(func.count(EnrolmentClaim.person_id))) == 2
    assert not list(claim_imbalances(session, Scope()))
    assert clerk.dry_run("enrolments", listed).added == 0


def test_enrolments_that_cannot_be_are_named(session, clerk, person, firm):
    number = person.id_number
    elsewhere = factories.make_person(session, region_code=BEIJING)
    factories.make_region(session, "310000")
    Clerk(session, "310000").bring_in(
        "enrolments",
        as_csv(ENROLMENTS, (elsewhere.id_number, "养老", "flexible", "", "2019-03", "")),
    )
    clerk.bring_in(
        "enrolments", as_csv(ENROLMENTS, (number, "医疗", "flexible", "", "2019-03", ""))
    )

    told = clerk.problems(
        "enrolments",
        as_csv(
            ENROLMENTS,
            (number, "医疗", "flexible", "", "2018-03", "2019-03"),
            (number, "养老", "flexible", firm.uscc, "2018-03", ""),
            (number, "养老", "职工", "", "2018-03", ""),
            (number, "养老", "flexible", "", "2018-03", "2018-02"),
            (elsewhere.id_number, "养老", "flexible", "", "2020-03", ""),
            (number, "医疗", "flexible", "", "2019-03", "2020-01"),
        ),
    )

    assert places(told) == [
        "Row 2, from_month", "Row 3, uscc", "Row 4, uscc", "Row 5, to_month", "Row 6, to_month",
        "Row 7, to_month",
    ]  # fmt: skip
    assert "in region 310000" in told[4]


def test_a_base_that_was_brought_in_is_billed_by_the_next_levy(session, clerk, person, firm):
    clerk.bring_in(
        "enrolments",
        as_csv(ENROLMENTS, (person.id_number, "养老", "职工", firm.uscc, "2019-03", "")),
    )
    listed = as_csv(BASES, (person.id_number, firm.uscc, "", "2026-01", "10,000.00"))
    clerk.bring_in("bases", listed, declared_base=1_000_000)

    run = levy(session)

    (row,) = session.scalars(select(ContributionRecord))
    assert (row.declared_base_fen, row.levy_run_id) == (1_000_000, run.id)
    assert session.scalars(select(DeclaredBase.origin)).one() == "bring_in"
    assert clerk.dry_run("bases", listed).added == 0
    (told,) = clerk.problems("bases", listed.replace("10,000", "11,000"))
    assert told.startswith(
        "Row 2, declared_base: The register has 10000.00 here, the file 11000.00"
    )
    assert balanced(session)


def test_records_come_in_and_are_adjusted(session, clerk, person, firm):
    listed = as_csv(RECORDS, month_of(person, firm))
    clerk.bring_in("records", listed, rows=1, employer_share=160_000, employee_share=80_000)
    (row,) = session.scalars(select(ContributionRecord))
    assert (row.employer_fen, row.employee_fen, row.account_fen) == (160_000, 80_000, 80_000)
    assert (row.paid_on, row.levy_run_id, row.sequence) == (date(2026, 9, 12), None, 0)
    assert clerk.dry_run("records", listed).added == 0
    # A base that is brought in later does not change what was recorded.
    clerk.bring_in("bases", as_csv(BASES, (person.id_number, firm.uscc, "", "2020-01", "9000")))

    run = adjust(session, months=(MONTH, MONTH))

    terms = packs_in_force(session).parameters(BEIJING, MONTH, as_of=ON)
    due = compute_premium(terms.premium_terms("pension", "employee"), 1_000_000)
    assert run.state is LevyState.ISSUED or due.employer + due.employee == 240_000
    total = func.sum(ContributionRecord.employer_fen + ContributionRecord.employee_fen)
    assert session.scalar(select(total)) == due.employer + due.employee
    assert people_without_base(session, run, page=1) == ([], False)
    assert balanced(session)


def test_what_an_adjustment_of_a_month_comes_to_is_billed(session, clerk, person, firm):
    clerk.bring_in("records", as_csv(RECORDS, month_of(person, firm, employer_share="1000")))

    run = adjust(session, months=(MONTH, MONTH))

    terms = packs_in_force(session).parameters(BEIJING, MONTH, as_of=ON)
    due = compute_premium(terms.premium_terms("pension", "employee"), 1_000_000)
    bill = session.scalars(select(Bill).where(Bill.levy_run_id == run.id)).one()
    assert bill.total_fen == due.employer + due.employee - 180_000
    assert balanced(session)


def test_records_that_cannot_be_are_named(session, clerk, person, firm, monkeypatch):
    clerk.bring_in("records", as_csv(RECORDS, month_of(person, firm, "2026-05")))
    factories.make_enrolment(session, person, employer=firm, from_month="2026-06")
    clerk.bring_in("bases", as_csv(BASES, (person.id_number, firm.uscc, "", "2026-06", "10000")))
    levy(session)

    told = clerk.problems(
        "records",
        as_csv(
            RECORDS,
            month_of(person, firm, MONTH),
            month_of(person, firm, "2026-05", employer_share="1700"),
            month_of(person, firm, "2026-04", insurance="医疗"),
            month_of(person, firm, "2026-04", account_share="2400.01"),
            month_of(person, firm, "2026-03", paid_on="2099-01-01"),
            month_of(person, firm, "2026-02", scheme="flexible"),
            month_of(person, firm, "2026-01", base="-1"),
        ),
    )

    assert places(told) == [
        "Row 2, month", "Row 3, employer_share", "Row 4, account_share", "Row 5, account_share",
        "Row 6, paid_on", "Row 7, uscc", "Row 8, base",
    ]  # fmt: skip


def test_records_brought_in_after_the_first_bills_have_their_cause(session, clerk, person, firm):
    other = factories.make_person(session, region_code=BEIJING)
    factories.make_enrolment(session, other, employer=firm, from_month="2026-06")
    clerk.bring_in("bases", as_csv(BASES, (other.id_number, firm.uscc, "", "2026-06", "10000")))
    levy(session)
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        clerk.bring_in("records", as_csv(RECORDS, month_of(person, firm, "2026-05")))
    assert balanced(session)
    brought = ContributionRecord.levy_run_id.is_(None)

    session.execute(update(ContributionRecord).where(brought).values(employee_fen=1))
    (found,) = causeless_rows(session, Scope())
    assert found.what == "amounts of the file"
    session.execute(update(BringIn).where(BringIn.kind == "records").values(added_rows=2))
    (found,) = causeless_rows(session, Scope())
    assert (found.expected_fen, found.found_fen) == (2, 1)


def test_accounts_come_in_with_their_years(session, clerk, person):
    listed = as_csv(
        ACCOUNTS,
        (person.id_number, "2024", "期初余额", "", "10000.00", ""),
        (person.id_number, "2024", "记入", "2024-01", "800", "2024-02-15"),
        (person.id_number, "2024", "利息", "", "250.5", ""),
        (person.id_number, "2025", "credit", "2025-01", "800", ""),
    )

    clerk.bring_in("accounts", listed, amount=1_185_050)

    year = load_account(session, person.id, 2024)
    assert (year.opening_fen, year.credits_fen, year.interest_fen) == (1_000_000, 80_000, 25_050)
    assert load_account(session, person.id, 2025).closing_fen == 1_185_050
    assert clerk.dry_run("accounts", listed).added == 0
    assert balanced(session)


def test_account_entries_that_cannot_be_are_named(session, clerk, person):
    number = person.id_number
    clerk.bring_in("accounts", as_csv(ACCOUNTS, (number, "2024", "opening", "", "1", "")))

    told = clerk.problems(
        "accounts",
        as_csv(
            ACCOUNTS,
            (number, "2023", "credit", "2023-05", "1", ""),
            (number, "2024", "credit", "", "1", ""),
            (number, "2024", "credit", "2025-01", "1", ""),
            (number, "2024", "interest", "2024-01", "1", ""),
            (number, "1980", "interest", "", "1", ""),
            (number, "2024", "opening", "", "2", ""),
            (number, "2025", "interest", "", "2", "2099-01-01"),
        ),
    )

    assert places(told) == [
        "Row 2, year", "Row 3, month", "Row 4, month", "Row 5, month", "Row 6, year",
        "Row 7, amount", "Row 8, posted_on",
    ]  # fmt: skip
    later = as_csv(ACCOUNTS, (number, "2025", "opening", "", "2", ""))
    clerk.bring_in("accounts", as_csv(ACCOUNTS, (number, "2024", "interest", "", "1", "")))
    assert places(clerk.problems("accounts", later)) == ["Row 2, year"]


def test_accounts_brought_in_after_the_first_bills_have_their_cause(session, clerk, person, firm):
    factories.make_enrolment(session, person, employer=firm, from_month="2026-06")
    clerk.bring_in("bases", as_csv(BASES, (person.id_number, firm.uscc, "", "2026-06", "10000")))
    levy(session)
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        clerk.bring_in(
            "accounts", as_csv(ACCOUNTS, (person.id_number, "2026", "opening", "", "1", ""))
        )
    assert balanced(session)

    session.execute(update(AccountEntry).values(amount_fen=200))
    (found,) = causeless_rows(session, Scope())
    assert (found.what, found.expected_fen, found.found_fen) == ("amounts of the files", 100, 200)


def test_benefits_come_in_with_their_certification(session, clerk, person):
    number = person.id_number
    listed = as_csv(
        BENEFITS,
        (number, "养老金", "3456.70", "2015-04", "暂停", "2026-02", "2025-01-15"),
        (number, "伤残津贴", "500", "2010-04", "", "", "2026-01-15"),
    )

    clerk.bring_in("benefits", listed, monthly=395_670)

    pension, injury = session.scalars(select(Benefit).order_by(Benefit.monthly_fen.desc()))
    assert (pension.kind, pension.state, pension.suspended_from_month) == (
        "pension", "suspended", "2026-02",
    )  # fmt: skip
    assert (injury.state, injury.certified_on, injury.region_code) == (
        "active", date(2026, 1, 15), BEIJING,
    )  # fmt: skip
    assert clerk.dry_run("benefits", listed).added == 0
    told = clerk.problems(
        "benefits",
        as_csv(
            BENEFITS,
            (number, "养老金", "3456.80", "2015-04", "", "", "2025-01-15"),
            (number, "遗属待遇", "1", "2015-04", "", "2026-02", "2025-01-15"),
            (number, "失业保险金", "1", "2015-04", "", "", "2099-01-15"),
        ),
    )
    assert places(told) == [
        "Row 2, monthly", "Row 3, suspended_from_month", "Row 4, certified_on",
    ]  # fmt: skip


def test_signs_of_life_come_in_as_a_list(session, clerk, person):
    headings = ("id_number", "seen_on", "source")
    listed = as_csv(headings, (person.id_number, "2026-10-01", "就医"))

    clerk.bring_in("life_signs", listed)

    (sign,) = session.scalars(select(LifeSign))
    assert (sign.person_id, sign.seen_on, sign.source) == (person.id, date(2026, 10, 1), "medical")
    assert clerk.dry_run("life_signs", listed).added == 0
    (told,) = clerk.problems(
        "life_signs", as_csv(headings, (person.id_number, "2099-10-01", "bank"))
    )
    assert told.startswith("Row 2, seen_on")


def test_the_statement_of_a_year_has_what_was_brought_in(session, clerk, person, firm):
    clerk.bring_in("records", as_csv(RECORDS, month_of(person, firm)))
    clerk.bring_in("accounts", as_csv(ACCOUNTS, (person.id_number, "2026", "opening", "", "1", "")))

    year = load_year(session, person.id, 2026, on=ON)
    statement = str(statement_of(person, year, load_account(session, person.id, 2026), ON))

    assert year.insurances
    assert "80000" in statement or "800.00" in statement


def test_a_joined_registration_gets_nothing_new_and_nothing_twice(session, clerk, person, firm):
    before = as_csv(RECORDS, month_of(person, firm))
    clerk.bring_in("records", before)
    standing = factories.make_person(session, region_code=BEIJING)
    add_alias(session, person.id, standing.id, actor=clerk.actor, at=NOW)

    again = clerk.dry_run("records", before)
    more = as_csv(RECORDS, month_of(person, firm, "2026-07"))

    assert (again.problem_count, again.added) == (0, 0)
    assert "joined with another one" in clerk.problems("records", more)[0]
    of_standing = as_csv(RECORDS, month_of(standing, firm, "2026-07"))
    assert clerk.dry_run("records", of_standing).added == 1
